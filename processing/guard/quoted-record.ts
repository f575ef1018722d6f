import { MAX_RECORD_BYTES } from "../record-stream.js";
import { CR, type CsvDialect, columnsOfLine, LF } from "./csv-dialect.js";

/** How a record that holds a quote at the start of a field ends. */
export interface QuotedRecord {
  /** more: its end lies beyond the block · stray: what is taken (mostly its first line) is malformed · whole: it closes. */
  kind: "more" | "stray" | "whole";
  /** Behind its last byte, without the line end. */
  end: number;
  /** Start of what follows. */
  next: number;
  columns: number;
  /** Physical lines. */
  lines: number;
  /** Fields with blanks before a quote: the engine would read on into it. */
  rewrite: boolean;
  /** A quote within a field and one at the end of a later field: they enclose what a missing delimiter tore apart. */
  torn: boolean;
}

/** One object for all calls: a file may hold millions of quoted records. */
const found: QuotedRecord = {
  kind: "whole",
  end: 0,
  next: 0,
  columns: 0,
  lines: 1,
  rewrite: false,
  torn: false,
};

/**
 * Read one record from its start by the rules R1 (a quote opens only at the start of a field), R2 (it closes at the
 * first undoubled quote, which a delimiter or a line end must follow) and R3 (see `looksLikeRows`).
 * `length` is the number of valid bytes; `final` says that no more will come.
 */
export function readQuotedRecord(
  bytes: Uint8Array,
  start: number,
  length: number,
  final: boolean,
  dialect: CsvDialect,
): QuotedRecord {
  const { delimiter, quote } = dialect;
  const bound = start + MAX_RECORD_BYTES;
  let p = start;
  let columns = 1;
  let lines = 1;
  let rewrite = false;
  let strayed = false;
  let text = -1;
  let opened = false;
  let torn = false;
  for (;;) {
    if (bytes[p] === quote && p < length && p !== text) {
      const linesBefore = lines;
      let q = p + 1;
      for (; q < length; q++) {
        const byte = bytes[q];
        if (byte === quote) {
          if (q + 1 < length && bytes[q + 1] === quote) q++;
          else break;
        } else if (byte === LF) {
          if (dialect.oneLine === true) return stray();
          lines++;
        }
      }
      if (q < length && q <= bound) {
        if (q + 1 >= length) return final ? whole(length, length) : more();
        const after = bytes[q + 1];
        if (after === delimiter) {
          columns++;
          p = q + 2;
          continue;
        }
        if (after === LF) return whole(q + 1, q + 2);
        if (after === CR) {
          if (q + 2 >= length) return final ? whole(q + 1, length) : more();
          if (bytes[q + 2] === LF) return whole(q + 1, q + 3);
        }
      } else if (q >= length && q <= bound && !final) return more();
      // A stray quote, read as text: where that makes a whole record, all of it is stray, else its first line.
      strayed = true;
      text = p;
      lines = linesBefore;
      continue;
    }
    let q = p;
    let onlyBlanks = true;
    let holdsQuote = false;
    for (; q < length; q++) {
      const byte = bytes[q];
      if (byte === delimiter || byte === LF) break;
      if (byte === quote) {
        holdsQuote = true;
        if (onlyBlanks) rewrite = true;
      } else if (byte === CR) {
        if (q + 1 >= length && !final) return more();
        if (bytes[q + 1] !== LF && q + 1 < length) rewrite = true;
      }
      if (byte !== 32) onlyBlanks = false;
    }
    if (q >= length && !final) return more();
    const isLast = q >= length || bytes[q] === LF;
    const end = isLast && q > p && bytes[q - 1] === CR ? q - 1 : q;
    if (opened && end > p && bytes[end - 1] === quote) torn = true;
    opened ||= holdsQuote;
    if (isLast) return whole(end, Math.min(q + 1, length));
    columns++;
    p = q + 1;
  }

  function whole(end: number, next: number): QuotedRecord {
    found.columns = columns;
    if (
      lines > 1 &&
      dialect.guess &&
      dialect.columns > 2 &&
      looksLikeRows(bytes, start, end, columns, dialect)
    ) {
      return stray();
    }
    if (strayed && columns !== dialect.columns) return stray();
    found.kind = strayed ? "stray" : "whole";
    found.end = end;
    found.next = next;
    found.lines = lines;
    found.rewrite = rewrite;
    found.torn = torn;
    return found;
  }
  function more(): QuotedRecord {
    if (length > bound) return stray();
    found.kind = "more";
    return found;
  }
  function stray(): QuotedRecord {
    let end = start;
    while (end < length && bytes[end] !== LF) end++;
    found.kind = end >= length && !final ? "more" : "stray";
    found.next = Math.min(end + 1, length);
    found.end = end > start && bytes[end - 1] === CR ? end - 1 : end;
    found.lines = 1;
    found.torn = false;
    return found;
  }
}

/**
 * R3: a record that closes but spans lines is stray when at least half of its inner lines look like whole rows and
 * either the joined record does not, or both its first and last line do; of two lines, when the joined record does
 * not fit and the second line does.
 */
function looksLikeRows(
  bytes: Uint8Array,
  start: number,
  end: number,
  joined: number,
  dialect: CsvDialect,
): boolean {
  const fits: boolean[] = [];
  for (let from = start; from <= end; ) {
    let to = from;
    while (to < end && bytes[to] !== LF) to++;
    const stop = to > from && bytes[to - 1] === CR ? to - 1 : to;
    fits.push(columnsOfLine(bytes, from, stop, dialect) === dialect.columns);
    from = to + 1;
  }
  const joinedFits = joined === dialect.columns;
  const last = fits.at(-1) === true;
  const inner = fits.slice(1, -1);
  if (inner.length === 0) return !joinedFits && last;
  const half = inner.filter(Boolean).length * 2 >= inner.length;
  return half && (!joinedFits || (fits[0] === true && last));
}
