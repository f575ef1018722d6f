import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../lib/errors.js";
import { globs } from "./claims.js";
import { headOfMember, type InflateBounds, inflateMember, type ZipEntry } from "./inflate-member.js";

const COMMENT_MAX = 65_557;

export interface ZipBounds extends InflateBounds {
  /** Most members; a zip with more is refused as a whole. */
  readonly members: number;
}

export type ZipMember =
  | { readonly name: string; readonly sha256: string; readonly size: number; readonly file: string }
  | { readonly name: string; readonly refused: string; readonly size: number; readonly head_base64: string };

/** What one zip holds, by content alone. */
export type ZipContent =
  | {
      readonly kind: "members";
      readonly members: readonly ZipMember[];
      readonly unclaimed: readonly string[];
    }
  | { readonly kind: "refused"; readonly message: string };

/**
 * List and hash the members that match the globs, guarded; unpacked copies go into `folder` under
 * `memberFile` names when it is given.
 */
export async function readZip(
  zip: string,
  patterns: readonly string[],
  bounds: ZipBounds,
  folder: string | null,
): Promise<ZipContent> {
  const directory = await readDirectory(zip);
  if (typeof directory === "string") return { kind: "refused", message: directory };
  const entries = directory.filter((entry) => !entry.path.endsWith("/"));
  if (entries.length > bounds.members)
    return {
      kind: "refused",
      message: `holds ${entries.length} members, max_files allows ${bounds.members}`,
    };
  const seen = new Set<string>();
  const twice = entries.find((entry) => seen.size === seen.add(entry.path).size);
  if (twice !== undefined)
    return { kind: "refused", message: `holds two members named ${JSON.stringify(twice.path)}` };

  const matches = globs(patterns);
  const members: ZipMember[] = [];
  const unclaimed: string[] = [];
  if (folder !== null) mkdirSync(folder, { recursive: true });
  for (const [index, entry] of entries.entries()) {
    const fault = nameFault(entry);
    if (fault === null && isJunk(entry.path)) continue;
    if (fault === null && !matches(entry.path.replace(/^(\.\/)+/, ""))) unclaimed.push(entry.path);
    else members.push(await readMember(zip, entry, memberFile(index), fault, bounds, folder));
  }
  return { kind: "members", members, unclaimed };
}

/** Unpack the named members again, into `folder`; name → file of those that came out as before. */
export async function unpackMembers(
  zip: string,
  names: ReadonlySet<string>,
  bounds: ZipBounds,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const directory = await readDirectory(zip);
  const unpacked = new Map<string, string>();
  if (typeof directory === "string") return unpacked;
  mkdirSync(folder, { recursive: true });
  for (const [index, entry] of directory.filter((e) => !e.path.endsWith("/")).entries()) {
    if (!names.has(entry.path)) continue;
    const target = join(folder, memberFile(index));
    const result = await inflateMember(zip, entry, bounds, target);
    if (result.outcome === "inflated") unpacked.set(entry.path, target);
  }
  return unpacked;
}

/** Generated name of an unpacked member: what the data calls it is never a path of ours. */
function memberFile(index: number): string {
  return `m${String(index).padStart(5, "0")}`;
}

async function readMember(
  zip: string,
  entry: ZipEntry,
  file: string,
  fault: string | null,
  bounds: ZipBounds,
  folder: string | null,
): Promise<ZipMember> {
  const refused = (message: string, head: Buffer): ZipMember => ({
    name: entry.path,
    refused: message,
    size: entry.compressedSize,
    head_base64: head.toString("base64"),
  });
  if (fault !== null) return refused(fault, await headOfMember(zip, entry));
  const result = await inflateMember(zip, entry, bounds, folder && join(folder, file));
  if (result.outcome === "refused") return refused(result.message, result.head);
  return { name: entry.path, sha256: result.sha256, size: result.size, file };
}

/** Its types leave the options out. */
type OpenFile = (zip: string, options: { tailSize: number }) => Promise<{ readonly files: unknown }>;

/** The directory, or the sentence why there is none. */
async function readDirectory(zip: string): Promise<readonly ZipEntry[] | string> {
  const { Open } = await import("unzipper");
  let message = "";
  // the end record is looked for behind a short comment first, then behind the longest there can be
  for (const tailSize of [80, COMMENT_MAX]) {
    try {
      return (await (Open.file as OpenFile)(zip, { tailSize })).files as readonly ZipEntry[];
    } catch (error) {
      message = messageOf(error);
    }
  }
  return `is no zip, or cut short (${message})`;
}

/** Why the name or kind of a member alone refuses it; null = it does not. */
function nameFault(entry: ZipEntry): string | null {
  const { path } = entry;
  const mode = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (mode === 0o120000) return "is a link";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.includes("\\") || path.includes("\0"))
    return "has an absolute path or one with signs that no member may have";
  if (path.split("/").includes("..")) return "has a path that climbs out of the zip";
  return (entry.flags & 1) === 1 ? "is encrypted" : null;
}

/** What packers add of themselves. */
function isJunk(path: string): boolean {
  return path.startsWith("__MACOSX/") || path.split("/").some((part) => /^\.[^.]/.test(part));
}
