import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { decodePath } from "./log-actions.js";
import type { Snapshot } from "./snapshot.js";

/**
 * Remove the Parquet files of a table that no version since `keepFrom` (ms) names: tombstones older than that, and
 * files older than that which no log ever named. Returns their paths.
 */
export function vacuum(
  snapshot: Snapshot,
  keepFrom: number,
  effects: FileEffects = nodeEffects,
): readonly string[] {
  if (snapshot.version < 0 || !existsSync(snapshot.folder)) return [];
  const named = new Set(snapshot.files.map((file) => file.absolute));
  for (const remove of snapshot.tombstones) {
    if ((remove.deletionTimestamp ?? 0) >= keepFrom) {
      named.add(join(snapshot.folder, decodePath(remove.path)));
    }
  }
  const gone: string[] = [];
  for (const entry of readdirSync(snapshot.folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(snapshot.folder, file);
    if (!entry.isFile() || !entry.name.endsWith(".parquet") || path.startsWith("_") || named.has(file))
      continue;
    if (statSync(file).mtimeMs >= keepFrom) continue;
    effects.unlink(file);
    gone.push(path);
  }
  return gone;
}
