import { join } from "node:path";
import type { Config, FeedConfig } from "../../lib/config-types.js";
import { coresAtHand } from "../../lib/machine.js";
import type { Candidate } from "./candidate.js";
import type { Claim } from "./claims.js";
import type { HashCache } from "./hash-cache.js";
import { type Hashed, hashFiles, headOf } from "./hash-file.js";
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
  const { claimed, others, unclaimed } = claimAll(files, options);
  const hashes = await hashFiles(
    claimed.map(({ file }) => file).filter((file) => isReady(file, options) && !isCached(file, options)),
    coresAtHand(),
  );
  const candidates: Candidate[] = [];
  const hashed: Record<string, HashCache["files"][string]> = { ...others };
  const zips: Record<string, ZipContent> = {};
  for (const { file, feed } of claimed) {
    const candidate = fingerprint(file, feed, hashes.get(file.location) ?? null, options);
    const { size, mtimeMs, inode } = file;
    if (candidate.sha256 !== "" && options.now - mtimeMs > TICK_MS)
      hashed[file.path] = { size, mtime_ms: mtimeMs, inode, sha256: candidate.sha256 };
    if (!/\.zip$/i.test(file.path) || candidate.sha256 === "") {
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

interface ClaimedFile {
  readonly file: RawFile;
  readonly feed: FeedConfig;
}

/** Files by their feeds; with --source those of other sources are left out, and what is known of them stays. */
function claimAll(
  files: readonly RawFile[],
  options: FindOptions,
): {
  readonly claimed: readonly ClaimedFile[];
  readonly others: HashCache["files"];
  readonly unclaimed: string[];
} {
  const claimed: ClaimedFile[] = [];
  const others: Record<string, HashCache["files"][string]> = {};
  const unclaimed: string[] = [];
  for (const file of files) {
    const feed = options.claim(file.partial ? completeName(file.path) : file.path);
    const known = options.cache.files[file.path];
    if (feed === null) {
      if (!file.partial) unclaimed.push(file.path);
    } else if (options.sources.length === 0 || options.sources.includes(feed.source)) {
      claimed.push({ file, feed });
    } else if (known !== undefined) others[file.path] = known;
  }
  return { claimed, others, unclaimed };
}

/** With --source, zips of other sources were not looked at: what is known of them stays. */
function keptZips(options: FindOptions, hashed: HashCache["files"]): HashCache["zips"] {
  const alive = new Set(Object.values(hashed).map((file) => file.sha256));
  return Object.fromEntries(
    Object.entries(options.cache.zips).filter(([key]) => alive.has(key.split(" ")[0] ?? "")),
  );
}

/** Complete, and old enough. */
function isReady(file: RawFile, options: FindOptions): boolean {
  if (file.escapes || file.partial) return false;
  const settleMs = options.config.settings.settle_seconds * 1_000;
  // a file dated ahead of the clock, be it by a part of a millisecond, is no reason to wait for ever
  return settleMs === 0 || Math.abs(options.now - file.mtimeMs) >= settleMs;
}

function isCached(file: RawFile, options: FindOptions): boolean {
  const known = options.cache.files[file.path];
  if (options.rehash || known === undefined) return false;
  return known.size === file.size && known.mtime_ms === file.mtimeMs && known.inode === file.inode;
}

function fingerprint(
  file: RawFile,
  feed: FeedConfig,
  hashed: Hashed | null,
  options: FindOptions,
): Candidate {
  const { path, size, mtimeMs, inode, location } = file;
  const base = { path, feed, size, mtimeMs, inode, location, member: null, sha256: "", fault: null };
  if (file.escapes) {
    const message = "is a link that leads out of raw/, or to no file: put the file itself there";
    return { ...base, waiting: false, fault: { message, head_base64: "" } };
  }
  if (!isReady(file, options)) return { ...base, waiting: true };
  if (hashed === null) return { ...base, sha256: options.cache.files[path]?.sha256 ?? "", waiting: false };
  if (hashed.outcome !== "hashed") return { ...base, waiting: true };
  return { ...base, sha256: hashed.sha256, waiting: false };
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
