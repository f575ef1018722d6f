import { readFileSync } from "node:fs";
import { parquetReadObjects } from "hyparquet";
import { GristmillError, messageOf } from "../lib/errors.js";
import type { Action } from "./log-actions.js";

const columns = ["protocol", "metaData", "txn", "add", "remove"];

/**
 * The actions of a checkpoint's parts, without an engine: starting one costs more than reading a log of 1,000 commits.
 * Throws bad_table.
 */
export async function readCheckpoint(parts: readonly string[]): Promise<readonly Action[]> {
  const actions: Action[] = [];
  for (const part of parts) {
    try {
      const bytes = readFileSync(part);
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
      for (const row of await parquetReadObjects({ file, columns })) actions.push(plain(row) as Action);
    } catch (error) {
      throw new GristmillError("bad_table", `cannot read the checkpoint ${part}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
  return actions;
}

/** 64-bit integers as numbers (versions, sizes and milliseconds fit), nulls left out. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) if (entry !== undefined) out[key] = plain(entry);
  return out;
}
