import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../../lib/errors.js";
import type { DataPaths } from "../../lib/paths.js";

/** A larger export is not read into memory: the business view then says where the table is. */
const LIMIT_BYTES = 64_000_000;

export type ExportRow = Readonly<Record<string, unknown>>;
export type ExportTable =
  | { readonly state: "read"; readonly rows: readonly ExportRow[] }
  | { readonly state: "missing" | "too_large" };

/** An aggregated table as exported for people: `processed/exports/<table>.json`, or a file a month. */
export function readExport(paths: DataPaths, table: string): ExportTable {
  const files = exportFiles(paths, table);
  if (files.length === 0) return { state: "missing" };
  if (files.reduce((sum, file) => sum + statSync(file).size, 0) > LIMIT_BYTES) return { state: "too_large" };
  const rows = files.flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as readonly ExportRow[]);
  return { state: "read", rows };
}

/** The JSON files of an export, in the order of their months. */
export function exportFiles(paths: DataPaths, table: string): readonly string[] {
  return namesIn(paths.exports)
    .filter((name) => name.endsWith(".json") && (name === `${table}.json` || name.startsWith(`${table}-`)))
    .sort()
    .map((name) => join(paths.exports, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
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
