import type { FileSample } from "./sample.js";
import { findTimeFormat, ISO_DATE, ISO_TIME } from "./time-formats.js";

export type EvidentType =
  | "boolean"
  | "integer"
  | "number"
  | "decimal"
  | "date"
  | "date-time"
  | "string"
  | "object"
  | "array";

/** What the values of one column show. */
export interface ColumnEvidence {
  readonly name: string;
  readonly type: EvidentType;
  readonly records: number;
  readonly nulls: number;
  readonly distinct: number;
  /** Numbers only. */
  readonly min: number | null;
  readonly max: number | null;
  /** Digits after the point; decimals only. */
  readonly scale: number;
  /** strptime format of times that are not ISO 8601. */
  readonly format: string | null;
  readonly isAmbiguous: boolean;
  /** All values, where they are few and come again: a closed list. */
  readonly values: readonly string[] | null;
  /** Decimal sign and thousands sign, where the numbers show a comma. */
  readonly decimal: "," | ".";
}

const BOOLEANS = new Set(["true", "false", "yes", "no", "y", "n", "t", "f"]);
const INTEGER = /^[+-]?\d{1,18}$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const COMMA_NUMBER = /^[+-]?\d{1,3}(?:\.?\d{3})*,\d+$/;
const MONEY = /price|cost|amount|total|revenue|spent|fee|tax|sum|value/i;
const LISTED_VALUES = 12;
const LISTED_RECORDS = 50;

export function columnEvidence(sample: FileSample, name: string): ColumnEvidence {
  const texts = sample.records.map((record) => record[name]?.trim() ?? "").filter((text) => text !== "");
  const distinct = new Set(texts);
  const comma = texts.length > 0 && texts.every((text) => INTEGER.test(text) || COMMA_NUMBER.test(text));
  const isComma = comma && texts.some((text) => COMMA_NUMBER.test(text));
  const plain = isComma ? texts.map((text) => text.replaceAll(".", "").replace(",", ".")) : texts;
  const { type, format, isAmbiguous } = nestedType(sample, texts) ?? typeOf(name, plain, distinct);
  const isNumber = type === "integer" || type === "number" || type === "decimal";
  const numbers = isNumber ? plain.map(Number) : [];
  const isListed = type === "string" && distinct.size <= LISTED_VALUES && texts.length >= LISTED_RECORDS;
  return {
    name,
    type,
    records: sample.records.length,
    nulls: sample.records.length - texts.length,
    distinct: distinct.size,
    min: extreme(numbers, (a, b) => Math.min(a, b)),
    max: extreme(numbers, (a, b) => Math.max(a, b)),
    scale: plain.reduce((most, text) => Math.max(most, text.split(".")[1]?.length ?? 0), 0),
    format,
    isAmbiguous,
    values: isListed && distinct.size > 1 ? [...distinct].sort() : null,
    decimal: isComma ? "," : ".",
  };
}

function typeOf(
  name: string,
  texts: readonly string[],
  distinct: ReadonlySet<string>,
): Pick<ColumnEvidence, "type" | "format" | "isAmbiguous"> {
  const plain = (type: EvidentType) => ({ type, format: null, isAmbiguous: false });
  const all = (test: (text: string) => boolean): boolean => texts.length > 0 && texts.every(test);
  if ([...distinct].every((text) => BOOLEANS.has(text.toLowerCase())) && distinct.size > 0)
    return plain("boolean");
  // a leading zero is part of a code, not of a number
  const isCode = texts.some((text) => /^0\d/.test(text)) || /(^|_|\b)(id|code|zip|phone|sku)$/i.test(name);
  if (!isCode && all((text) => INTEGER.test(text))) return plain("integer");
  if (!isCode && all((text) => NUMBER.test(text))) {
    return plain(MONEY.test(name) && all((text) => !/e/i.test(text)) ? "decimal" : "number");
  }
  if (all((text) => ISO_DATE.test(text))) return plain("date");
  if (
    all((text) => ISO_TIME.test(text) || ISO_DATE.test(text)) &&
    texts.some((text) => ISO_TIME.test(text))
  ) {
    return plain("date-time");
  }
  const found = findTimeFormat(texts);
  if (found === null) return plain("string");
  return { type: found.hasTime ? "date-time" : "date", format: found.format, isAmbiguous: found.isAmbiguous };
}

/** Arrays and objects, which only JSON has. */
function nestedType(
  { format }: FileSample,
  texts: readonly string[],
): Pick<ColumnEvidence, "type" | "format" | "isAmbiguous"> | null {
  if (format !== "json" || texts.length === 0) return null;
  for (const [type, start] of [
    ["object", "{"],
    ["array", "["],
  ] as const) {
    if (texts.every((text) => text.startsWith(start))) return { type, format: null, isAmbiguous: false };
  }
  return null;
}

function extreme(numbers: readonly number[], of: (a: number, b: number) => number): number | null {
  return numbers.length === 0 ? null : numbers.reduce(of);
}
