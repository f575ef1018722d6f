import { readFileSync } from "node:fs";
import type { TruthFault, TruthFile, TruthLine, TruthSource } from "../../generator/truth.js";
import type { RunFile } from "../../lib/run-types.js";
import type { OpenTables } from "./open-tables.js";

export interface Truth {
  readonly faults: readonly TruthFault[];
  readonly files: readonly TruthFile[];
  readonly sources: readonly TruthSource[];
}

export function readTruth(file: string): Truth {
  const lines = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TruthLine);
  return {
    faults: lines.filter((line) => line.kind === "fault"),
    files: lines.filter((line) => line.kind === "file"),
    sources: lines.filter((line) => line.kind === "source"),
  };
}

/** `path record line code:column …` of every record that must be quarantined. */
export function expectedQuarantine(truth: Truth): readonly string[] {
  return truth.faults
    .map(({ path, record, line, reasons }) =>
      [path, record, line ?? "-", ...reasons.map((r) => `${r.code}:${r.column ?? "-"}`).sort()].join(" "),
    )
    .sort();
}

/** The same of every record that stands in quarantine. */
export async function foundQuarantine(tables: OpenTables): Promise<readonly string[]> {
  const rows = await tables.engine.all(
    `select path, record::int as record, line::int as line, reasons from ${tables.relation("quality/quarantine")}`,
  );
  return rows
    .map((row) => {
      const reasons = row["reasons"] as readonly { code: string; column: string | null }[];
      const told = reasons.map((r) => `${r.code}:${r.column ?? "-"}`).sort();
      return [row["path"], row["record"], row["line"] ?? "-", ...told].join(" ");
    })
    .sort();
}

/** Records, lines and stray quotes of every file as the generator wrote them. */
export function expectedFiles(truth: Truth): readonly unknown[] {
  return truth.files
    .map((file) => ({
      path: file.path,
      records: file.records,
      accepted: file.good,
      quarantined: file.records - file.good,
      lines: file.lines,
      header_lines: file.lines === null ? null : file.header_lines,
      blank_lines: file.lines === null ? null : file.blank_lines,
      stray_quotes: file.stray_quotes,
    }))
    .sort(byPath);
}

/** The same from the run file; of formats without lines only the records. */
export function foundFiles(run: RunFile, truth: Truth): readonly unknown[] {
  const withLines = new Set(truth.files.filter((f) => f.lines !== null).map((f) => f.path));
  return run.files
    .map((file) => {
      const lined = withLines.has(file.path);
      return {
        path: file.path,
        records: file.records,
        accepted: file.accepted,
        quarantined: file.quarantined,
        lines: lined ? file.lines : null,
        header_lines: lined ? file.header_lines : null,
        blank_lines: lined ? file.blank_lines : null,
        stray_quotes: file.stray_quotes,
      };
    })
    .sort(byPath);
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}

/** `path column` → exact sum, from the generator. */
export function expectedSums(truth: Truth): Readonly<Record<string, string>> {
  return Object.fromEntries(
    truth.files.flatMap((file) =>
      Object.entries(file.sums).map(([column, sum]) => [`${file.path} ${column}`, sum] as const),
    ),
  );
}

/** The same from the accepted rows of processed/<source>. */
export async function foundSums(tables: OpenTables, truth: Truth): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const source of new Set(truth.files.map((file) => file.source))) {
    const columns = new Set(
      truth.files.filter((f) => f.source === source).flatMap((f) => Object.keys(f.sums)),
    );
    const sums = [...columns].map(
      (column) => `coalesce(sum(cast("${column}" as decimal(38, 4))), 0)::varchar as "${column}"`,
    );
    const rows = await tables.engine.all(
      `select _file, ${sums.join(", ")} from ${tables.relation(`processed/${source}`)} group by _file`,
    );
    for (const file of truth.files.filter((f) => f.source === source)) {
      const row = rows.find((r) => r["_file"] === file.path);
      for (const column of Object.keys(file.sums)) found[`${file.path} ${column}`] = String(row?.[column]);
    }
  }
  return found;
}
