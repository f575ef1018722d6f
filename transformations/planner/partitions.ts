import { ident, literal } from "../../engines/quote.js";
import type { Grain } from "../models/model.js";

/** A day or the first day of a month as YYYY-MM-DD; null = rows without a time. */
export type PartitionValue = string | null;

/** Which partitions a change touches; `all` where it cannot be said or where there are none. */
export type Touched = "all" | "none" | { readonly unit: Grain; readonly values: ReadonlySet<PartitionValue> };

/** Days become their month where the unit is the month. */
export function toUnit(value: PartitionValue, unit: Grain): PartitionValue {
  return unit === "month" && value !== null ? `${value.slice(0, 7)}-01` : value;
}

/** The coarser of two units. */
export function coarser(a: Grain, b: Grain): Grain {
  return a === "month" || b === "month" ? "month" : "date";
}

export function touchedIn(touched: Touched, unit: Grain): Touched {
  if (touched === "all" || touched === "none") return touched;
  return { unit, values: new Set([...touched.values].map((value) => toUnit(value, unit))) };
}

/** What either touches. */
export function eitherTouched(a: Touched, b: Touched): Touched {
  if (a === "all" || b === "all") return "all";
  if (a === "none") return b;
  if (b === "none") return a;
  return { unit: a.unit, values: new Set([...a.values, ...b.values]) };
}

/** SQL: whether a DATE column falls into one of the partitions. */
export function inPartitions(
  column: string,
  unit: Grain,
  values: readonly PartitionValue[] | ReadonlySet<PartitionValue>,
): string {
  const days = [...values].filter((value) => value !== null);
  const name = unit === "month" ? `month_of(${ident(column)})` : ident(column);
  const parts = [];
  if (days.length > 0) parts.push(`${name} in (${days.map((day) => `date ${literal(day)}`).join(", ")})`);
  if (days.length < [...values].length) parts.push(`${ident(column)} is null`);
  return parts.length === 0 ? "false" : `coalesce(${parts.join(" or ")}, false)`;
}

export interface ChunkLimits {
  /** Rows that one statement may have to hold. */
  readonly rows: number;
  /** Partitions that one statement may have open for writing. */
  readonly partitions: number;
  /** Rows from which on a partition is worth a statement of its own. */
  readonly ownRows: number;
}

/** Neighbouring partitions, in order, cut so that no group is beyond the limits; a group holds at least one. */
export function chunks(
  rows: ReadonlyMap<PartitionValue, number>,
  limits: ChunkLimits,
): readonly (readonly PartitionValue[])[] {
  const ordered = [...rows.keys()].sort((a, b) => (a ?? "").localeCompare(b ?? "", "en"));
  const groups: PartitionValue[][] = [];
  let size = 0;
  for (const value of ordered) {
    const last = groups.at(-1);
    const more = rows.get(value) ?? 0;
    const isFull = size + more > limits.rows || (last?.length ?? 0) >= limits.partitions;
    const standsAlone = more >= limits.ownRows || (last?.length === 1 && size >= limits.ownRows);
    if (last === undefined || isFull || standsAlone) {
      groups.push([value]);
      size = more;
    } else {
      last.push(value);
      size += more;
    }
  }
  return groups;
}
