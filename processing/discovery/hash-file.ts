import { createHash, webcrypto } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { systemCode } from "../../lib/errors.js";

const CHUNK = 4 * 1_048_576;
/** From here on a file is worth another thread; up to here it is held in memory as a whole for that. */
const PARALLEL_MIN = 1_048_576;
const PARALLEL_MAX = 32 * 1_048_576;
/** The first bytes of a file that cannot be read, kept in quarantine. */
const HEAD = 4_096;

/** sha256 of a file as it lies; "changed" when it changed meanwhile, "vanished" when it is gone. */
export type Hashed =
  | { readonly outcome: "hashed"; readonly sha256: string }
  | { readonly outcome: "changed" | "vanished" };

export interface FileToHash {
  readonly location: string;
  readonly size: number;
}

/** Hash many files, `atOnce` of them side by side; by location. */
export async function hashFiles(
  files: readonly FileToHash[],
  atOnce: number,
): Promise<ReadonlyMap<string, Hashed>> {
  const hashed = new Map<string, Hashed>();
  const queue = [...files].sort((a, b) => b.size - a.size);
  const lane = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const isMiddling = file.size >= PARALLEL_MIN && file.size <= PARALLEL_MAX;
      hashed.set(file.location, isMiddling ? await hashAside(file.location) : hashHere(file.location));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, lane));
  return hashed;
}

/** On this thread, chunk by chunk: no more memory for a large file, no detour for a small one. */
function hashHere(location: string): Hashed {
  const handle = openIfThere(location);
  if (handle === null) return { outcome: "vanished" };
  try {
    const before = fstatSync(handle);
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, before.size)));
    for (let read = -1; read !== 0; ) {
      read = readSync(handle, buffer);
      hash.update(buffer.subarray(0, read));
    }
    const after = fstatSync(handle);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) return { outcome: "changed" };
    return { outcome: "hashed", sha256: hash.digest("hex") };
  } finally {
    closeSync(handle);
  }
}

/** On a thread of the pool. */
async function hashAside(location: string): Promise<Hashed> {
  const handle = openIfThere(location);
  if (handle === null) return { outcome: "vanished" };
  try {
    const before = fstatSync(handle);
    const digest = await webcrypto.subtle.digest("SHA-256", readFileSync(handle));
    const after = fstatSync(handle);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) return { outcome: "changed" };
    return { outcome: "hashed", sha256: Buffer.from(digest).toString("hex") };
  } finally {
    closeSync(handle);
  }
}

/** The first bytes of a file; none when it is gone. */
export function headOf(location: string): Buffer {
  const handle = openIfThere(location);
  if (handle === null) return Buffer.alloc(0);
  try {
    const buffer = Buffer.alloc(HEAD);
    return buffer.subarray(0, readSync(handle, buffer));
  } finally {
    closeSync(handle);
  }
}

function openIfThere(location: string): number | null {
  try {
    return openSync(location, "r");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}
