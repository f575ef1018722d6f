import { MAX_RECORD_BYTES } from "../record-stream.js";
import { CR, type CsvDialect, LF } from "./csv-dialect.js";

/** What a run over plain lines found. */
export interface PlainRun {
  /** Start of the first line that is not plain, or lies not wholly within the bytes. */
  end: number;
  lines: number;
}

/**
 * Passes over lines from `start` as long as each is a whole record that needs no look of its own: the dialect's columns,
 * quotes only around whole fields, the dialect's line end, no NUL byte; at most `most` of them, none that ends beyond
 * `length`. A line feed must stand there or behind.
 */
export type PlainLines = (bytes: Buffer, start: number, length: number, most: number) => PlainRun;

/** `fits`: what a line must hold beyond its columns. */
export function plainLines(
  dialect: CsvDialect,
  fits?: (bytes: Uint8Array, start: number, end: number) => boolean,
): PlainLines {
  const { delimiter, quote, columns, crlf } = dialect;
  // Four bytes at a time: those that are no delimiter and above every byte that means something else are passed over.
  const above = everyByte(Math.max(quote, CR) + 1);
  const delimiters = everyByte(delimiter);
  const quotes = everyByte(quote);
  const found: PlainRun = { end: 0, lines: 0 };
  let words: Int32Array = new Int32Array(0);

  return (bytes, start, length, most) => {
    if (words.buffer !== bytes.buffer || words.byteOffset !== bytes.byteOffset)
      words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    let lineStart = start;
    let lines = 0;
    let seen = 1;
    let p = start;
    run: while (lines < most) {
      if ((p & 3) === 0) {
        for (let at = p >> 2; p + 4 <= length; at++, p += 4) {
          const word = words[at] as number;
          if (((word - above) & ~word & HIGH) !== 0) break;
          const other = word ^ delimiters;
          const equal = ~(((other & LOW) + LOW) | other | LOW);
          seen += Math.imul(equal >>> 7, 0x01010101) >>> 24;
        }
      }
      // To the end of a word, or of a quoted field.
      for (const stop = (p | 3) + 1; p < stop; p++) {
        const byte = bytes[p];
        if (byte === LF) {
          if (p >= length) break run;
          const end = crlf ? p - 1 : p;
          if (seen !== columns || end <= lineStart || end - lineStart > MAX_RECORD_BYTES) break run;
          if ((bytes[p - 1] === CR) !== crlf || bytes[lineStart] === 0xef) break run;
          if (fits !== undefined && !fits(bytes, lineStart, end)) break run;
          lineStart = p + 1;
          lines++;
          seen = 1;
          if (lines === most) break run;
        } else if (byte === delimiter) seen++;
        else if (byte === quote) {
          if (p !== lineStart && bytes[p - 1] !== delimiter) break run;
          p = closing(bytes, p + 1, length);
          const next = bytes[p + 1];
          if (bytes[p] !== quote || (next !== delimiter && next !== LF && next !== CR)) break run;
        } else if (byte === 0 || (byte === CR && bytes[p + 1] !== LF)) break run;
      }
    }
    found.end = lineStart;
    found.lines = lines;
    return found;
  };

  /** Position of the first undoubled quote, or of a byte before it that no plain line holds between quotes. */
  function closing(bytes: Buffer, from: number, length: number): number {
    for (let p = from; ; p++) {
      for (; (p & 3) === 0 && p + 4 <= length; p += 4) {
        const word = words[p >> 2] as number;
        const other = word ^ quotes;
        if ((((other - ONES) & ~other) | ((word - CONTROLS) & ~word)) & HIGH) break;
      }
      const byte = bytes[p] as number;
      if (byte === quote) {
        if (bytes[p + 1] !== quote) return p;
        p++;
      } else if (byte <= LF && (byte === LF || byte === 0)) return p;
    }
  }
}

const LOW = 0x7f7f7f7f;
const HIGH = 0x80808080 | 0;
const ONES = 0x01010101;
/** Bytes below are line feeds and others that seldom stand between quotes. */
const CONTROLS = everyByte(LF + 1);

function everyByte(byte: number): number {
  return Math.imul(byte, 0x01010101);
}
