import { randomUUID } from "node:crypto";
import { join, relative } from "node:path";
import type { Engine, WrittenFile } from "../engines/engine.js";
import { ident } from "../engines/quote.js";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { GristmillError, messageOf } from "../lib/errors.js";
import type { AddFile, TableColumn } from "../lib/run-types.js";
import { deltaType, sqlType } from "./columns.js";
import { deltaStats } from "./stats.js";

export interface WriteOptions {
  /** The table's folder in staging: `join(staging.tables, table)`. */
  readonly folder: string;
  readonly columns: readonly TableColumn[];
  readonly partitionBy: readonly string[];
  /** Sort keys within a file; kept only where the table has no partitions. */
  readonly orderBy?: readonly string[];
  /** snappy where a reader without an engine follows (the ledger); default zstd. */
  readonly compression?: "zstd" | "snappy";
  readonly effects?: FileEffects;
}

/**
 * Write a SELECT as new, uniquely named files of a table, cast to its columns, and fsync them. No row, no file.
 * Throws file_system.
 */
export async function writeTableFiles(
  engine: Engine,
  select: string,
  options: WriteOptions,
): Promise<AddFile[]> {
  const { folder, columns, partitionBy, effects = nodeEffects } = options;
  const typed = columns.map(({ name, type }) => `cast(${ident(name)} as ${sqlType(type)}) as ${ident(name)}`);
  const order =
    options.orderBy === undefined
      ? ""
      : ` order by ${options.orderBy.map((name) => `${ident(name)} nulls last`).join(", ")}`;
  const query = `select ${typed.join(", ")} from (${select})${order}`;
  const compression = options.compression ?? "zstd";
  try {
    effects.mkdir(folder);
    const written = await engine.copy(
      query,
      partitionBy.length > 0
        ? { to: folder, partitionBy, compression }
        : { to: join(folder, `p-${randomUUID()}.parquet`), compression },
    );
    const filled = written.filter((file) => file.rows > 0);
    for (const file of written) if (file.rows === 0) effects.unlink(file.path);
    await effects.syncAll(filled.map((file) => file.path));
    return filled.map((file) => addFile(file, options));
  } catch (error) {
    if (isFileSystemFault(error)) {
      throw new GristmillError("file_system", `cannot write below ${folder}: ${messageOf(error)}`, {
        cause: error,
      });
    }
    throw error;
  }
}

function addFile(file: WrittenFile, options: WriteOptions): AddFile {
  const stored = options.columns.filter((column) => !options.partitionBy.includes(column.name));
  return {
    path: relative(options.folder, file.path),
    partition_values: file.partition,
    size: file.bytes,
    rows: file.rows,
    stats: deltaStats(file, stored),
  };
}

/** Whether an engine's or Node's error means the disk and not the SQL. */
export function isFileSystemFault(error: unknown): boolean {
  return (
    (typeof error === "object" && error !== null && "syscall" in error) ||
    /^IO Error|No space left|Read-only file system|Permission denied/.test(messageOf(error))
  );
}

/** The columns of a SELECT, as a table would hold them. Throws internal for a type that Parquet would change. */
export async function columnsOf(engine: Engine, select: string): Promise<TableColumn[]> {
  const rows = await engine.all(`describe ${select}`);
  return rows.map((row) => ({
    name: String(row["column_name"]),
    type: deltaType(String(row["column_type"])),
  }));
}
