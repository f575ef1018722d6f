import type { FeedProfile, Finding } from "./handover/findings.js";
import type { PlannedFile } from "./plan-types.js";
import type { RunFileEntry } from "./run-file-types.js";

/** Check's decision for one file: the run-file entry with what publish and the ledger need. */
export interface FileVerdict extends RunFileEntry {
  readonly contract_hash: string;
  readonly threshold: number;
  /** Job that worked on it in this run; null if none did. */
  readonly job: string | null;
  readonly why: PlannedFile["why"];
  readonly message: string | null;
  readonly twin_of: string | null;
  /** True when its rows in the quarantine table are to be replaced by this run's. */
  readonly rejudged: boolean;
}

/** `verdict.json`. */
export interface RunVerdict {
  readonly run: string;
  readonly as_of: string;
  readonly files: readonly FileVerdict[];
  /** Staged accepted Parquet a source, absolute; hold also rows of files that are not published: filter on `_file`. */
  readonly accepted: Readonly<Record<string, readonly string[]>>;
  readonly quarantined: readonly string[];
  readonly findings: readonly Finding[];
  readonly disagreements: number;
  readonly unclaimed: readonly string[];
  /** Feed → what its files looked like; publish copies it into the run file, later runs compare with it. */
  readonly profiles: Readonly<Record<string, FeedProfile>>;
}
