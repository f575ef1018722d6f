import type { RunFile } from "../../lib/run-types.js";
import type { FileReport } from "../inputs/file-report.js";
import type { TrendPoint } from "../inputs/history.js";
import type { Figure } from "./sections/business.js";

/** Everything that a dashboard is made of; the page is a pure function of it. */
export interface DashboardInput {
  readonly run: RunFile;
  /** Reports by path. */
  readonly reports: ReadonlyMap<string, FileReport>;
  /** Earlier runs, oldest first, and this one last. */
  readonly trend: readonly TrendPoint[];
  /** Earlier run files, oldest first; at least the last one where there is one. */
  readonly earlier: readonly RunFile[];
  readonly stages: RunFile["stages"];
  readonly thresholds: Readonly<Record<string, number>>;
  /** What every command on the page carries, such as ` --data-dir /srv/shop`. */
  readonly flags: string;
  /** The business view, drawn. */
  readonly figures: readonly Figure[];
}
