import { readFileSync, statSync, utimesSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Engine } from "../engines/engine.js";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import type { DataPaths } from "../lib/paths.js";
import { readCheckpoint } from "./checkpoint-read.js";
import { writeCheckpoint } from "./checkpoint-write.js";
import { TEMPORARY_PREFIX } from "./durable.js";
import type { Action, Add } from "./log-actions.js";
import { commitFile, type LogListing, listLog, logFolder, newestVersion } from "./log-files.js";
import { openTable, type Snapshot } from "./snapshot.js";
import { statsWithout } from "./stats-without.js";

/**
 * Files of a table's log whose statistics hold the least or greatest value of one of these columns.
 * Throws bad_table, file_system.
 */
export async function logsWithBounds(
  paths: DataPaths,
  table: string,
  names: ReadonlySet<string>,
): Promise<readonly string[]> {
  const folder = paths.table(table);
  const log = listLog(folder);
  const found = jsonFiles(folder, log).filter((file) => {
    const text = readFileSync(file, "utf8");
    return cleanText(text, names) !== text;
  });
  for (const { parts } of log.checkpoints) {
    const actions = await readCheckpoint(parts);
    if (actions.some(({ add }) => add && cleanAdd(add, names) !== add)) found.push(...parts);
  }
  return found;
}

/**
 * Take such values out of a table's log: commits and log compactions are written anew, each under a temporary name and
 * then in its place, with all else as it was, so that every version can still be opened; a new checkpoint takes the
 * place of the older ones, as long as the commits reach back to the first. Killed in between, the next call goes on.
 * The caller holds the lock, and no commit plan waits. Returns how many log files were cleaned. Throws bad_table,
 * file_system.
 */
export async function cleanStatistics(
  engine: Engine,
  paths: DataPaths,
  table: string,
  options: {
    readonly names: ReadonlySet<string>;
    readonly keepFrom: number;
    readonly tempFolder: string;
    readonly effects?: FileEffects;
  },
): Promise<number> {
  const { names, effects = nodeEffects } = options;
  const dirty = await logsWithBounds(paths, table, names);
  if (dirty.length === 0) return 0;
  const folder = paths.table(table);
  const log = listLog(folder);
  for (const file of jsonFiles(folder, log).filter((one) => dirty.includes(one)))
    replace(file, cleanText(readFileSync(file, "utf8"), names), effects);
  const snapshot = cleanSnapshot(await openTable(paths, table), names);
  await writeCheckpoint(engine, snapshot, options);
  if (log.commits.length === newestVersion(log) + 1)
    for (const { version, parts } of log.checkpoints)
      if (version < snapshot.version) for (const part of parts) effects.unlink(part);
  effects.sync(logFolder(folder));
  return dirty.length;
}

/** Commits and log compactions. */
function jsonFiles(folder: string, log: LogListing): readonly string[] {
  return [
    ...log.commits.map((version) => commitFile(folder, version)),
    ...log.compactions.map(({ file }) => file),
  ];
}

/** A line of a log without such bounds; the line itself where it has none. */
function cleanLine(line: string, names: ReadonlySet<string>): string {
  if (!line.includes('"add"')) return line;
  const action = JSON.parse(line) as Action;
  const add = action.add === undefined || action.add === null ? null : cleanAdd(action.add, names);
  return add === null || add === action.add ? line : JSON.stringify({ ...action, add });
}

function cleanText(text: string, names: ReadonlySet<string>): string {
  return text
    .split("\n")
    .map((line) => cleanLine(line, names))
    .join("\n");
}

function cleanAdd(add: Add, names: ReadonlySet<string>): Add {
  if (typeof add.stats !== "string") return add;
  const stats = statsWithout(add.stats, names);
  return stats === add.stats ? add : { ...add, stats };
}

function cleanSnapshot(snapshot: Snapshot, names: ReadonlySet<string>): Snapshot {
  const adds = new Map([...snapshot.state.adds].map(([path, add]) => [path, cleanAdd(add, names)] as const));
  return { ...snapshot, state: { ...snapshot.state, adds } };
}

/** Other engines tell the time of a version by its file's: it stays. */
function replace(file: string, text: string, effects: FileEffects): void {
  const temporary = join(dirname(file), `${TEMPORARY_PREFIX}${basename(file)}`);
  const { atime, mtime } = statSync(file);
  effects.write(temporary, text);
  utimesSync(temporary, atime, mtime);
  effects.sync(temporary);
  effects.rename(temporary, file);
}
