import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "./errors.js";

/** Most file systems allow names of 255 bytes; the temporary name of an atomic write needs some of them. */
const LONGEST_NAME = 220;

/**
 * Absolute file of a path's report in `folder`: `validation_report_<path with / as __>.json`. Where that name is
 * too long, or holds the report of another path (`a/b` and `a__b`), it ends in a hash of its own path.
 */
export function reportFile(folder: string, path: string): string {
  const plain = `validation_report_${path.replaceAll("/", "__")}.json`;
  if (Buffer.byteLength(plain) <= LONGEST_NAME) {
    const file = join(folder, plain);
    const owner = ownerOf(file);
    if (owner === null || owner === path) return file;
  }
  const hash = createHash("sha256").update(path).digest("hex").slice(0, 16);
  const stem = cutBytes(plain.slice(0, -".json".length), LONGEST_NAME - 22);
  return join(folder, `${stem}-${hash}.json`);
}

/** Path that a report is about; null where there is none, or one that was torn and may be written over. */
function ownerOf(file: string): string | null {
  try {
    const report = JSON.parse(readFileSync(file, "utf8")) as { readonly path?: string };
    return report.path ?? null;
  } catch (error) {
    if (systemCode(error) === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The longest start of a text within a number of UTF-8 bytes, cut between characters. */
function cutBytes(text: string, most: number): string {
  let bytes = 0;
  let start = "";
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    start += character;
  }
  return start;
}
