import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { messageOf } from "../lib/errors.js";
import type { DataPaths } from "../lib/paths.js";

/** `<file>.done` beside a published file: for people, never read. */
export interface DoneMark {
  /** Relative to raw/. */
  readonly file: string;
  readonly run: string;
  /** Hash of the file; null for a zip, whose members have hashes of their own. */
  readonly sha256: string | null;
  readonly members?: Readonly<Record<string, string>>;
}

/** Marks for published files; members of one zip share a mark beside the zip. */
export function doneMarks(
  paths: DataPaths,
  run: string,
  published: readonly { readonly path: string; readonly sha256: string }[],
): readonly DoneMark[] {
  const marks: DoneMark[] = [];
  const zips = new Map<string, Record<string, string>>();
  for (const { path, sha256 } of published) {
    const zip = containerOf(paths, path);
    if (zip === null) {
      marks.push({ file: path, run, sha256 });
      continue;
    }
    const members = zips.get(zip) ?? {};
    members[path.slice(zip.length + 1)] = sha256;
    zips.set(zip, members);
  }
  for (const [file, members] of zips) marks.push({ file, run, sha256: null, members });
  return marks;
}

/** The zip that a member's path names, or null for a file that lies in raw/ itself. */
function containerOf(paths: DataPaths, path: string): string | null {
  const parts = path.split("/");
  for (let length = 1; length < parts.length; length += 1) {
    const prefix = parts.slice(0, length);
    const file = join(paths.raw, ...prefix);
    if (!existsSync(file)) return null;
    if (statSync(file).isFile()) return prefix.join("/");
  }
  return null;
}

/** Write the marks. raw/ may be read-only: what could not be written comes back as warnings. */
export function writeDoneMarks(
  paths: DataPaths,
  marks: readonly DoneMark[],
  effects: FileEffects = nodeEffects,
): readonly string[] {
  const warnings: string[] = [];
  for (const { file, ...content } of marks) {
    const target = join(paths.raw, ...file.split("/"));
    if (!existsSync(target)) continue;
    try {
      const { run, sha256, members } = content;
      effects.write(`${target}.done`, `${JSON.stringify({ run, sha256: sha256 ?? undefined, members })}\n`);
    } catch (error) {
      warnings.push(`cannot write ${target}.done: ${messageOf(error)}`);
    }
  }
  return warnings;
}
