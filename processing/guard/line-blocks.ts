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

export function joinBlock(carry: Uint8Array, block: Uint8Array, final: boolean): LineBlock {
  const length = carry.length + block.length;
  const bytes = Buffer.allocUnsafe(length + 1);
  bytes.set(carry, 0);
  bytes.set(block, carry.length);
  bytes[length] = LF;
  const end = final ? length : bytes.lastIndexOf(LF, length - 1) + 1;
  return { bytes, length, valid: isUtf8(bytes.subarray(0, end)) };
}
