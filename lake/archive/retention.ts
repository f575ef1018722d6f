import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type FileEffects, nodeEffects } from "../../lib/effects.js";
import type { DataPaths } from "../../lib/paths.js";

const DAY_MS = 86_400_000;

/** How many, and for how many days; 0 keeps all. */
export interface Keep {
  readonly count: number;
  readonly days: number;
}

const archiveName = /^archive_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(?:_(\d+))?\.tar\.gz$/;

/** Removes archives beyond the newest `count` and those older than `days`. Returns their names. */
export function pruneArchives(
  paths: DataPaths,
  keep: Keep,
  now: number,
  effects: FileEffects = nodeEffects,
): readonly string[] {
  const archives = namesIn(paths.archive)
    .flatMap((name) => {
      const match = archiveName.exec(name);
      if (match === null) return [];
      const [year, month, day, hour, minute, nth] = match.slice(1).map(Number);
      const at = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute);
      return [{ name, at, nth: Number.isNaN(nth ?? Number.NaN) ? 1 : (nth ?? 1) }];
    })
    .sort((a, b) => b.at - a.at || b.nth - a.nth);
  return removeAll(
    paths.archive,
    archives
      .filter(
        ({ at }, index) =>
          (keep.count > 0 && index >= keep.count) || (keep.days > 0 && at < now - keep.days * DAY_MS),
      )
      .map(({ name }) => name),
    effects,
  );
}

/** Removes run files beyond the newest `count`; 0 keeps all. */
export function pruneRunFiles(
  paths: DataPaths,
  count: number,
  effects: FileEffects = nodeEffects,
): readonly string[] {
  return pruneByName(paths.runs, /^\d{8}T\d{6}Z-[0-9a-f]{4}\.json$/, count, effects);
}

/** Removes logs of runs beyond the newest `count`; 0 keeps all. */
export function pruneLogs(
  folder: string,
  count: number,
  effects: FileEffects = nodeEffects,
): readonly string[] {
  return pruneByName(folder, /^pipeline_\d{8}T\d{6}Z-[0-9a-f]{4}\.log$/, count, effects);
}

/** Names begin with the time of their run, so that their order is that of time. */
function pruneByName(
  folder: string,
  pattern: RegExp,
  count: number,
  effects: FileEffects,
): readonly string[] {
  if (count <= 0) return [];
  const names = namesIn(folder).filter((name) => pattern.test(name));
  return removeAll(folder, names.sort().slice(0, -count), effects);
}

function removeAll(folder: string, names: readonly string[], effects: FileEffects): readonly string[] {
  for (const name of names) effects.unlink(join(folder, name));
  return names;
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
