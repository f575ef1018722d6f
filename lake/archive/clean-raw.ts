import { join } from "node:path";
import type { FileEffects } from "../../lib/effects.js";
import type { DataPaths } from "../../lib/paths.js";
import type { RunFileEntry } from "../../lib/run-types.js";
import { hashOf } from "./hash.js";
import type { Manifest, ManifestInput } from "./manifest.js";

/**
 * Removes the raw files that are wholly published: every record that could be read is in the tables, and the archive
 * holds the very bytes. A zip goes when none of its members waits or is held. Returns their paths.
 */
export async function cleanRaw(
  paths: DataPaths,
  files: readonly RunFileEntry[],
  archived: Manifest,
  effects: FileEffects,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const input of archived.inputs) {
    if (!isWhollyPublished(input, files)) continue;
    const kept = archived.files.find(({ name }) => name === `raw/${input.path}`);
    const location = join(paths.raw, ...input.path.split("/"));
    // written to since: what came after the run is not in the archive
    if (kept === undefined || (await hashOf(location)) !== kept.sha256) continue;
    effects.unlink(location);
    removed.push(input.path);
  }
  return removed;
}

function isWhollyPublished(input: ManifestInput, files: readonly RunFileEntry[]): boolean {
  const members = files.filter(({ path }) => path === input.path || path.startsWith(`${input.path}/`));
  return (
    members.some(({ status }) => status === "published") &&
    members.every(({ status }) => status === "published" || status === "skipped")
  );
}
