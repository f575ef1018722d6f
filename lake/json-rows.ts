import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ident, literal } from "../engines/quote.js";
import type { TableColumn } from "../lib/run-types.js";
import { sqlType } from "./columns.js";

const MIN_LINE_BYTES = 1_048_576;

/** Hand records to the engine: `work` gets a SELECT over them, typed. The file between is gone afterwards. */
export async function withJsonRows<T>(
  rows: readonly unknown[],
  columns: readonly TableColumn[],
  tempFolder: string,
  work: (select: string) => Promise<T>,
): Promise<T> {
  mkdirSync(tempFolder, { recursive: true });
  const file = join(tempFolder, `rows-${randomUUID()}.jsonl`);
  try {
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
    writeFileSync(file, lines.join(""));
    // the reader allocates twice this at once
    const longest = lines.reduce((most, line) => Math.max(most, Buffer.byteLength(line)), MIN_LINE_BYTES);
    const types = columns.map(({ name, type }) => `${literal(name)}: ${literal(sqlType(type))}`).join(", ");
    const scan = `read_json(${literal(file)}, format = 'newline_delimited', columns = {${types}}, maximum_object_size = ${longest})`;
    return await work(`select ${columns.map(({ name }) => ident(name)).join(", ")} from ${scan}`);
  } finally {
    rmSync(file, { force: true });
  }
}
