import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GristmillError, messageOf, systemCode } from "../lib/errors.js";
import type { Action } from "./log-actions.js";

/** What lies in a table's `_delta_log`. */
export interface LogListing {
  readonly folder: string;
  /** Versions that have a JSON commit, ascending. */
  readonly commits: readonly number[];
  /** Complete checkpoints, ascending by version; a checkpoint may have several parts. */
  readonly checkpoints: readonly { readonly version: number; readonly parts: readonly string[] }[];
  /** Log compactions of Delta Lake that begin with version 0, ascending by the last version that they hold. */
  readonly compactions: readonly { readonly version: number; readonly file: string }[];
}

export function logFolder(tableFolder: string): string {
  return join(tableFolder, "_delta_log");
}

export function commitFile(tableFolder: string, version: number): string {
  return join(logFolder(tableFolder), `${versionName(version)}.json`);
}

export function versionName(version: number): string {
  return String(version).padStart(20, "0");
}

/** List a log; a table that does not exist has an empty one. Throws file_system. */
export function listLog(tableFolder: string): LogListing {
  const folder = logFolder(tableFolder);
  const commits: number[] = [];
  const compactions: { version: number; file: string }[] = [];
  const parts = new Map<number, { files: string[]; expected: number }>();
  for (const name of namesIn(folder)) {
    const commit = /^(\d{20})\.json$/.exec(name);
    const checkpoint = /^(\d{20})\.checkpoint(?:\.\d{10}\.(\d{10}))?\.parquet$/.exec(name);
    const compaction = /^0{20}\.(\d{20})\.compacted\.json$/.exec(name);
    if (commit !== null) commits.push(Number(commit[1]));
    else if (compaction !== null)
      compactions.push({ version: Number(compaction[1]), file: join(folder, name) });
    else if (checkpoint !== null) {
      const entry = parts.get(Number(checkpoint[1])) ?? { files: [], expected: 0 };
      entry.files.push(join(folder, name));
      entry.expected = Number(checkpoint[2] ?? 1);
      parts.set(Number(checkpoint[1]), entry);
    }
  }
  const checkpoints = [...parts]
    .filter(([, entry]) => entry.files.length === entry.expected)
    .map(([version, entry]) => ({ version, parts: entry.files.sort() }))
    .sort((a, b) => a.version - b.version);
  return {
    folder,
    commits: commits.sort((a, b) => a - b),
    checkpoints,
    compactions: compactions.sort((a, b) => a.version - b.version),
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw new GristmillError("file_system", `cannot list ${folder}: ${messageOf(error)}`, { cause: error });
  }
}

/** The newest version that a listing knows; -1 when there is no table. */
export function newestVersion(log: LogListing): number {
  return Math.max(log.commits.at(-1) ?? -1, log.checkpoints.at(-1)?.version ?? -1);
}

/** The text of one commit, or null when that version is not there. */
export function readCommitText(tableFolder: string, version: number): string | null {
  const file = commitFile(tableFolder, version);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw new GristmillError("file_system", `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** The actions of a log compaction. Throws bad_table, file_system. */
export function readCompaction(file: string): readonly Action[] {
  try {
    return parseActions(readFileSync(file, "utf8"), file);
  } catch (error) {
    if (systemCode(error) === null) throw error;
    throw new GristmillError("file_system", `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** The actions of one commit. Throws bad_table when it is torn or missing. */
export function readCommit(tableFolder: string, version: number): readonly Action[] {
  const text = readCommitText(tableFolder, version);
  if (text === null)
    throw new GristmillError(
      "bad_table",
      `${commitFile(tableFolder, version)} is missing; restore it from a backup`,
    );
  return parseActions(text, commitFile(tableFolder, version));
}

export function parseActions(text: string, file: string): readonly Action[] {
  try {
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as Action);
  } catch (error) {
    throw new GristmillError("bad_table", `${file} is no Delta commit: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
