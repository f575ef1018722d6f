import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { PassThrough, Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { messageOf } from "../../lib/errors.js";

const LOCAL_HEADER = 30;
const HEAD = 4_096;
const STORED = 0;
const DEFLATED = 8;

/** What the zip's directory says of one member. */
export interface ZipEntry {
  readonly path: string;
  readonly flags: number;
  readonly compressionMethod: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly externalFileAttributes: number;
  readonly offsetToLocalFileHeader: number;
}

/** How far a member may inflate. */
export interface InflateBounds {
  readonly bytes: number;
  readonly ratio: number;
}

export type Inflated =
  | { readonly outcome: "inflated"; readonly sha256: string; readonly size: number }
  | { readonly outcome: "refused"; readonly message: string; readonly head: Buffer };

/** Unpack one member into `target` (null: only hash it), guarded. Nothing stays at `target` but a whole member. */
export async function inflateMember(
  zip: string,
  entry: ZipEntry,
  bounds: InflateBounds,
  target: string | null,
): Promise<Inflated> {
  const hash = createHash("sha256");
  let size = 0;
  let checksum = 0;
  let head = Buffer.alloc(0);
  const guard = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      if (head.length < HEAD) head = Buffer.concat([head, chunk.subarray(0, HEAD - head.length)]);
      size += chunk.length;
      if (size > bounds.bytes) throw new Error(`inflates to more than ${megabytes(bounds.bytes)} MB`);
      if (size > bounds.ratio * entry.compressedSize)
        throw new Error(`inflates to more than ${bounds.ratio} times its packed size`);
      hash.update(chunk);
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  };
  try {
    const source = await packedBytes(zip, entry);
    if (target === null) await pipeline(source, inflater(entry), guard, drain);
    else await pipeline(source, inflater(entry), guard, createWriteStream(target));
    if (size !== entry.uncompressedSize || checksum !== entry.crc32 >>> 0)
      throw new Error("is not what the zip's directory says (size or checksum)");
  } catch (error) {
    return { outcome: "refused", message: messageOf(error), head };
  }
  return { outcome: "inflated", sha256: hash.digest("hex"), size };
}

/** The first bytes of a member that is refused by its name alone. */
export async function headOfMember(zip: string, entry: ZipEntry): Promise<Buffer> {
  const bounds = { bytes: HEAD, ratio: Number.POSITIVE_INFINITY };
  const result = await inflateMember(zip, entry, bounds, null);
  return result.outcome === "refused" ? result.head : Buffer.alloc(0);
}

async function packedBytes(zip: string, entry: ZipEntry): Promise<Readable> {
  if (entry.compressedSize === 0) return Readable.from([]);
  const handle = await open(zip, "r");
  try {
    const header = Buffer.alloc(LOCAL_HEADER);
    await handle.read(header, 0, LOCAL_HEADER, entry.offsetToLocalFileHeader);
    if (header.readUInt32LE(0) !== 0x04034b50)
      throw new Error("has no header where the zip's directory says");
    const start =
      entry.offsetToLocalFileHeader + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
    return createReadStream(zip, { start, end: start + entry.compressedSize - 1, highWaterMark: 1_048_576 });
  } finally {
    await handle.close();
  }
}

function inflater(entry: ZipEntry): Transform {
  if (entry.compressionMethod === STORED || entry.compressedSize === 0) return new PassThrough();
  if (entry.compressionMethod === DEFLATED) return createInflateRaw({ chunkSize: 262_144 });
  throw new Error(`is packed by a method that is not known (${entry.compressionMethod})`);
}

async function drain(chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of chunks);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}
