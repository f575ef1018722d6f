import type { QuarantineCode } from "../lib/run-types.js";
import type { Random } from "./random.js";
import type { Shop } from "./shop.js";

/** A record as text by column, null = absent. Formats turn it into bytes. */
export type Cells = (string | null)[];

export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "decimal" | "boolean" | "time" | "date";
  readonly required: boolean;
}

/** Why a record must be quarantined. `column` is null where the whole record is at fault. */
export interface ExpectedReason {
  readonly code: QuarantineCode;
  readonly column: string | null;
}

/** A value that its column must refuse. */
export interface BadValue {
  readonly column: string;
  readonly text: string;
  readonly code: QuarantineCode;
}

/** A record whose values are fine one by one but not together. */
export interface BadRecord {
  readonly kind: string;
  readonly reasons: readonly ExpectedReason[];
  spoil(cells: Cells): void;
}

/** How records of one source look, and how they go wrong. */
export interface SourceModel {
  readonly source: string;
  readonly columns: readonly Column[];
  /** True when the source is identified by a key: copies and versions of a record are then one row of enriched. */
  readonly keyed: boolean;
  readonly badValues: readonly BadValue[];
  readonly badRecords: readonly BadRecord[];
  /** Columns whose text may be broken by a stray quote, a NUL or a bad byte. */
  readonly textColumns: readonly string[];
  /** The index-th record of a day. */
  make(random: Random, shop: Shop, day: number, index: number): Cells;
  /** Turn a record into another version of the same key; null where there are none. */
  revise: ((cells: Cells, random: Random) => void) | null;
}

/** Columns from one line: `name:type!` with `!` for required; the type defaults to string. */
export function columnsOf(text: string): readonly Column[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [name = "", type = "string"] = word.replace("!", "").split(":");
      return { name, type: type as Column["type"], required: word.endsWith("!") };
    });
}

export function columnIndex(columns: readonly Column[], name: string): number {
  const index = columns.findIndex((column) => column.name === name);
  if (index < 0) throw new Error(`no column ${name}`);
  return index;
}
