import { join } from "node:path";
import { openLog, type RunLog } from "../lib/logging.js";
import type { DataPaths } from "../lib/paths.js";

/** The log of a run: in GRISTMILL_LOG_DIR, which the master sets, else in the data folder's logs/. */
export function openRunLog(paths: DataPaths, run: string, stage: string): RunLog {
  return openLog(process.env["GRISTMILL_LOG_DIR"] ?? join(paths.root, "logs"), run, stage);
}
