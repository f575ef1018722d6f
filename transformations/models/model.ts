import type { SqlFacts } from "./sql-facts.js";

export type Layer = "cleaned" | "enriched" | "joined" | "aggregated";
/** How finely a model follows the partitions of its first input. */
export type Grain = "date" | "month";

/** A relation that a model looks its rows up in, by columns that have the same name on both sides. */
export interface Lookup {
  readonly relation: string;
  readonly on: readonly string[];
}

/** What stands in the header of a model's file, as `-- key: value`. */
export interface ModelHeader {
  /** Partition column of the table; null = unpartitioned. Enriched tables follow their source instead. */
  readonly partition: string | null;
  /** Column and fineness by which the table follows its first input; null = made anew as a whole. */
  readonly grain: Grain | null;
  /** Column by whose hash the work may be cut when it does not fit the memory. */
  readonly bucket: string | null;
  readonly lookups: readonly Lookup[];
  /** Columns that depend on the run's date. */
  readonly runDate: readonly string[];
}

/** One SELECT, one relation, one file. */
export interface Model extends ModelHeader {
  /** `enriched.sales`, as other models name it. */
  readonly name: string;
  readonly layer: Layer;
  /** `sales`. */
  readonly relation: string;
  /** Where it stands, for messages. */
  readonly file: string;
  readonly sql: string;
  readonly facts: SqlFacts;
}

/** A scalar expression that several models share. */
export interface ModelFunction {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly returns: string;
  readonly file: string;
  readonly body: string;
}

/** Table of a model, relative to the data folder; null for what is never written (cleaned). */
export function tableOf(model: Pick<Model, "layer" | "relation">): string | null {
  return model.layer === "cleaned" ? null : `processed/${model.layer}/${model.relation}`;
}
