import type { FeedOptions } from "../../lib/config-types.js";
import type { ColumnKind } from "../column-kind.js";
import { type ExactNumber, exactNumber } from "./exact-number.js";
import { isJsonNumber, numberText, parseJson, plainJson } from "./json-record.js";
import { readDay, readTime } from "./time-text.js";

/** What a column of a record holds: nothing, something that is no value of its type, or a value. */
export type OracleValue =
  | { readonly state: "null" }
  | { readonly state: "wrong" }
  | {
      readonly state: "value";
      /** As ajv sees it. */
      readonly json: unknown;
      /** Exact digits of integers and decimals. */
      readonly exact: ExactNumber | null;
      /** Microseconds of a time. */
      readonly micros: bigint | null;
    };

/** A text that is a value of its column. */
export type Value = Extract<OracleValue, { readonly state: "value" }>;

/** A verdict on a whole record of typed values; null: this rule is not covered. */
export type RowJudge = (values: ReadonlyMap<string, OracleValue>, unknown: boolean) => boolean;

const NOTHING = { state: "null" } as const;
const WRONG = { state: "wrong" } as const;
const LONGEST = 2n ** 63n;

/** values.md, in plain TypeScript: the second opinion on the SQL that text-casts.ts compiles. */
export function oracleValue(
  kind: ColumnKind,
  input: unknown,
  format: "text" | "json",
  dialect: FeedOptions,
): OracleValue {
  if (input === null || input === undefined) return NOTHING;
  const scalar = typeof input !== "object" || isJsonNumber(input);
  if (kind.kind === "nested") return nested(kind.types, input, format, dialect);
  if (!scalar) return WRONG;
  const text = scalarText(input);
  if (dialect.null_values.includes(text)) return NOTHING;
  if (kind.kind === "string") {
    if (text === "" && format === "text") return NOTHING;
    return typeof input === "boolean" ? WRONG : value(text);
  }
  const trimmed = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "");
  if (trimmed === "" || dialect.null_values.includes(trimmed)) return NOTHING;
  return typed(kind, trimmed, dialect);
}

/** The text of a JSON scalar, which a feed's null values are compared with whatever the column's type. */
function scalarText(input: unknown): string {
  if (typeof input === "string") return input;
  return isJsonNumber(input) || typeof input === "number" ? numberText(input) : String(input);
}

function value(json: unknown, exact: ExactNumber | null = null, micros: bigint | null = null): OracleValue {
  return { state: "value", json, exact, micros };
}

function typed(kind: ColumnKind, text: string, dialect: FeedOptions): OracleValue {
  switch (kind.kind) {
    case "integer": {
      if (!/^[+-]?[0-9]+(\.0+)?$/.test(text)) return WRONG;
      const whole = BigInt(text.replace(/\.0+$/, "").replace(/^\+/, ""));
      if (whole >= LONGEST || whole < -LONGEST) return WRONG;
      return value(Number(whole), { digits: whole, scale: 0 });
    }
    case "number": {
      const number = numberOf(text, dialect);
      return number === null ? WRONG : value(number);
    }
    case "share": {
      const number = numberOf(text, dialect);
      if (number !== null) return value(number);
      const word = booleanOf(text);
      return word === null ? WRONG : value(word ? 1 : 0);
    }
    case "decimal": {
      const plain = plainText(text, dialect);
      if (plain === null || /[eE]/.test(plain)) return WRONG;
      const exact = exactNumber(plain);
      if (exact.scale > kind.scale) return WRONG;
      const unscaled = exact.digits * 10n ** BigInt(kind.scale - exact.scale);
      if (unscaled >= 10n ** BigInt(kind.precision) || unscaled <= -(10n ** BigInt(kind.precision)))
        return WRONG;
      return value(Number(plain), exact);
    }
    case "boolean": {
      const word = booleanOf(text);
      return word === null ? WRONG : value(word);
    }
    case "date": {
      const day = readDay(text, dialect);
      return day === null ? WRONG : value(day);
    }
    case "time": {
      const micros = readTime(text, dialect);
      if (micros === null) return WRONG;
      return value(new Date(Number(micros / 1000n)).toISOString(), null, micros);
    }
    case "string":
    case "nested":
      return value(text);
  }
}

function booleanOf(text: string): boolean | null {
  const word = text.toLowerCase();
  if (["true", "1", "yes", "y", "t"].includes(word)) return true;
  return ["false", "0", "no", "n", "f"].includes(word) ? false : null;
}

function numberOf(text: string, dialect: FeedOptions): number | null {
  const plain = plainText(text, dialect);
  const number = plain === null ? Number.NaN : Number(plain);
  return Number.isFinite(number) ? number : null;
}

/** A number's text with plain signs, or null where it is none. */
function plainText(text: string, dialect: FeedOptions): string | null {
  const match = /^([+-]?)([^eE]*)([eE][+-]?[0-9]+)?$/.exec(text);
  if (match === null) return null;
  const [, sign = "", mantissa = "", exponent = ""] = match;
  const [whole = "", fraction, ...more] = mantissa.split(dialect.decimal);
  if (more.length > 0 || (fraction !== undefined && !/^[0-9]*$/.test(fraction))) return null;
  let digits = whole;
  if (dialect.thousands !== null && whole.includes(dialect.thousands)) {
    const [first = "", ...groups] = whole.split(dialect.thousands);
    if (!/^[1-9][0-9]{0,2}$/.test(first) || groups.some((group) => !/^[0-9]{3}$/.test(group))) return null;
    digits = whole.replaceAll(dialect.thousands, "");
  }
  if (!/^[0-9]*$/.test(digits)) return null;
  if (digits === "" && (fraction === undefined || fraction === "")) return null;
  return `${sign}${digits === "" ? "0" : digits}${fraction === undefined || fraction === "" ? "" : `.${fraction}`}${exponent}`;
}

function nested(
  types: readonly ("array" | "object")[],
  input: unknown,
  format: "text" | "json",
  dialect: FeedOptions,
): OracleValue {
  if (typeof input === "string") {
    const trimmed = input.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "");
    if (dialect.null_values.includes(input) || trimmed === "" || dialect.null_values.includes(trimmed))
      return NOTHING;
    // a JSON string is no array and no object, even if it spells one
    if (format === "json") return WRONG;
    const parsed = parsedOrNull(trimmed);
    return parsed === null || !types.includes(shapeOf(parsed)) ? WRONG : value(plainJson(parsed));
  }
  if (typeof input !== "object" || input === null || isJsonNumber(input))
    return dialect.null_values.includes(scalarText(input)) ? NOTHING : WRONG;
  return types.includes(shapeOf(input)) ? value(plainJson(input)) : WRONG;
}

function shapeOf(parsed: unknown): "array" | "object" {
  return Array.isArray(parsed) ? "array" : "object";
}

function parsedOrNull(text: string): object | null {
  try {
    const parsed = parseJson(text);
    return typeof parsed === "object" && parsed !== null && !isJsonNumber(parsed) ? parsed : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
