import type { QuarantineFilter } from "../../quality/quarantine/browse.js";

/** Which quarantined records are to be judged again. */
export interface ReplayRequest {
  readonly filter: QuarantineFilter;
  /** An export that was mended; null = the quarantine as it stands. */
  readonly from: string | null;
  readonly now: Date;
}
