import type { DataPaths } from "../lib/paths.js";
import { listLog, readCommit } from "./log-files.js";

/** One version of a table and who made it. */
export interface TableVersion {
  readonly version: number;
  /** Id of the Gristmill run; null for another engine's. */
  readonly run: string | null;
  readonly operation: string | null;
  readonly timestamp: number | null;
}

/** The versions of a table whose commits are still there, oldest first. Throws bad_table, file_system. */
export function tableVersions(paths: DataPaths, table: string): readonly TableVersion[] {
  const folder = paths.table(table);
  return listLog(folder).commits.map((version) => {
    const info = readCommit(folder, version).find((action) => action.commitInfo)?.commitInfo;
    return {
      version,
      run: info?.run ?? null,
      operation: info?.operation ?? null,
      timestamp: info?.timestamp ?? null,
    };
  });
}
