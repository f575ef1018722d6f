import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import type { Engine } from "../engines/engine.js";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { GristmillError, messageOf } from "../lib/errors.js";
import type { DataPaths, StagingPaths } from "../lib/paths.js";
import type { LedgerEntry, TableChange } from "../lib/run-types.js";
import { withJsonRows } from "./json-rows.js";
import { ledgerColumns, ledgerTable } from "./ledger-columns.js";
import { type LedgerState, ledgerState } from "./ledger-state.js";
import { openTable, type Snapshot } from "./snapshot.js";
import { writeTableFiles } from "./write-files.js";

/** The ledger, read without an engine. Throws bad_table, unknown_table_feature, file_system. */
export async function readLedger(paths: DataPaths): Promise<LedgerState> {
  return ledgerOf(await openTable(paths, ledgerTable));
}

/** The ledger at one version of its table. */
export async function ledgerOf(snapshot: Snapshot): Promise<LedgerState> {
  const rows: LedgerEntry[] = [];
  for (const { absolute } of snapshot.files) {
    try {
      const bytes = readFileSync(absolute);
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
      for (const row of await parquetReadObjects({ file })) rows.push(ledgerEntry(row));
    } catch (error) {
      throw new GristmillError("bad_table", `cannot read ${absolute} of the ledger: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
  return ledgerState(snapshot.version, rows);
}

function ledgerEntry(row: Readonly<Record<string, unknown>>): LedgerEntry {
  const entry: Record<string, unknown> = {};
  for (const { name } of ledgerColumns) {
    const value = row[name] ?? null;
    if (typeof value === "bigint") entry[name] = Number(value);
    else entry[name] = value instanceof Date ? value.toISOString() : value;
  }
  return entry as unknown as LedgerEntry;
}

/** An entry before the ledger has numbered it. */
export type NewLedgerEntry = Omit<LedgerEntry, "seq">;

/** Append entries to the ledger, numbered from `nextSeq` on; null when there are none. */
export async function ledgerChange(
  engine: Engine,
  ledger: LedgerState,
  entries: readonly NewLedgerEntry[],
  options: { readonly staging: StagingPaths; readonly operation?: string; readonly effects?: FileEffects },
): Promise<TableChange | null> {
  if (entries.length === 0) return null;
  const { staging, effects = nodeEffects } = options;
  const numbered = entries.map((entry, at) => ({ ...entry, seq: ledger.nextSeq + at }));
  const adds = await withJsonRows(numbered, ledgerColumns, staging.temp, (select) =>
    writeTableFiles(engine, select, {
      folder: join(staging.tables, ledgerTable),
      columns: ledgerColumns,
      partitionBy: [],
      compression: "snappy",
      effects,
    }),
  );
  return {
    table: ledgerTable,
    columns: ledgerColumns,
    partition_by: [],
    base_version: ledger.version,
    adds,
    removes: [],
    data_change: true,
    operation: options.operation ?? "JUDGE",
  };
}
