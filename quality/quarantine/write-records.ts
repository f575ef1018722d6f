import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { ident, literal } from "../../engines/quote.js";
import { stagedColumns } from "./columns.js";
import type { QuarantinedRecord } from "./quarantined-record.js";

/** Write quarantined records as staged Parquet to `file`. */
export async function writeQuarantined(
  engine: Engine,
  records: readonly QuarantinedRecord[],
  file: string,
): Promise<void> {
  const lines = `${file}.ndjson`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(lines, records.map((record) => `${JSON.stringify(portable(record))}\n`).join(""));
  try {
    await engine.copy(selectFrom(lines, longestLine(records)), { to: file });
  } finally {
    rmSync(lines);
  }
}

function selectFrom(lines: string, longest: number): string {
  const types = stagedColumns.map(
    ([name, type]) => `${ident(name)}: ${literal(type === "blob" ? "varchar" : type)}`,
  );
  const columns = stagedColumns.map(([name, type]) =>
    type === "blob" ? `from_base64(${ident(name)}) as ${ident(name)}` : ident(name),
  );
  return `select ${columns.join(", ")} from read_json(${literal(lines)}, format = 'newline_delimited',
    columns = {${types.join(", ")}}, maximum_object_size = ${longest})`;
}

/** Bytes to JSON text, as base64. */
function portable(record: QuarantinedRecord): Record<string, unknown> {
  const bytes = record.raw_bytes;
  return { ...record, raw_bytes: bytes === null ? null : Buffer.from(bytes).toString("base64") };
}

/** An upper bound of a line's bytes: a character takes at most 6 as JSON. */
function longestLine(records: readonly QuarantinedRecord[]): number {
  const longest = records.reduce((most, { raw, raw_bytes, reasons }) => {
    const values = reasons.reduce(
      (sum, reason) => sum + (reason.value?.length ?? 0) + reason.message.length,
      0,
    );
    return Math.max(most, (raw?.length ?? 0) + (raw_bytes?.length ?? 0) + values);
  }, 0);
  return 6 * longest + 65_536;
}
