import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { parquetMetadata } from "hyparquet";
import { GristmillError, messageOf } from "../lib/errors.js";

/** Rows of a Parquet file by its footer: for files whose writer left no statistics in the log. Throws file_system. */
export function parquetRows(file: string): number {
  try {
    const handle = openSync(file, "r");
    try {
      const size = fstatSync(handle).size;
      const footer = Buffer.alloc(8);
      readSync(handle, footer, 0, 8, size - 8);
      const length = footer.readUInt32LE(0) + 8;
      const bytes = new Uint8Array(length);
      readSync(handle, bytes, 0, length, size - length);
      return Number(parquetMetadata(bytes.buffer).num_rows);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new GristmillError("file_system", `cannot read the footer of ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
