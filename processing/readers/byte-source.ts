import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { messageOf, systemCode } from "../../lib/errors.js";
import type { PlannedFile } from "../../lib/run-types.js";
import { ChangedFile, UnreadableFile } from "../guard/unreadable.js";
import { textDecoder } from "./encoding.js";

const BLOCK_BYTES = 256 * 1024;

/** Bounds on what a packed file may unpack to. */
export interface InflateLimits {
  readonly maxBytes: number;
  readonly maxRatio: number;
}

/** How the bytes of a file become UTF-8 text. */
export interface TextForm {
  readonly gzip: boolean;
  /** WHATWG name; "utf-8" passes bytes as they are. */
  readonly encoding: string;
  /** Bytes of the byte order mark, skipped. */
  readonly bomBytes: number;
  /** Lines end with a lone CR: turned into LF. */
  readonly crOnly: boolean;
}

/** Bytes of a file as it lies; `to` null = to its end. */
export interface ByteRange {
  readonly from: number;
  readonly to: number | null;
}

/** Size, mtime and inode still as the plan knows them? Throws ChangedFile. */
export function assertUnchanged(file: PlannedFile): void {
  const location = locationOf(file);
  try {
    const stat = statSync(location);
    const same = stat.size === file.size && stat.mtimeMs === file.mtime_ms && stat.ino === file.inode;
    if (!same) throw new ChangedFile(file.path, "it changed between discovery and work");
  } catch (error) {
    if (error instanceof ChangedFile) throw error;
    throw new ChangedFile(
      file.path,
      `it cannot be found any more (${systemCode(error) ?? messageOf(error)})`,
    );
  }
}

export function locationOf(file: PlannedFile): string {
  if (file.location === null) throw new ChangedFile(file.path, "it has no location to read from");
  return file.location;
}

/** The first bytes of a file as it lies. */
export function headBytes(file: PlannedFile, count: number): Buffer {
  let handle: number;
  try {
    handle = openSync(locationOf(file), "r");
  } catch (error) {
    throw new ChangedFile(file.path, `it cannot be opened (${systemCode(error) ?? messageOf(error)})`);
  }
  try {
    const buffer = Buffer.alloc(Math.min(count, file.size));
    let filled = 0;
    for (;;) {
      const read = readSync(handle, buffer, filled, buffer.length - filled, filled);
      filled += read;
      if (read === 0 || filled === buffer.length) return buffer.subarray(0, filled);
    }
  } finally {
    closeSync(handle);
  }
}

/** The unpacked, decoded text of a file, block by block. `count` is told the unpacked bytes before decoding. */
export async function* textBlocks(
  file: PlannedFile,
  form: TextForm,
  limits: InflateLimits,
  count: (bytes: number) => void,
  range: ByteRange = { from: 0, to: null },
): AsyncGenerator<Uint8Array> {
  const source: AsyncIterable<Uint8Array> = form.gzip ? inflated(file) : plainBlocks(file, range);
  const decode = form.encoding === "utf-8" ? null : textDecoder(form.encoding);
  let skip = range.from === 0 ? form.bomBytes : 0;
  let total = 0;
  try {
    for await (const block of source) {
      count(block.length);
      total += block.length;
      if (form.gzip) assertBounds(file, total, limits);
      let bytes = block;
      if (skip > 0) {
        const cut = Math.min(skip, bytes.length);
        skip -= cut;
        bytes = bytes.subarray(cut);
      }
      if (decode !== null) bytes = decode.next(bytes);
      if (form.crOnly) bytes = returnsAsFeeds(bytes);
      if (bytes.length > 0) yield bytes;
    }
    const rest = decode?.end();
    if (rest !== undefined && rest.length > 0) yield form.crOnly ? returnsAsFeeds(rest) : rest;
  } catch (error) {
    throw asFileFault(file, error);
  }
}

/** Every block is read into the same buffer: it is done with before the next is asked for. */
async function* plainBlocks(file: PlannedFile, range: ByteRange): AsyncGenerator<Uint8Array> {
  const handle = await open(locationOf(file), "r");
  try {
    const buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    for (let at = range.from; ; ) {
      const wanted = Math.min(BLOCK_BYTES, (range.to ?? Number.POSITIVE_INFINITY) - at);
      if (wanted === 0) return;
      const { bytesRead } = await handle.read(buffer, 0, wanted, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function* inflated(file: PlannedFile): AsyncGenerator<Uint8Array> {
  const raw = createReadStream(locationOf(file), { highWaterMark: BLOCK_BYTES });
  const unpacked = raw.pipe(createGunzip({ chunkSize: BLOCK_BYTES }));
  raw.on("error", (error) => unpacked.destroy(error));
  try {
    yield* unpacked as AsyncIterable<Buffer>;
  } finally {
    raw.destroy();
    unpacked.destroy();
  }
}

function assertBounds(file: PlannedFile, total: number, limits: InflateLimits): void {
  if (total > limits.maxBytes) {
    throw new UnreadableFile(file.path, `it unpacks to more than ${limits.maxBytes} bytes (max_inflated_mb)`);
  }
  if (total > 10_000_000 && total > file.size * limits.maxRatio) {
    throw new UnreadableFile(
      file.path,
      `it unpacks to more than ${limits.maxRatio} times its size (max_inflate_ratio)`,
    );
  }
}

/** What a read error says about the file; our own errors pass through. */
function asFileFault(file: PlannedFile, error: unknown): unknown {
  const code = systemCode(error);
  if (code === "ENOENT" || code === "ESTALE")
    return new ChangedFile(file.path, "it vanished while it was read");
  if (code?.startsWith("Z_")) {
    return new UnreadableFile(file.path, `the gzip data is damaged or cut short (${messageOf(error)})`);
  }
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
    return new UnreadableFile(file.path, "the text cannot be decoded in the encoding of its feed");
  }
  return error;
}

function returnsAsFeeds(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let p = 0; p < copy.length; p++) if (copy[p] === 13) copy[p] = 10;
  return copy;
}
