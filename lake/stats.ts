import type { WrittenFile } from "../engines/engine.js";
import type { TableColumn } from "../lib/run-types.js";

/** `add.stats` of a Delta log. Bounds of strings may be cut (never too narrow); numbers beyond 2^53 lose digits. */
export interface DeltaStats {
  readonly numRecords: number;
  readonly minValues?: Readonly<Record<string, string | number>>;
  readonly maxValues?: Readonly<Record<string, string | number>>;
  readonly nullCount?: Readonly<Record<string, number>>;
}

/** Longer bounds of strings are cut: they only serve pruning. */
const MAX_STRING = 64;
const GREATEST_CHARACTER = "\u{10FFFF}";

/**
 * Delta statistics of a written file, as JSON text: decimals and 64-bit integers keep all their digits. A personal
 * column has its nulls counted and no bounds, which would be a person's name or address in clear.
 */
export function deltaStats(file: WrittenFile, columns: readonly TableColumn[]): string {
  const minimums: string[] = [];
  const maximums: string[] = [];
  const nulls: string[] = [];
  for (const { name, type, personal } of columns) {
    const stats = file.columns[name];
    if (stats === undefined || typeof type !== "string") continue;
    const key = JSON.stringify(name);
    if (stats["null_count"] !== undefined) nulls.push(`${key}:${stats["null_count"]}`);
    if (personal === true) continue;
    const min = stats["min"];
    const max = stats["max"];
    if (min === undefined || max === undefined || stats["has_nan"] === "true") continue;
    const low = bound(type, min, "min");
    const high = bound(type, max, "max");
    if (low === null || high === null) continue;
    minimums.push(`${key}:${low}`);
    maximums.push(`${key}:${high}`);
  }
  return `{"numRecords":${file.rows},"minValues":{${minimums.join(",")}},"maxValues":{${maximums.join(",")}},"nullCount":{${nulls.join(",")}}}`;
}

/** JSON token of a bound, or null where the type has none. */
function bound(type: string, value: string, side: "min" | "max"): string | null {
  if (type === "string") return JSON.stringify(cutString(value, side));
  if (type === "date") return /^\d{4}-\d\d-\d\d$/.test(value) ? JSON.stringify(value) : null;
  if (type === "timestamp") return timestampBound(value, side);
  if (type === "boolean" || type === "binary") return null;
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? value : null;
}

function cutString(value: string, side: "min" | "max"): string {
  const characters = [...value.slice(0, 2 * MAX_STRING + 2)];
  if (characters.length <= MAX_STRING) return value;
  return characters.slice(0, MAX_STRING).join("") + (side === "max" ? GREATEST_CHARACTER : "");
}

/** `2026-01-02 03:04:05.123456+00` to milliseconds: a minimum is cut down, a maximum rounded up. */
function timestampBound(value: string, side: "min" | "max"): string | null {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00(?::?00)?$/.exec(value);
  if (parts === null) return null;
  const micros = (parts[3] ?? "").padEnd(6, "0");
  const floor = Date.parse(`${parts[1]}T${parts[2]}.${micros.slice(0, 3)}Z`);
  const up = side === "max" && micros.slice(3) !== "000" ? 1 : 0;
  return JSON.stringify(new Date(floor + up).toISOString());
}
