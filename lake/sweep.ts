import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import type { DataPaths } from "../lib/paths.js";
import { TEMPORARY_PREFIX } from "./durable.js";
import { logFolder } from "./log-files.js";
import { listTables } from "./tables.js";

/**
 * Remove what killed processes left and no plan names: staging folders but those to keep, and temporary files beside
 * commits, plans and reports. The caller holds the lock. Returns what went, relative to the data folder.
 */
export function sweep(
  paths: DataPaths,
  keep: readonly string[],
  effects: FileEffects = nodeEffects,
): readonly string[] {
  const gone: string[] = [];
  for (const name of namesIn(paths.staging)) {
    if (keep.includes(name)) continue;
    effects.remove(join(paths.staging, name));
    gone.push(`staging/${name}`);
  }
  const logs = listTables(paths).map((table) => logFolder(paths.table(table)));
  for (const folder of [...logs, paths.commits, paths.runs, paths.quality, paths.exports, paths.archive]) {
    for (const name of namesIn(folder).filter(isTemporary)) {
      effects.remove(join(folder, name));
      gone.push(join(folder, name).slice(paths.root.length + 1));
    }
  }
  return gone;
}

/** Names of unfinished files: ours beside commits, and those of atomic writes (`<file>.tmp-<pid>`). */
function isTemporary(name: string): boolean {
  return name.startsWith(TEMPORARY_PREFIX) || /\.tmp-\d+$/.test(name);
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
