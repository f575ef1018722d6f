import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../../lib/errors.js";
import type { DataPaths } from "../../lib/paths.js";

/** A larger export is not read into memory: the business view then says where the table is. */
const LIMIT_BYTES = 64_000_000;

export type ExportRow = Readonly<Record<string, unknown>>;
export type ExportTable =
  | { readonly state: "read"; readonly rows: readonly ExportRow[] }
  | { readonly state: "missing" | "too_large" };

/** An aggregated table as exported for people: `processed/exports/<table>.json`. */
export function readExport(paths: DataPaths, table: string): ExportTable {
  const file = join(paths.exports, `${table}.json`);
  try {
    if (statSync(file).size > LIMIT_BYTES) return { state: "too_large" };
    const rows: unknown = JSON.parse(readFileSync(file, "utf8"));
    return Array.isArray(rows) ? { state: "read", rows } : { state: "missing" };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return { state: "missing" };
    throw error;
  }
}

/** A cell as a number; money and 64-bit integers may stand as text. */
export function numberOf(row: ExportRow, column: string): number {
  const value = row[column];
  const number = typeof value === "number" ? value : typeof value === "string" ? Number(value) : 0;
  return Number.isFinite(number) ? number : 0;
}

export function textOf(row: ExportRow, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}
