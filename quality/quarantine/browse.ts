import type { Engine, SqlRow, SqlValue } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";
import { relation } from "../../lake/relation.js";
import { openTable } from "../../lake/snapshot.js";
import type { DataPaths } from "../../lib/paths.js";
import type { Reason } from "../../lib/run-types.js";
import { quarantineColumns, quarantineTable } from "./columns.js";

/** Which quarantined records are meant. */
export interface QuarantineFilter {
  readonly source: string | null;
  /** Code of a reason. */
  readonly reason: string | null;
  /** Path relative to raw/, or base name. */
  readonly file: string | null;
  /** Those that a replay has published too. */
  readonly withReplayed: boolean;
}

export interface QuarantineCount {
  readonly source: string;
  readonly path: string;
  readonly code: string;
  readonly column: string | null;
  readonly rule: string;
  readonly records: number;
}

/** One row of the quarantine table. */
export interface QuarantineRow {
  readonly id: string;
  readonly run: string;
  readonly source: string;
  readonly feed: string;
  readonly path: string;
  readonly sha256: string;
  readonly record: number;
  readonly line: number | null;
  readonly reasons: readonly Reason[];
  readonly raw: string | null;
  readonly raw_bytes: Uint8Array | null;
  readonly replayed_by: string | null;
}

/** Records by file and reason, the most frequent first; a record counts under each of its reasons. */
export async function countQuarantine(
  engine: Engine,
  paths: DataPaths,
  filter: QuarantineFilter,
): Promise<readonly QuarantineCount[]> {
  const rows = await engine.all(
    `with reason as (select source, path, id, unnest(reasons) as r from ${await filtered(paths, filter)})
     select source, path, r.code as code, r."column" as "column", r.rule as rule, count(distinct id) as records
     from reason ${filter.reason === null ? "" : `where r.code = ${literal(filter.reason)}`}
     group by all order by records desc, source, path, code, rule`,
  );
  return rows.map((row) => ({
    source: String(row["source"]),
    path: String(row["path"]),
    code: String(row["code"]),
    column: textOrNull(row["column"]),
    rule: String(row["rule"]),
    records: Number(row["records"]),
  }));
}

/** How many records there are. */
export async function sizeOfQuarantine(
  engine: Engine,
  paths: DataPaths,
  filter: QuarantineFilter,
): Promise<number> {
  const rows = await engine.all(`select count(*) as n from ${await filtered(paths, filter)}`);
  return Number(rows[0]?.["n"] ?? 0);
}

/** Rows in the order of their files; `limit` null = all. */
export async function readQuarantine(
  engine: Engine,
  paths: DataPaths,
  filter: QuarantineFilter,
  limit: number | null,
): Promise<readonly QuarantineRow[]> {
  const rows = await engine.all(
    `select id, run, source, feed, path, sha256, record, line, reasons, raw, raw_bytes, replayed_by
     from ${await filtered(paths, filter)} order by path, record, id ${limit === null ? "" : `limit ${limit}`}`,
  );
  return rows.map(quarantineRow);
}

/** Rows by the path of their file, in their order. */
export function rowsByPath(rows: readonly QuarantineRow[]): ReadonlyMap<string, readonly QuarantineRow[]> {
  const byPath = new Map<string, QuarantineRow[]>();
  for (const row of rows) {
    const own = byPath.get(row.path);
    if (own === undefined) byPath.set(row.path, [row]);
    else own.push(row);
  }
  return byPath;
}

/** A row as JSON: bytes as base64. */
export function jsonRow(row: QuarantineRow): Readonly<Record<string, unknown>> {
  const bytes = row.raw_bytes;
  return { ...row, raw_bytes: bytes === null ? null : Buffer.from(bytes).toString("base64") };
}

async function filtered(paths: DataPaths, filter: QuarantineFilter): Promise<string> {
  const snapshot = await openTable(paths, quarantineTable);
  const conditions = [
    ...(filter.source === null ? [] : [`source = ${literal(filter.source)}`]),
    ...(filter.file === null ? [] : [`${literal(filter.file)} in (path, file)`]),
    ...(filter.reason === null
      ? []
      : [`list_contains(list_transform(reasons, lambda r: r.code), ${literal(filter.reason)})`]),
    ...(filter.withReplayed ? [] : ["replayed_by is null"]),
  ];
  const where = conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`;
  return `(select * from ${relation(snapshot, { columns: quarantineColumns })}${where})`;
}

function quarantineRow(row: SqlRow): QuarantineRow {
  return {
    id: String(row["id"]),
    run: String(row["run"]),
    source: String(row["source"]),
    feed: String(row["feed"]),
    path: String(row["path"]),
    sha256: String(row["sha256"]),
    record: Number(row["record"]),
    line: row["line"] === null ? null : Number(row["line"]),
    reasons: row["reasons"] as unknown as readonly Reason[],
    raw: textOrNull(row["raw"]),
    raw_bytes: row["raw_bytes"] instanceof Uint8Array ? row["raw_bytes"] : null,
    replayed_by: textOrNull(row["replayed_by"]),
  };
}

function textOrNull(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
