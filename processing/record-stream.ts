import type { QuarantineCode } from "../lib/run-types.js";
import { OrdinalList } from "./ordinals.js";

/** A well-formed record on its way to the engine. Bytes are only valid until the reader's next flush. */
export interface TakenRecord {
  /** 0-based among the well-formed records of its file. */
  readonly ordinal: number;
  /** 1-based among all records of its file. */
  readonly record: number;
  /** 1-based physical line of its start; null where the format has no lines. */
  readonly line: number | null;
  /** As it stood, without its line end. */
  readonly raw: Uint8Array;
  /** As the engine gets it, without a line end. */
  readonly engine: Uint8Array;
}

export interface MalformedRecord {
  readonly record: number;
  readonly line: number | null;
  readonly raw: Uint8Array;
  readonly code: QuarantineCode;
  readonly rule: string;
  readonly message: string;
  /** A fault of one value alone: the record's other faults are found too, in `engine`. */
  readonly value?: { readonly column: string; readonly text: string; readonly engine: Uint8Array };
}

/** Where a reader puts what it finds, in the order of the file. */
export interface RecordSink {
  /** Whole well-formed records in the engine's dialect, each with its line end. */
  clean(bytes: Uint8Array): void;
  /** Ordinal of the next record to `take`; Infinity = none. Read after every record. */
  wanted: number;
  take(record: TakenRecord): void;
  malformed(record: MalformedRecord): void;
}

/** What a file holds, counted by its reader. */
export interface Tally {
  /** null where the format has no lines. */
  lines: number | null;
  headerLines: number;
  blankLines: number;
  /** Physical lines of all records, malformed ones included. */
  recordLines: number;
  records: number;
  wellFormed: number;
  malformed: number;
  strayQuotes: number;
  /** Bytes of the unpacked text. */
  bytes: number;
  /** Lines on which something else begins than a plain record of one line; null = too many to remember. */
  special: OrdinalList | null;
}

export function emptyTally(): Tally {
  return {
    lines: 0,
    headerLines: 0,
    blankLines: 0,
    recordLines: 0,
    records: 0,
    wellFormed: 0,
    malformed: 0,
    strayQuotes: 0,
    bytes: 0,
    special: new OrdinalList(),
  };
}

/** Cuts bytes into records. `push` takes blocks in order, `end` what is left. */
export interface Scanner {
  push(block: Uint8Array): void;
  end(): void;
  /** Bytes pushed that wait for the rest of their record. */
  pending(): number;
}

/** Longest record, in bytes: longer ones are malformed. The engine's buffers are made for it. */
export const MAX_RECORD_BYTES = 2_000_000;
