import { join } from "node:path";
import { readJsonIfThere, writeJson } from "../../lib/json-file.js";
import type { DataPaths } from "../../lib/paths.js";
import type { ZipContent } from "./zip-content.js";

interface HashedFile {
  readonly size: number;
  readonly mtime_ms: number;
  readonly inode: number;
  readonly sha256: string;
}

/** Hashes that earlier runs computed: `quality/hashes.json`. A cache: losing it costs time, nothing else. */
export interface HashCache {
  readonly files: Readonly<Record<string, HashedFile>>;
  /** What the zip of this hash holds under these bounds: `<sha256> <bounds>`. */
  readonly zips: Readonly<Record<string, ZipContent>>;
}

const empty: HashCache = { files: {}, zips: {} };

export function readHashCache(paths: DataPaths): HashCache {
  return readJsonIfThere<HashCache>(cacheFile(paths)) ?? empty;
}

export function writeHashCache(paths: DataPaths, cache: HashCache): void {
  writeJson(cacheFile(paths), cache);
}

function cacheFile(paths: DataPaths): string {
  return join(paths.quality, "hashes.json");
}
