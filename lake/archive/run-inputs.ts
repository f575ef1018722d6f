import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import type { DataPaths } from "../../lib/paths.js";
import type { RunFileEntry, RunVerdict } from "../../lib/run-types.js";
import { hashOf } from "./hash.js";
import type { ManifestInput } from "./manifest.js";

/** Raw files of a run: what became of what lies in them, and which cannot be archived any more. */
export interface RunInputs {
  readonly inputs: readonly ManifestInput[];
  /** Gone, or changed since the run read them: paths relative to raw/. */
  readonly missing: readonly string[];
}

/** The raw files that a run judged, a zip once for all its members. */
export async function runInputs(paths: DataPaths, judged: readonly RunFileEntry[]): Promise<RunInputs> {
  const found = new Map<string, { statuses: RunFileEntry["status"][]; sha256: string | null }>();
  for (const file of judged) {
    const path = lyingAs(paths, file.path);
    const input = found.get(path) ?? { statuses: [], sha256: path === file.path ? file.sha256 : null };
    input.statuses.push(file.status);
    found.set(path, input);
  }
  const inputs: ManifestInput[] = [];
  const missing: string[] = [];
  for (const [path, { statuses, sha256 }] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const location = join(paths.raw, ...path.split("/"));
    if (await isThere(location, sha256)) inputs.push({ path, statuses: [...new Set(statuses)].sort() });
    else missing.push(path);
  }
  return { inputs, missing };
}

/** Files that this run itself judged: those of its verdict that a job held or that were refused before one. */
export function judgedByRun(
  files: readonly RunFileEntry[],
  verdict: RunVerdict | null,
): readonly RunFileEntry[] {
  if (verdict === null) return files.filter(({ status }) => ["published", "held", "error"].includes(status));
  const worked = new Set(
    verdict.files.filter(({ job, why }) => job !== null || why === "refused").map(({ path }) => path),
  );
  return files.filter(({ path }) => worked.has(path));
}

/** The file in raw/ that a path lies in: itself, or the zip whose member it is. */
function lyingAs(paths: DataPaths, path: string): string {
  const parts = path.split("/");
  for (let length = 1; length < parts.length; length += 1) {
    const prefix = parts.slice(0, length);
    const location = join(paths.raw, ...prefix);
    if (existsSync(location) && lstatSync(location).isFile()) return prefix.join("/");
  }
  return path;
}

async function isThere(location: string, sha256: string | null): Promise<boolean> {
  if (!existsSync(location)) return false;
  return sha256 === null || sha256 === "" || (await hashOf(location)) === sha256;
}
