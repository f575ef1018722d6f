import type { FeedOptions, JsonSchema } from "../lib/config-types.js";
import type { CompiledColumn } from "./columns.js";
import type { Check } from "./rules.js";
import type { SchemaScope } from "./schema-parts.js";

/** What the judge and the oracle need beyond the plan. */
export interface CompiledContract {
  readonly columns: readonly CompiledColumn[];
  /** Checks of severity error, by bit. */
  readonly errors: readonly Check[];
  readonly warnings: readonly Check[];
  readonly schema: JsonSchema;
  readonly scope: SchemaScope;
}

/** Bits of one mask word: a BIGINT without its sign, and one to spare. */
export const WORD_BITS = 62;

export interface JudgeInput {
  /** A relation's name, or a subquery in parentheses. */
  readonly from: string;
  readonly format: "text" | "json";
  /** Canonical column → SQL over `from`: VARCHAR or null (text), JSON or null (json). Without one a column is null. */
  readonly bindings: Readonly<Record<string, string>>;
  /**
   * JSON whose bindings are already texts (as `->> '$'` gives them): canonical column → SQL of the value's json_type,
   * where VARCHAR may stand for a number.
   */
  readonly shapes?: Readonly<Record<string, string>>;
  /** Boolean SQL over `from`, never null: the record's texts are null where these columns' values are given here, typed. */
  readonly typed?: { readonly when: string; readonly values: Readonly<Record<string, string>> };
  readonly dialect: FeedOptions;
  /** Select items over `from` that are passed through: `_record`, `x as "_rescued"`. */
  readonly carry: readonly string[];
  /** The reader gives null for every empty field (text): spares a look at each. */
  readonly emptyIsNull?: boolean;
  /** Boolean SQL over `from`: the record has a value under a key that no column stands for. Absent: it never has. */
  readonly unknown?: string;
}

export interface JudgeSql {
  /** Yields the carried items, each column typed, `_mask_0` …, `_warnings`, and the texts `t:<column>`. */
  readonly select: string;
  /** Boolean SQL over it. */
  readonly accepted: string;
  readonly words: number;
  /** Over it: list of struct(code, column, rule, value, message), all VARCHAR, every failed error rule. */
  readonly reasons: string;
}
