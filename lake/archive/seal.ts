import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { GristmillError } from "../../lib/errors.js";

/**
 * An archive ends with an empty gzip member whose comment holds the SHA-256 of all bytes before it. gunzip and tar
 * read over it; we see every changed byte, also those that gzip's own checksum does not cover (headers, padding).
 */
const COMMENT = "gristmill sha256 ";
const head = Buffer.from([0x1f, 0x8b, 0x08, 0x10, 0, 0, 0, 0, 0, 0xff]);
// comment's end, an empty deflate block, checksum and length of nothing
const tail = Buffer.from([0, 0x03, 0x00, 0, 0, 0, 0, 0, 0, 0, 0]);
const SEAL_BYTES = head.length + COMMENT.length + 64 + tail.length;

export function sealOf(sha256: string): Buffer {
  return Buffer.concat([head, Buffer.from(`${COMMENT}${sha256}`, "latin1"), tail]);
}

/** Throws broken_archive unless the file is whole and as it was written. */
export async function assertSealed(file: string): Promise<void> {
  const { size } = statSync(file);
  if (size <= SEAL_BYTES) throw broken(file, "it is too short to be an archive");
  const found = await lastBytes(file, size);
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(file, { end: size - SEAL_BYTES - 1 }))
    digest.update(chunk as Buffer);
  if (!found.equals(sealOf(digest.digest("hex"))))
    throw broken(file, "its checksum does not fit: it was cut short or changed");
}

export function broken(file: string, why: string): GristmillError {
  return new GristmillError("broken_archive", `${file}: ${why}; nothing of it was used`);
}

async function lastBytes(file: string, size: number): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const found = Buffer.alloc(SEAL_BYTES);
    await handle.read(found, 0, SEAL_BYTES, size - SEAL_BYTES);
    return found;
  } finally {
    await handle.close();
  }
}
