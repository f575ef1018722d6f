import { isUtf8 } from "node:buffer";
import { LF } from "./csv-dialect.js";

/** Longest line that is looked at; a file with a longer one is no text. */
export const MAX_LINE_BYTES = 16_000_000;

/** Bytes that wait for the rest of their record, joined with the block that follows. */
export interface LineBlock {
  /** One byte longer than `length`: a line feed stands behind the end, so that scans stop there. */
  readonly bytes: Buffer;
  readonly length: number;
  /** Whether every line that ends in it is valid UTF-8. */
  readonly valid: boolean;
}

/** Joins blocks with what was left of the one before, in one buffer that is used again and again. */
export interface BlockJoiner {
  /** Valid until the next call. */
  join(block: Uint8Array, final: boolean): LineBlock;
  /** Keep the bytes from here on for the next block. */
  keep(from: number): void;
  /** Bytes kept. */
  pending(): number;
}

export function blockJoiner(): BlockJoiner {
  let buffer: Buffer = Buffer.allocUnsafeSlow(512 * 1024);
  let length = 0;
  let from = 0;
  return {
    join: (block, final) => {
      const kept = length - from;
      const needed = kept + block.length + 1;
      const target = needed > buffer.length ? Buffer.allocUnsafeSlow(2 * needed) : buffer;
      // Only now: who was handed parts of the buffer is done with them.
      buffer.copy(target, 0, from, length);
      buffer = target;
      buffer.set(block, kept);
      length = kept + block.length;
      from = 0;
      buffer[length] = LF;
      const end = final ? length : length === 0 ? 0 : buffer.lastIndexOf(LF, length - 1) + 1;
      return { bytes: buffer, length, valid: isUtf8(buffer.subarray(0, end)) };
    },
    keep: (start) => {
      from = start;
    },
    pending: () => length - from,
  };
}
