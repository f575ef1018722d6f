import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { systemCode } from "../../lib/errors.js";

const CHUNK = 4 * 1_048_576;
/** The first bytes of a file that cannot be read, kept in quarantine. */
const HEAD = 4_096;

/** sha256 of a file as it lies; "changed" when it changed meanwhile, "vanished" when it is gone. */
export type Hashed =
  | { readonly outcome: "hashed"; readonly sha256: string }
  | { readonly outcome: "changed" | "vanished" };

export function hashFile(location: string): Hashed {
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
