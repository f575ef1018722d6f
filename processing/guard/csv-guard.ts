import { isUtf8 } from "node:buffer";
import type { QuarantineCode } from "../../lib/run-types.js";
import type { OrdinalList } from "../ordinals.js";
import { MAX_RECORD_BYTES, type RecordSink, type Scanner, type Tally } from "../record-stream.js";
import { CR, type CsvDialect, isBlank, joinFields, LF, splitFields } from "./csv-dialect.js";
import { blockJoiner, MAX_LINE_BYTES } from "./line-blocks.js";
import { plainLines } from "./plain-lines.js";
import { readQuotedRecord } from "./quoted-record.js";
import { UnreadableFile } from "./unreadable.js";

/** Mends or refuses what a plain look cannot take; null = malformed. */
export type Rewrite = (raw: Uint8Array) => readonly string[] | null;

export interface CsvGuardOptions {
  readonly path: string;
  readonly dialect: CsvDialect;
  /** Physical lines before the first record. */
  readonly linesBefore: number;
  /** What an earlier look at the same text found: all other lines are plain records and need not be taken apart. */
  readonly special?: OrdinalList | null;
  /** For text formats: a second look at records that do not have the shape of the dialect. */
  readonly rewrite?: Rewrite;
  /** Whether a well-formed record has the shape that the format asks for beyond its columns. */
  readonly fits?: (bytes: Uint8Array, start: number, end: number) => boolean;
  /** A byte that no such record holds. */
  readonly never?: number;
}

/**
 * One pass over delimited text: counts lines, blank lines and records, lets well-formed records through as they are
 * (or normalised where the engine would stumble) and sets each malformed one aside at its own cost alone.
 */
export function csvGuard(options: CsvGuardOptions, sink: RecordSink, tally: Tally): Scanner {
  const { dialect } = options;
  const eol = Buffer.from(dialect.crlf ? "\r\n" : "\n");
  const fieldQuote = dialect.quote < 0 ? 34 : dialect.quote;
  const joiner = blockJoiner();
  const plain = plainLines(dialect, options.fits);
  let line = options.linesBefore + 1;
  const known = options.special ?? null;
  let specialIndex = 0;
  let nextSpecial = known === null ? -1 : known.at(0);

  function scan(block: Uint8Array, final: boolean): void {
    const { bytes, length, valid } = joiner.join(block, final);
    let runStart = 0;
    let p = 0;
    let odd = -1;
    while (p < length) {
      if (known === null && valid) {
        if (odd < p) odd = nextNever(bytes, p, length);
        const run = plain(bytes, p, odd, sink.wanted - tally.wellFormed);
        tally.records += run.lines;
        tally.recordLines += run.lines;
        tally.wellFormed += run.lines;
        line += run.lines;
        p = run.end;
        if (p >= length) break;
      }
      if (line < nextSpecial) {
        const feed = bytes.indexOf(LF, p);
        if (feed >= length && !final) break;
        tally.records++;
        tally.recordLines++;
        if (tally.wellFormed === sink.wanted) {
          const raw = bytes.subarray(p, feed > p && bytes[feed - 1] === CR ? feed - 1 : feed);
          pass(raw, raw, false);
        } else tally.wellFormed++;
        p = Math.min(feed + 1, length);
        line++;
        continue;
      }
      const found = readQuotedRecord(bytes, p, length, final, dialect);
      if (found.kind === "more") break;
      const { end, next, columns, lines, rewrite, torn } = found;
      const stray = found.kind === "stray";
      const ended = bytes[next - 1] === LF;
      const crlf = ended && next - end === 2;
      const nul = bytes.subarray(p, end).includes(0);

      if (end === p || (columns === 1 && dialect.columns > 1 && isBlank(bytes, p, end))) {
        noteSpecial(tally, line);
        flush(bytes, runStart, p);
        runStart = next;
        tally.blankLines++;
        line++;
        p = next;
        while (nextSpecial < line && known !== null) nextSpecial = known.at(++specialIndex);
        continue;
      }
      tally.records++;
      tally.recordLines += lines;
      const fault = faultOf(bytes, p, end, columns, { nul, stray, torn, valid });
      if (fault !== null) {
        const raw = bytes.subarray(p, end);
        noteSpecial(tally, line);
        const mended = fault.rule === "encoding" || nul ? null : (options.rewrite?.(raw) ?? null);
        flush(bytes, runStart, p);
        runStart = next;
        if (mended === null) {
          const isText = options.rewrite !== undefined && fault.code === "malformed_row" && !nul;
          if (stray && !isText) tally.strayQuotes++;
          tally.malformed++;
          sink.malformed({ record: tally.records, line, raw, ...(isText ? NO_PATTERN : fault) });
        } else passRewritten(raw, mended);
      } else if (rewrite || !ended || crlf !== dialect.crlf || bytes[p] === 0xef) {
        noteSpecial(tally, line);
        const raw = bytes.subarray(p, end);
        flush(bytes, runStart, p);
        runStart = next;
        const bom = bytes[p] === 0xef && bytes[p + 1] === 0xbb && bytes[p + 2] === 0xbf;
        if (rewrite || bom) passRewritten(raw, splitFields(bom ? raw.subarray(3) : raw, dialect));
        else pass(raw, raw, true);
      } else {
        if (lines > 1) noteSpecial(tally, line);
        if (tally.wellFormed === sink.wanted) pass(bytes.subarray(p, end), bytes.subarray(p, end), false);
        else tally.wellFormed++;
      }
      line += lines;
      p = next;
      while (nextSpecial < line && known !== null) nextSpecial = known.at(++specialIndex);
    }
    flush(bytes, runStart, Math.min(p, length));
    joiner.keep(p);
    if (joiner.pending() > MAX_LINE_BYTES) {
      throw new UnreadableFile(options.path, `line ${line} is longer than ${MAX_LINE_BYTES} bytes`);
    }
    if (final) tally.lines = line - 1;
  }

  function flush(bytes: Buffer, from: number, to: number): void {
    if (to > from) sink.clean(bytes.subarray(from, to));
  }
  function passRewritten(raw: Uint8Array, fields: readonly string[]): void {
    pass(raw, joinFields(fields, dialect.delimiter, fieldQuote), true);
  }
  function pass(raw: Uint8Array, engine: Uint8Array, send: boolean): void {
    if (tally.wellFormed === sink.wanted) {
      sink.take({ ordinal: tally.wellFormed, record: tally.records, line, raw, engine });
    }
    tally.wellFormed++;
    if (!send) return;
    sink.clean(engine);
    sink.clean(eol);
  }
  function faultOf(
    bytes: Buffer,
    start: number,
    end: number,
    columns: number,
    { nul, stray, torn, valid }: Record<"nul" | "stray" | "torn" | "valid", boolean>,
  ): { code: QuarantineCode; rule: string; message: string } | null {
    if (!valid && !isUtf8(bytes.subarray(start, end))) {
      return { code: "invalid_encoding", rule: "encoding", message: "the line is not valid UTF-8" };
    }
    if (stray) return malformed("stray_quote", "a quote opens here and never closes as it should");
    if (nul) return malformed("nul_byte", "the line holds a NUL byte");
    if (columns !== dialect.columns) {
      return malformed("column_count", `${columns} fields where the header has ${dialect.columns}`);
    }
    if (torn) {
      return malformed(
        "missing_delimiter",
        "a quote opens in the middle of a field and closes at the end of a later one: a delimiter is missing before it",
      );
    }
    if (end - start > MAX_RECORD_BYTES) {
      return malformed("record_length", `the record is longer than ${MAX_RECORD_BYTES} bytes`);
    }
    if (options.fits?.(bytes, start, end) === false || nextNever(bytes, start, end) < end) return NO_PATTERN;
    return null;
  }
  /** Position of the next byte that no plain record holds, at most `end`. */
  function nextNever(bytes: Buffer, start: number, end: number): number {
    if (options.never === undefined) return end;
    const found = bytes.subarray(start, end).indexOf(options.never);
    return found < 0 ? end : start + found;
  }

  return {
    push: (block) => scan(block, false),
    end: () => scan(new Uint8Array(0), true),
    pending: joiner.pending,
  };
}

function malformed(rule: string, message: string): { code: "malformed_row"; rule: string; message: string } {
  return { code: "malformed_row", rule, message };
}

const NO_PATTERN = malformed("pattern", "no pattern of the feed fits the line");

/** So many lines are worth remembering; beyond, a second look takes every line apart again. */
const MOST_SPECIAL = 1_000_000;

function noteSpecial(tally: Tally, line: number): void {
  if (tally.special === null) return;
  if (tally.special.length < MOST_SPECIAL) tally.special.push(line);
  else tally.special = null;
}
