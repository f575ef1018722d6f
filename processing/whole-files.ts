import { join } from "node:path";
import type { Engine } from "../engines/engine.js";
import { literal } from "../engines/quote.js";
import type { FileResult, PlannedFile, QuarantineCode } from "../lib/run-types.js";
import { noOracle } from "./judging/oracle-sample.js";
import { headBytes } from "./readers/byte-source.js";

/** A file that is refused as a whole: it becomes one quarantined record. */
export interface RefusedFile {
  readonly file: PlannedFile;
  readonly code: QuarantineCode & ("unreadable_file" | "missing_column");
  readonly column: string | null;
  readonly message: string;
  readonly line: number | null;
  /** Text of the header line; null = the file's first bytes are kept. */
  readonly raw: string | null;
  readonly header: readonly string[];
}

const KEPT_BYTES = 4096;

/** Write the quarantine rows of refused files; returns the Parquet's path. */
export async function writeRefused(
  engine: Engine,
  refused: readonly RefusedFile[],
  target: { readonly folder: string; readonly run: string; readonly source: string; readonly feed: string },
): Promise<string> {
  const rows = refused.map((one) => {
    const { file } = one;
    const kept = one.raw === null ? headBytes(file, KEPT_BYTES).toString("hex") : null;
    const content = one.raw === null ? `'${kept}'` : literal(one.raw);
    const id = [file.path, file.sha256, "1"].map(literal).join(" || chr(31) || ");
    const column = one.column === null ? "cast(null as varchar)" : literal(one.column);
    const reason = `{'code': ${literal(one.code)}, 'column': ${column}, 'rule': ${literal(one.code)}, 'value': cast(null as varchar), 'message': ${literal(one.message)}}`;
    return `select left(sha256(${id} || chr(31) || ${content}), 32) as "id", ${literal(target.run)} as "run",
      ${literal(target.source)} as "source", ${literal(target.feed)} as "feed", ${literal(file.file)} as "file",
      ${literal(file.path)} as "path", ${literal(file.sha256)} as "sha256", cast(1 as bigint) as "record",
      cast(${one.line ?? "null"} as bigint) as "line", [${reason}] as "reasons", 'error' as "severity",
      cast(${one.raw === null ? "null" : literal(one.raw)} as varchar) as "raw",
      ${kept === null ? "cast(null as blob)" : `unhex('${kept}')`} as "raw_bytes"`;
  });
  const path = join(target.folder, "quarantined-whole.parquet");
  await engine.copy(rows.join("\nunion all\n"), { to: path });
  return path;
}

export function refusedResult(one: RefusedFile): FileResult {
  const column = one.code === "missing_column" ? one.column : null;
  const sample = { record: 1, line: one.line, value: null, raw: one.raw };
  return {
    ...nothingFound(one.file),
    outcome: one.code === "missing_column" ? "missing_column" : "unreadable",
    message: one.message,
    bytes: one.file.size,
    records: 1,
    quarantined: 1,
    header: one.header,
    rules: [{ rule: one.code, code: one.code, column, severity: "error", count: 1, samples: [sample] }],
  };
}

/** The result of a file of which nothing could be said; the base of all special outcomes. */
export function nothingFound(file: PlannedFile): FileResult {
  return {
    path: file.path,
    outcome: "judged",
    message: null,
    lines: null,
    header_lines: 0,
    blank_lines: 0,
    bytes: 0,
    records: 0,
    accepted: 0,
    quarantined: 0,
    stray_quotes: 0,
    header: [],
    unknown_columns: [],
    lost_columns: [],
    null_counts: {},
    rules: [],
    oracle: noOracle(file.path),
    event_time_min: null,
    event_time_max: null,
  };
}
