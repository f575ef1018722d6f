import { ident, literal } from "../engines/quote.js";
import { sqlTypeOf } from "./column-kind.js";
import type { CompiledColumn } from "./columns.js";
import { type CompiledContract, type JudgeInput, type JudgeSql, WORD_BITS } from "./compiled-contract.js";
import { reasonsSql } from "./reasons.js";
import { UNKNOWN } from "./records.js";
import type { Check } from "./rules.js";
import { bounded, normalText, nullBetweenBlanks, nullWhere, textCast } from "./text-casts.js";

/** Column of the judged relation that is true where no check fails. */
const PASSED = "_passed";
/** Column that is true where the typed columns need no text. */
const TYPED = "c:?typed";
/** What never fails. */
const NEVER = "false";

/**
 * The SELECT that judges every row. Layers, so that each text, cast and value is computed once:
 * bound columns → texts (`t:`) → engine casts (`c:`) → values → masks.
 */
export function judgeSql(contract: CompiledContract, input: JudgeInput): JudgeSql {
  const { columns } = contract;
  const carried = input.carry.map(carriedName);
  const bound = columns.filter((column) => input.bindings[column.name] !== undefined);
  const open = [...carried, ident(UNKNOWN), ...(input.typed === undefined ? [] : [ident(TYPED)])];
  const extra = [
    `${input.unknown ?? "false"} as ${ident(UNKNOWN)}`,
    ...(input.typed === undefined ? [] : [`${input.typed.when} as ${ident(TYPED)}`]),
  ];

  const base = `select ${[...input.carry, ...extra, ...bound.flatMap((column) => boundItems(column, input))].join(", ")} from ${input.from}`;
  const given =
    input.format === "json" && input.shapes === undefined
      ? layer(base, [...open, ...bound.flatMap((column) => extractedItems(column, input))])
      : base;
  const texts = layer(given, [...open, ...bound.flatMap((column) => textItems(column, input))]);
  const casts = layer(texts, [...open, ...bound.flatMap((column) => castItems(column, input))]);
  const values = layer(casts, [...open, ...columns.flatMap((column) => valueItems(column, input))]);
  const final = layer(values, [...open, ...columns.flatMap((column) => finalItems(column, input))]);

  const words = Math.ceil(contract.errors.length / WORD_BITS);
  const fallible = columns.filter(canBeWrong(input));
  const wrong = new Map(fallible.map((column) => [column.name, wrongType(column)]));
  const masks = Array.from({ length: words }, (_, word) => {
    const checks = contract.errors.slice(word * WORD_BITS, (word + 1) * WORD_BITS);
    return `${maskWord(checks, wrong)} as ${ident(`_mask_${word}`)}`;
  });
  const select = layer(final, [
    ...carried,
    ...columns.map(value),
    `${passes(contract.errors, fallible, input)} as ${ident(PASSED)}`,
    ...masks,
    `${maskWord(contract.warnings, wrong)} as ${ident("_warnings")}`,
    ...columns.map(text),
  ]);
  return {
    select,
    accepted: ident(PASSED),
    words,
    reasons: reasonsSql(contract.errors),
  };
}

function layer(from: string, items: readonly string[]): string {
  return `select ${items.join(",\n  ")}\nfrom (${from})`;
}

function raw(column: CompiledColumn): string {
  return ident(`j:${column.name}`);
}
function text(column: CompiledColumn): string {
  return ident(`t:${column.name}`);
}
/** The text as it was given: `text` without the second look. */
function given(column: CompiledColumn): string {
  return ident(`u:${column.name}`);
}
function cast(column: CompiledColumn): string {
  return ident(`c:${column.name}`);
}
function value(column: CompiledColumn): string {
  return ident(column.name);
}

/** The name that a select item has outside. */
export function carriedName(item: string): string {
  const alias = item.match(/\bas\s+("(?:[^"]|"")+"|[A-Za-z_][A-Za-z0-9_]*)\s*$/i);
  return alias?.[1] ?? item.trim();
}

function boundItems(column: CompiledColumn, input: JudgeInput): readonly string[] {
  const shape = hasShape(column, input) ? input.shapes?.[column.name] : undefined;
  const own = `${input.bindings[column.name]} as ${raw(column)}`;
  const typed = input.typed?.values[column.name];
  return [
    own,
    ...(shape === undefined ? [] : [`${shape} as ${shapeOf(column)}`]),
    ...(typed === undefined ? [] : [`${typed} as ${typedOf(column)}`]),
  ];
}

/** JSON values as texts, and where only some shapes are values of the column, their shape. */
function extractedItems(column: CompiledColumn, input: JudgeInput): readonly string[] {
  const shape = hasShape(column, input) ? [`json_type(${raw(column)}) as ${shapeOf(column)}`] : [];
  return [`(${raw(column)} ->> '$') as ${raw(column)}`, ...shape];
}

function textItems(column: CompiledColumn, input: JudgeInput): readonly string[] {
  const { dialect, format } = input;
  // an empty JSON string is a string
  const isValue = format === "json" ? column.kind.kind === "string" : input.emptyIsNull === true;
  const empty = isValue ? [] : [""];
  const found = nullWhere(raw(column), [...empty, ...dialect.null_values]);
  return [`${nullBetweenBlanks(column.kind, found, dialect)} as ${text(column)}`, ...beside(column, input)];
}

function castItems(column: CompiledColumn, input: JudgeInput): readonly string[] {
  const own = textCast(column.kind, text(column), cast(column), input.dialect).cast;
  return [text(column), ...(own === null ? [] : [`${own} as ${cast(column)}`]), ...beside(column, input)];
}

/** What goes through the layers beside a column's text: its shape, and the value that was read typed. */
function beside(column: CompiledColumn, input: JudgeInput): readonly string[] {
  return [
    ...(hasShape(column, input) ? [shapeOf(column)] : []),
    ...(input.typed?.values[column.name] === undefined ? [] : [typedOf(column)]),
  ];
}

function hasShape(column: CompiledColumn, input: JudgeInput): boolean {
  return input.format === "json" && (column.kind.kind === "string" || column.kind.kind === "nested");
}

function typedOf(column: CompiledColumn): string {
  return ident(`p:${column.name}`);
}

function shapeOf(column: CompiledColumn): string {
  return ident(`s:${column.name}`);
}

function valueItems(column: CompiledColumn, input: JudgeInput): readonly string[] {
  if (input.bindings[column.name] === undefined) {
    return [`null::${sqlTypeOf(column.kind)} as ${value(column)}`, `null::varchar as ${text(column)}`];
  }
  const read = textCast(column.kind, text(column), cast(column), input.dialect).value;
  const own =
    column.nested === null ? read : `case when ${column.nested.name}(${text(column)}) <> 1 then ${read} end`;
  const kept = hasShape(column, input) ? `case when ${allowedShape(column)} then ${own} end` : own;
  const typed = input.typed?.values[column.name] !== undefined;
  const found = typed ? `case when ${ident(TYPED)} then ${typedOf(column)} else ${kept} end` : kept;
  return [`${found} as ${value(column)}`, text(column)];
}

/** Boolean SQL: a JSON value of a shape that the column may have; of scalars only strings and numbers are strings. */
function allowedShape(column: CompiledColumn): string {
  const shape = shapeOf(column);
  if (column.kind.kind === "nested") {
    return column.kind.types.map((type) => `${shape} = ${literal(type.toUpperCase())}`).join(" or ");
  }
  return `${shape} = 'VARCHAR' or ${shape} = 'DOUBLE' or suffix(${shape}, 'INT')`;
}

/** Where no value came of a text, the text is looked at once more: blanks alone are no text. */
function finalItems(column: CompiledColumn, input: JudgeInput): readonly string[] {
  if (input.bindings[column.name] === undefined || column.kind.kind === "string")
    return [value(column), text(column)];
  const found = bounded(column.kind, value(column));
  const normal = normalText(column.kind, text(column), input.dialect);
  const settled = `case when ${found} is not null or ${text(column)} is null then ${text(column)} when ${normal} is not null then ${text(column)} end`;
  return [
    `${found} as ${value(column)}`,
    `${settled} as ${text(column)}`,
    `${text(column)} as ${given(column)}`,
  ];
}

function canBeWrong(input: JudgeInput): (column: CompiledColumn) => boolean {
  return (column) =>
    input.bindings[column.name] !== undefined && (column.kind.kind !== "string" || input.format === "json");
}

function wrongType(column: CompiledColumn): string {
  return `(${value(column)} is null and ${text(column)} is not null)`;
}

/**
 * Boolean SQL: no check fails. For those who need not know which: the masks and the texts that reasons show are left out
 * of a scan that does not read them.
 */
function passes(checks: readonly Check[], fallible: readonly CompiledColumn[], input: JudgeInput): string {
  const byName = new Map(fallible.map((column) => [column.name, column]));
  const wrong = new Map(fallible.map((column) => [column.name, wrongText(column, input)]));
  const failures = checks
    .map((check) => {
      const column = byName.get(check.column ?? "");
      if (column?.required !== true || column.kind.kind === "string" || check.reads.length > 0)
        return fails(check, wrong);
      // neither missing nor of another type
      return check.rule === "type" ? `${value(column)} is null` : NEVER;
    })
    .filter((check) => check !== NEVER);
  return failures.length === 0 ? "true" : `case when ${failures.join(" or ")} then false else true end`;
}

/** `wrongType` for rows most of which have a value: looks at the text only where there is none. */
function wrongText(column: CompiledColumn, input: JudgeInput): string {
  if (column.kind.kind === "string") return wrongType(column);
  const normal = normalText(column.kind, given(column), input.dialect);
  return `(${value(column)} is null and ${given(column)} is not null and ${normal} is not null)`;
}

function maskWord(checks: readonly Check[], wrong: ReadonlyMap<string, string>): string {
  const bits = checks.flatMap((check, bit) => {
    const failure = fails(check, wrong);
    return failure === NEVER
      ? []
      : [`case when ${failure} then ${(1n << BigInt(bit)).toString()}::bigint else 0::bigint end`];
  });
  return bits.length === 0 ? "0::bigint" : bits.join(" + ");
}

/**
 * Boolean SQL: the check fails; null is no failure. A column's own check needs its value; one over several needs each
 * to be of its type.
 */
function fails(check: Check, wrong: ReadonlyMap<string, string>): string {
  if (check.column !== null) {
    // a text is always a value of a string column, and so is no text of any
    if (check.rule === "type" && check.reads.length === 0) return wrong.get(check.column) ?? NEVER;
    const needsValue = check.reads.length > 0 ? `${ident(check.column)} is not null and ` : "";
    return `${needsValue}not ${check.ok}`;
  }
  const guards = check.reads.flatMap((column) => wrong.get(column) ?? []);
  return [`not ${check.ok}`, ...guards.map((guard) => `not ${guard}`)].join(" and ");
}
