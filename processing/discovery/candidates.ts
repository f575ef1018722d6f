import { join } from "node:path";
import type { Config, FeedConfig } from "../../lib/config-types.js";
import type { Candidate } from "./candidate.js";
import type { Claim } from "./claims.js";
import type { HashCache } from "./hash-cache.js";
import { hashFile, headOf } from "./hash-file.js";
import { completeName, type RawFile } from "./walk.js";
import { readZip, type ZipBounds, type ZipContent } from "./zip-content.js";

/** A file this fresh when it was hashed may change again within one tick of the file system's clock. */
const TICK_MS = 100;

export interface Found {
  readonly candidates: readonly Candidate[];
  readonly unclaimed: readonly string[];
  /** The cache as it stands now: what is no longer there is forgotten. */
  readonly cache: HashCache;
}

export interface FindOptions {
  readonly config: Config;
  readonly claim: Claim;
  readonly cache: HashCache;
  /** Distrust the cache. */
  readonly rehash: boolean;
  /** Sources to look at; all where it is empty. */
  readonly sources: readonly string[];
  readonly now: number;
  /** Where members are unpacked while they are hashed; null = nowhere. */
  readonly unpackInto: string | null;
}

/** Which feed claims what, and the hash of each. */
export async function findCandidates(files: readonly RawFile[], options: FindOptions): Promise<Found> {
  const candidates: Candidate[] = [];
  const unclaimed: string[] = [];
  const hashed: Record<string, HashCache["files"][string]> = {};
  const zips: Record<string, ZipContent> = {};
  for (const file of files) {
    const feed = options.claim(file.partial ? completeName(file.path) : file.path);
    if (feed === null) {
      if (!file.partial) unclaimed.push(file.path);
      continue;
    }
    if (options.sources.length > 0 && !options.sources.includes(feed.source)) {
      const known = options.cache.files[file.path];
      if (known !== undefined) hashed[file.path] = known;
      continue;
    }
    const candidate = fingerprint(file, feed, options);
    if (!candidate.waiting && candidate.fault === null && options.now - file.mtimeMs > TICK_MS) {
      const { size, mtimeMs, inode } = file;
      hashed[file.path] = { size, mtime_ms: mtimeMs, inode, sha256: candidate.sha256 };
    }
    if (!/\.zip$/i.test(file.path) || candidate.waiting || candidate.fault !== null) {
      candidates.push(candidate);
      continue;
    }
    const content = await contentOf(candidate, options);
    zips[content.key] = content.value;
    const members = membersOf(candidate, content);
    candidates.push(...members.candidates);
    unclaimed.push(...members.unclaimed);
  }
  return { candidates, unclaimed, cache: { files: hashed, zips: { ...keptZips(options, hashed), ...zips } } };
}

/** With --source, zips of other sources were not looked at: what is known of them stays. */
function keptZips(options: FindOptions, hashed: HashCache["files"]): HashCache["zips"] {
  const alive = new Set(Object.values(hashed).map((file) => file.sha256));
  return Object.fromEntries(
    Object.entries(options.cache.zips).filter(([key]) => alive.has(key.split(" ")[0] ?? "")),
  );
}

function fingerprint(file: RawFile, feed: FeedConfig, options: FindOptions): Candidate {
  const { path, size, mtimeMs, inode, location } = file;
  const base = { path, feed, size, mtimeMs, inode, location, member: null, sha256: "", fault: null };
  if (file.escapes) {
    const message = "is a link that leads out of raw/, or to no file: put the file itself there";
    return { ...base, waiting: false, fault: { message, head_base64: "" } };
  }
  const age = options.now - mtimeMs;
  const settleMs = options.config.settings.settle_seconds * 1_000;
  // a file dated ahead of the clock, be it by a part of a millisecond, is no reason to wait for ever
  if (file.partial || (settleMs > 0 && Math.abs(age) < settleMs)) return { ...base, waiting: true };
  const known = options.cache.files[path];
  const same = known?.size === size && known.mtime_ms === mtimeMs && known.inode === inode;
  if (same && !options.rehash) return { ...base, sha256: known.sha256, waiting: false };
  const hash = hashFile(location);
  if (hash.outcome !== "hashed") return { ...base, waiting: true };
  return { ...base, sha256: hash.sha256, waiting: false };
}

interface NamedContent {
  readonly key: string;
  readonly value: ZipContent;
  /** Folder that holds the members, unpacked just now; null when the cache knew them. */
  readonly folder: string | null;
}

async function contentOf(zip: Candidate, options: FindOptions): Promise<NamedContent> {
  const bounds = zipBounds(options.config);
  const key = `${zip.sha256} ${JSON.stringify([bounds, zip.feed.members])}`;
  const known = options.cache.zips[key];
  if (known !== undefined) return { key, value: known, folder: null };
  const folder = options.unpackInto === null ? null : unpackFolder(options.unpackInto, zip.sha256);
  const value = await readZip(zip.location ?? "", zip.feed.members, bounds, folder);
  return { key, value, folder };
}

/** Bounds of what a zip may hold, from the settings. */
export function zipBounds(config: Config): ZipBounds {
  const { max_files, max_inflated_mb, max_inflate_ratio } = config.settings;
  return { members: max_files, bytes: max_inflated_mb * 1_048_576, ratio: max_inflate_ratio };
}

/** Where the members of a zip are unpacked: a generated name. */
export function unpackFolder(into: string, zipHash: string): string {
  return join(into, `z${zipHash.slice(0, 16)}`);
}

function membersOf(
  zip: Candidate,
  content: NamedContent,
): { readonly candidates: readonly Candidate[]; readonly unclaimed: readonly string[] } {
  if (content.value.kind === "refused") {
    const head_base64 = headOf(zip.location ?? "").toString("base64");
    const fault = { message: content.value.message, head_base64 };
    return { candidates: [{ ...zip, fault }], unclaimed: [] };
  }
  const candidates = content.value.members.map((member): Candidate => {
    const base = {
      ...zip,
      path: `${zip.path}/${member.name}`,
      member: { zip: zip.location ?? "", sha256: zip.sha256, name: member.name },
      size: member.size,
    };
    if ("refused" in member)
      return { ...base, fault: { message: member.refused, head_base64: member.head_base64 } };
    const location = content.folder === null ? null : join(content.folder, member.file);
    return { ...base, sha256: member.sha256, location };
  });
  return { candidates, unclaimed: content.value.unclaimed.map((name) => `${zip.path}/${name}`) };
}
