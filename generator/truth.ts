import { closeSync, openSync, writeSync } from "node:fs";
import type { Fault } from "./faults.js";
import type { Cells, Column, ExpectedReason, SourceModel } from "./model.js";

/** One line of the ground truth (NDJSON). */
export type TruthLine = TruthFault | TruthFile | TruthSource;

/** A record that must be quarantined, with every reason. */
export interface TruthFault {
  readonly kind: "fault";
  readonly path: string;
  /** 1-based. */
  readonly record: number;
  /** 1-based physical line of the unpacked text; null where the format has no lines. */
  readonly line: number | null;
  readonly fault: string;
  readonly reasons: readonly ExpectedReason[];
}

export interface TruthFile {
  readonly kind: "file";
  readonly path: string;
  readonly source: string;
  readonly records: number;
  readonly good: number;
  readonly lines: number | null;
  readonly header_lines: number;
  readonly blank_lines: number;
  readonly stray_quotes: number;
  /** Column → exact sum over the good records, as text. */
  readonly sums: Readonly<Record<string, string>>;
}

export interface TruthSource {
  readonly kind: "source";
  readonly source: string;
  readonly records: number;
  readonly good: number;
  readonly duplicates: number;
  readonly superseded: number;
}

export interface TruthSink {
  write(line: TruthLine): void;
  close(): void;
}

/** Writes the ground truth as it becomes known, so that memory stays flat. */
export function truthFile(path: string): TruthSink {
  const handle = openSync(path, "w");
  let buffer: string[] = [];
  const flush = (): void => {
    writeSync(handle, buffer.join(""));
    buffer = [];
  };
  return {
    write: (line) => {
      buffer.push(`${JSON.stringify(line)}\n`);
      if (buffer.length >= 1_000) flush();
    },
    close: () => {
      flush();
      closeSync(handle);
    },
  };
}

export const noTruth: TruthSink = { write: () => {}, close: () => {} };

/** What is true of one file, added up record by record. */
export interface Account {
  good(cells: Cells): void;
  bad(fault: Fault, record: number, line: number | null): void;
  file(text: { records: number; lines: number | null; headerLines: number; blankLines: number }): TruthFile;
}

/** Sums are kept in ten-thousandths: no column has more decimals. */
const SCALE = 10_000;

export function fileAccount(path: string, model: SourceModel, sink: TruthSink): Account {
  const numeric = model.columns.flatMap((column, at) => (isNumeric(column) ? [at] : []));
  const sums = new Array<number>(model.columns.length).fill(0);
  let good = 0;
  let strayQuotes = 0;
  return {
    good: (cells) => {
      good += 1;
      for (const at of numeric) sums[at] = (sums[at] ?? 0) + scaled(cells[at] ?? null);
    },
    bad: (fault, record, line) => {
      if (fault.strayQuote) strayQuotes += 1;
      sink.write({ kind: "fault", path, record, line, fault: fault.kind, reasons: fault.reasons });
    },
    file: ({ records, lines, headerLines, blankLines }) => ({
      kind: "file",
      path,
      source: model.source,
      records,
      good,
      lines,
      header_lines: headerLines,
      blank_lines: blankLines,
      stray_quotes: strayQuotes,
      sums: Object.fromEntries(
        numeric.map((at) => [(model.columns[at] as Column).name, decimalText(sums[at] ?? 0)]),
      ),
    }),
  };
}

function isNumeric(column: Column): boolean {
  return column.type === "integer" || column.type === "number" || column.type === "decimal";
}

function scaled(cell: string | null): number {
  if (cell === null || cell === "false") return 0;
  return cell === "true" ? SCALE : Math.round(Number(cell) * SCALE);
}

function decimalText(tenThousandths: number): string {
  const digits = String(Math.abs(tenThousandths)).padStart(5, "0");
  return `${tenThousandths < 0 ? "-" : ""}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
