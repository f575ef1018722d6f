import { createWriteStream, existsSync, lstatSync, mkdirSync, realpathSync, utimesSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { type FileEffects, nodeEffects } from "../../lib/effects.js";
import { readJsonIfThere, writeJson } from "../../lib/json-file.js";
import type { DataPaths } from "../../lib/paths.js";
import { hashOf } from "./hash.js";
import { isPublished, type Manifest, type ManifestFile } from "./manifest.js";
import { eachEntry, verifyArchive } from "./read-archive.js";
import { broken } from "./seal.js";

/** What earlier restores put where, so that archives may be restored in any order. */
type Restored = Readonly<Record<string, Version & { readonly sha256: string }>>;
interface Version {
  readonly run: string;
  readonly published: boolean;
}

export interface Restoration {
  readonly run: string;
  /** Paths relative to the data folder. */
  readonly restored: readonly string[];
  /** There already, with the same content. */
  readonly same: readonly string[];
  /** A later version lies there, restored from another archive. */
  readonly newer: readonly string[];
  /** Something else lies there, which no restore put there: it was left as it is. */
  readonly kept: readonly string[];
}

/**
 * Verifies an archive and puts its raw files and reports back. Of several versions of a path the one that was
 * published last wins, in whatever order archives are restored; a file that no restore wrote is never written over.
 * Throws broken_archive before anything is written, file_system.
 */
export async function restoreArchive(
  paths: DataPaths,
  file: string,
  effects: FileEffects = nodeEffects,
): Promise<Restoration> {
  const manifest = await verifyArchive(file);
  const wanted = new Map(
    manifest.files.filter(({ name }) => isPutBack(name)).map((entry) => [entry.name, entry]),
  );
  for (const { name } of manifest.files) assertSafe(paths, file, name);
  const log = join(paths.archive, "restored.json");
  let earlier = readJsonIfThere<Restored>(log) ?? {};
  const result = {
    restored: [] as string[],
    same: [] as string[],
    newer: [] as string[],
    kept: [] as string[],
  };
  await eachEntry(file, async (name, content) => {
    const entry = wanted.get(name);
    const decision = entry === undefined ? null : await decide(paths, earlier, manifest, entry);
    if (entry === undefined || decision !== "restored") {
      for await (const _chunk of content);
      if (decision !== null) result[decision].push(name);
      if (entry !== undefined && decision === "same") earlier = seenAgain(earlier, manifest, entry);
      return;
    }
    const target = join(paths.root, ...name.split("/"));
    mkdirSync(dirname(target), { recursive: true });
    assertInside(paths, file, target);
    const temporary = `${target}.tmp`;
    await pipeline(content, createWriteStream(temporary));
    const seconds = entry.mtime_ms / 1_000;
    utimesSync(temporary, seconds, seconds);
    effects.sync(temporary);
    effects.rename(temporary, target);
    effects.sync(dirname(target));
    earlier = {
      ...earlier,
      [name]: { run: manifest.run, published: rank(manifest, name), sha256: entry.sha256 },
    };
    result.restored.push(name);
  });
  writeJson(log, earlier, effects);
  return { run: manifest.run, ...result };
}

/** Raw input and reports; the rest of an archive (page, alert, exports, run file) is there to be looked at. */
function isPutBack(name: string): boolean {
  return name.startsWith("raw/") || name.startsWith("quality/validation_report_");
}

async function decide(
  paths: DataPaths,
  earlier: Restored,
  manifest: Manifest,
  entry: ManifestFile,
): Promise<"restored" | "same" | "newer" | "kept"> {
  const target = join(paths.root, ...entry.name.split("/"));
  if (!existsSync(target)) return "restored";
  const there = await hashOf(target);
  const known = earlier[entry.name];
  const mine = { run: manifest.run, published: rank(manifest, entry.name) };
  if (there === entry.sha256) return "same";
  if (known === undefined || known.sha256 !== there) return "kept";
  return wins(mine, known) ? "restored" : "newer";
}

/** The same content in a later archive: an older version must not come after it. */
function seenAgain(earlier: Restored, manifest: Manifest, { name, sha256 }: ManifestFile): Restored {
  const known = earlier[name];
  const mine = { run: manifest.run, published: rank(manifest, name), sha256 };
  return known !== undefined && wins(mine, known) ? { ...earlier, [name]: mine } : earlier;
}

function wins(mine: Version, known: Version): boolean {
  return mine.published === known.published ? mine.run > known.run : mine.published;
}

/** Whether this run published the input: a held version never replaces a published one. Reports go by their run. */
function rank(manifest: Manifest, name: string): boolean {
  const input = manifest.inputs.find(({ path }) => `raw/${path}` === name);
  return input === undefined || isPublished(input);
}

const tops: ReadonlySet<string> = new Set(["raw", "quality", "quarantine", "processed"]);

/** Names come from the archive: none may lead out of its folder. */
function assertSafe(paths: DataPaths, file: string, name: string): void {
  const parts = name.split("/");
  const isOdd = parts.some((part) => part === "" || part === "." || part === ".." || part.includes("\0"));
  const isReport = name.startsWith("quality/validation_report_");
  if (isOdd || parts.length < 2 || !tops.has(parts[0] ?? "") || (isReport && parts.length !== 2))
    throw broken(file, `it names ${JSON.stringify(name)}, which no archive of ours does`);
  if (isPutBack(name)) assertInside(paths, file, join(paths.root, ...parts));
}

/** No folder on the way may be a link that leads out. */
function assertInside(paths: DataPaths, file: string, target: string): void {
  let folder = dirname(target);
  while (!existsSync(folder)) folder = dirname(folder);
  if (!existsSync(paths.root)) return;
  const root = realpathSync(paths.root);
  const real = realpathSync(folder);
  const inside = real === root || real.startsWith(root + sep) || root.startsWith(real + sep);
  const isLink = existsSync(target) && lstatSync(target).isSymbolicLink();
  if (!inside || isLink) throw broken(file, `${target} would be written outside of ${paths.root}`);
}
