import { literal } from "../engines/quote.js";
import type { FeedOptions } from "../lib/config-types.js";
import type { ColumnKind } from "./column-kind.js";
import { dateFormatCasts } from "./date-formats.js";
import { instant, zoned } from "./instants.js";

/**
 * SQL of one column from text to value, in two steps so that the engine computes each once:
 * `cast` is the engine's own generous cast, `value` keeps it only where the text proves that it was not generous,
 * and looks closer at the rest (surrounding blanks, signs of a dialect, rare spellings).
 */
export interface TextCast {
  /** Over the text column; null where the second step needs no cast. */
  readonly cast: string | null;
  /** Over the text column and the cast's column. */
  readonly value: string;
}

/** Blanks that are trimmed: ASCII white space, which the engine's own casts skip too. */
const BLANKS = literal(" \t\n\v\f\r");
const ISO_LOCAL =
  "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\\.[0-9]+)?)?";
const ISO_ZONE = "(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)";
/**
 * Common spellings of a time, for GLOB, which is the cheapest to look at: where a `?` stands, the engine's cast takes
 * nothing but a digit, as long as the others hold.
 */
const SHAPE = "[0-9]???-??-?[0-9][T ][0-9]?:??:?[0-9]";
const MILLISECONDS = ".[0-9][0-9][0-9]";
const NUMBER = "[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)";

export function textCast(kind: ColumnKind, text: string, cast: string, dialect: FeedOptions): TextCast {
  const trimmed = trim(text);
  switch (kind.kind) {
    case "string":
      return { cast: null, value: text };
    case "nested":
      return { cast: null, value: text };
    case "integer": {
      const plain = `regexp_replace(${trimmed}, '\\.0+$', '')`;
      return {
        cast: `try_cast(${text} as bigint)`,
        value: firstOf(
          text,
          [`${cast}::varchar = ${text}`, cast],
          [`${cast}::varchar || '.0' = ${text}`, cast],
          [matches(plain, "[+-]?[0-9]+"), `try_cast(${plain} as bigint)`],
        ),
      };
    }
    case "decimal":
      return decimalCast(text, cast, kind.precision, kind.scale, dialect);
    case "number":
      return numberCast(text, cast, dialect);
    case "share": {
      const number = numberCast(text, cast, dialect);
      const word = booleanCast(trim(text));
      return {
        cast: number.cast,
        value: `coalesce(${number.value}, case when ${text} is not null then ${word}::double end)`,
      };
    }
    case "boolean":
      return { cast: booleanCast(text), value: booleanValue(text, cast) };
    case "date":
      return {
        cast: `try_cast(${text} as date)`,
        value: firstOf(
          text,
          [`strlen(${text}) = 10 and ${cast}::varchar = ${text}`, cast],
          [matches(trimmed, "[0-9]{4}-[0-9]{2}-[0-9]{2}"), `try_cast(${trimmed} as date)`],
          ...dateFormatCasts(dialect, trimmed, "date"),
        ),
      };
    case "time": {
      // a text of one of these shapes was forgiven nothing by the cast but an hour 24; other spellings take the patterns
      const midnight = `epoch_us(${cast}) % 86400000000 = 0`;
      const sane = `${cast} between '0001-01-02'::timestamp and '9999-12-30'::timestamp and not (${midnight} and contains(${text}, '24:00:00'))`;
      const shaped = (form: string): string =>
        `strlen(${text}) = ${form.replaceAll(/\[[^\]]+\]/g, "?").length} and ${text} glob ${literal(form)} and ${sane}`;
      // the engine wants seconds before a zone
      const seconds = `regexp_replace(${trimmed}, '^(.{16})($|[Z+-])', '\\1:00\\2')`;
      return {
        // a cast to timestamptz only of what a pattern has seen: a zone's name in one row shifts the rows after it
        cast: `try_cast(${text} as timestamp)`,
        value: firstOf(
          text,
          [shaped(`${SHAPE}Z`), instant(cast)],
          [shaped(SHAPE), zoned(cast, dialect.timezone)],
          [shaped(`${SHAPE}${MILLISECONDS}Z`), instant(cast)],
          [shaped(`${SHAPE}${MILLISECONDS}`), zoned(cast, dialect.timezone)],
          [matches(trimmed, ISO_LOCAL), zoned(`try_cast(${seconds} as timestamp)`, dialect.timezone)],
          [matches(trimmed, `${ISO_LOCAL}${ISO_ZONE}`), `try_cast(${seconds} as timestamptz)`],
          ...dateFormatCasts(dialect, trimmed, "time"),
        ),
      };
    }
  }
}

/** A column's text where something is left of it: the empty text, blanks and the feed's null values are none. */
export function normalText(kind: ColumnKind, text: string, dialect: FeedOptions): string {
  if (kind.kind === "string") return text;
  return nullWhere(trim(text), ["", ...dialect.null_values]);
}

/** The feed's null values are also found between blanks, unless the column is a string. Texts without blanks pass by. */
export function nullBetweenBlanks(kind: ColumnKind, text: string, dialect: FeedOptions): string {
  if (kind.kind === "string" || dialect.null_values.length === 0) return text;
  return `case when ${text} < '!' or right(${text}, 1) < '!' then ${normalText(kind, text, dialect)} else ${text} end`;
}

/** Neither IN (a join that no CASE holds back) nor nested nullif (doubles its text each time). */
export function nullWhere(text: string, values: readonly string[]): string {
  if (values.length === 0) return text;
  if (values.length === 1) return `nullif(${text}, ${literal(values[0] ?? "")})`;
  return `case when ${values.map((value) => `${text} = ${literal(value)}`).join(" or ")} then null else ${text} end`;
}

function trim(text: string): string {
  return `trim(${text}, ${BLANKS})`;
}

function matches(text: string, pattern: string): string {
  return `regexp_full_match(${text}, ${literal(pattern)})`;
}

type Case = readonly [when: string, then: string];

/** Where the first case holds for all rows of a vector the engine takes its value as it is: so nulls join it. */
function firstOf(text: string, [when, then]: Case, ...rest: readonly Case[]): string {
  const cases: readonly Case[] = [[`${text} is null or (${when})`, then], ...rest];
  return `case ${cases.map(([when, then]) => `when ${when} then ${then}`).join(" ")} end`;
}

function decimalCast(
  text: string,
  cast: string,
  precision: number,
  scale: number,
  dialect: FeedOptions,
): TextCast {
  const type = `decimal(${precision}, ${scale})`;
  const plain = plainNumber(text, dialect);
  // trailing zeros aside, no more digits after the point than the type keeps
  const exact =
    scale === 0
      ? "[+-]?(?:[0-9]+(?:\\.0*)?|\\.0+)"
      : `[+-]?(?:[0-9]+(?:\\.[0-9]{0,${scale}}0*)?|\\.[0-9]{1,${scale}}0*)`;
  const slow = [
    `${plain.fits} and ${matches(plain.text, exact)}`,
    `try_cast(${plain.text} as ${type})`,
  ] as const;
  if (dialect.decimal !== ".") return { cast: null, value: firstOf(text, slow) };
  // the canonical text of the cast starts with what was read: nothing was rounded, no exponent, no underscore
  return {
    cast: `try_cast(${text} as ${type})`,
    value: firstOf(text, [`starts_with(${cast}::varchar, ${text})`, cast], slow),
  };
}

function numberCast(text: string, cast: string, dialect: FeedOptions): TextCast {
  const plain = plainNumber(text, dialect);
  const value = `try_cast(${plain.text} as double)`;
  const slow = [
    `${plain.fits} and ${matches(plain.text, `${NUMBER}(?:[eE][+-]?[0-9]+)?`)} and isfinite(${value})`,
    value,
  ] as const;
  if (dialect.decimal !== ".") return { cast: null, value: firstOf(text, slow) };
  return {
    cast: `try_cast(${text} as double)`,
    // the cast forgives underscores, and a minus after a plus
    value: firstOf(
      text,
      [`isfinite(${cast}) and not contains(${text}, '_') and not contains(${text}, '+')`, cast],
      slow,
    ),
  };
}

/** A number's text with the dialect's signs turned into plain ones, and whether they stood where they may. */
function plainNumber(text: string, dialect: FeedOptions): { readonly text: string; readonly fits: string } {
  const trimmed = trim(text);
  const point = signPattern(dialect.decimal);
  if (dialect.thousands === null) {
    if (dialect.decimal === ".") return { text: trimmed, fits: "true" };
    return { text: `replace(${trimmed}, ${literal(dialect.decimal)}, '.')`, fits: matches(trimmed, `[^.]*`) };
  }
  const group = signPattern(dialect.thousands);
  const plain = `replace(replace(${trimmed}, ${literal(dialect.thousands)}, ''), ${literal(dialect.decimal)}, '.')`;
  const rest = `(?:${point}[0-9]*)?(?:[eE][+-]?[0-9]+)?`;
  return {
    text: plain,
    fits: matches(trimmed, `[+-]?(?:[1-9][0-9]{0,2}(?:${group}[0-9]{3})+|[0-9]*)${rest}`),
  };
}

function signPattern(sign: string): string {
  return [...sign].map((character) => `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`).join("");
}

/** The engine knows the same words as we do, in any case. */
function booleanCast(text: string): string {
  return `try_cast(${text} as boolean)`;
}

function booleanValue(text: string, cast: string): string {
  return firstOf(text, [`${cast} is not null`, cast], [`${text} is not null`, booleanCast(trim(text))]);
}

/** A day or an instant outside the years 1 to 9999 is no value; other types have no such bounds. */
export function bounded(kind: ColumnKind, value: string): string {
  if (kind.kind === "date")
    return `case when ${value} between '0001-01-01'::date and '9999-12-31'::date then ${value} end`;
  if (kind.kind !== "time") return value;
  const [from, to] = ["0001-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00"];
  return `case when ${value} between '${from}'::timestamptz and '${to}'::timestamptz then ${value} end`;
}
