import { literal } from "../engines/quote.js";
import type { JsonSchema } from "../lib/config-types.js";
import { typeList } from "./column-kind.js";
import { formatCheck, KNOWN_FORMATS } from "./formats.js";
import { ANNOTATIONS, checkInside, NESTED_KEYWORDS } from "./inside-keywords.js";
import { multipleOf, numberLiteral } from "./numbers.js";
import { re2Pattern } from "./patterns.js";
import { below, type Place, refuse } from "./refusal.js";
import { asSchema, resolve, type SchemaObject, type SchemaScope } from "./schema-parts.js";
import type { JsonType, ValueView } from "./value-view.js";

/** What a compile needs beside the schema. */
export interface CompileContext {
  readonly scope: SchemaScope;
  /** A keyword that says nothing about this value's type: refuse it (columns), or let it pass (values as they are). */
  readonly lenient: boolean;
  /** `$ref`s on the way here: one that comes back without going into a property never ends. */
  readonly trail: readonly string[];
}

type KeywordCompiler = (
  value: unknown,
  place: Place,
  view: ValueView,
  schema: SchemaObject,
  context: CompileContext,
) => string;

/** Boolean SQL: the value satisfies the schema. */
export function schemaCheck(
  schema: JsonSchema,
  place: Place,
  view: ValueView,
  context: CompileContext,
): string {
  if (typeof schema === "boolean") return String(schema);
  const checks: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const check = keywordCheck(keyword, value, below(place, keyword), view, schema, context);
    if (check !== null) checks.push(check);
  }
  return all(checks);
}

/** The same of one keyword; null for an annotation. */
export function keywordCheck(
  keyword: string,
  value: unknown,
  place: Place,
  view: ValueView,
  schema: SchemaObject,
  context: CompileContext,
): string | null {
  if (ANNOTATIONS.has(keyword) || keyword === "then" || keyword === "else") return null;
  if (NESTED_KEYWORDS.has(keyword)) {
    if (context.lenient || view.is("array") === "true" || view.is("object") === "true") {
      checkInside(keyword, value, place, (name) => COMPILERS[name] !== undefined);
      return null;
    }
    return refuse(place, "says nothing about a column that is no array and no object");
  }
  const compiler = COMPILERS[keyword];
  if (compiler === undefined) return refuse(place, "this keyword is not supported");
  return compiler(value, place, view, schema, context);
}

export function all(checks: readonly string[]): string {
  const open = checks.filter((check) => check !== "true");
  if (open.includes("false")) return "false";
  return open.length === 0 ? "true" : `(${open.join(" and ")})`;
}

export function any(checks: readonly string[]): string {
  const open = checks.filter((check) => check !== "false");
  if (open.includes("true")) return "true";
  return open.length === 0 ? "false" : `(${open.join(" or ")})`;
}

export function negate(check: string): string {
  if (check === "true") return "false";
  return check === "false" ? "true" : `(not ${check})`;
}

const COMPILERS: Readonly<Record<string, KeywordCompiler>> = {
  type: (value, place, view) => any(typeList(value, place).map((type) => view.is(type as JsonType))),
  enum: (value, place, view, _, context) => {
    if (!Array.isArray(value)) return refuse(place, "must be a list");
    return any(value.map((member, index) => equals(member, below(place, index), view, context)));
  },
  const: (value, place, view, _, context) => equals(value, place, view, context),
  minimum: bound(">="),
  maximum: bound("<="),
  exclusiveMinimum: bound(">"),
  exclusiveMaximum: bound("<"),
  multipleOf: (value, place, view, _, context) => {
    const number = numberOf(view, place, context);
    if (typeof value !== "number" || !(value > 0)) return refuse(place, "must be a number above 0");
    return number === null ? "true" : unless(view, "number", multipleOf(number.sql, number.exactness, value));
  },
  minLength: length(">="),
  maxLength: length("<="),
  pattern: (value, place, view, _, context) => {
    if (typeof value !== "string") return refuse(place, "must be a text");
    const pattern = re2Pattern(value, place);
    const text = textOf(view, place, context);
    return text === null ? "true" : unless(view, "string", `regexp_matches(${text}, ${literal(pattern)})`);
  },
  format: (value, place, view, _, context) => {
    if (typeof value !== "string" || !KNOWN_FORMATS.has(value)) {
      return refuse(
        place,
        `${JSON.stringify(value)} is not supported; known are ${[...KNOWN_FORMATS].join(", ")}`,
      );
    }
    const text = textOf(view, place, context);
    return text === null ? "true" : unless(view, "string", formatCheck(value, text));
  },
  allOf: (value, place, view, _, context) => all(subschemas(value, place, view, context)),
  anyOf: (value, place, view, _, context) => any(subschemas(value, place, view, context)),
  oneOf: (value, place, view, _, context) => exactlyOne(subschemas(value, place, view, context)),
  not: (value, place, view, _, context) => negate(schemaCheck(asSchema(value, place), place, view, context)),
  if: (value, place, view, schema, context) => {
    const condition = schemaCheck(asSchema(value, place), place, view, context);
    const branch = (keyword: "then" | "else") => {
      const at = { file: place.file, path: place.path.replace(/if$/, keyword) };
      return schema[keyword] === undefined
        ? "true"
        : schemaCheck(asSchema(schema[keyword], at), at, view, context);
    };
    return all([any([negate(condition), branch("then")]), any([condition, branch("else")])]);
  },
  $ref: (value, place, view, _, context) => {
    if (typeof value !== "string") return refuse(place, "must be a text");
    if (context.trail.includes(value)) return refuse(place, `${value} refers to itself`);
    const target = resolve(value, place, context.scope);
    return schemaCheck(target, { file: place.file, path: value }, view, {
      ...context,
      trail: [...context.trail, value],
    });
  },
};

export function exactlyOne(checks: readonly string[]): string {
  if (checks.length === 1) return checks[0] ?? "true";
  return `(${checks.map((check) => `case when ${check} then 1 else 0 end`).join(" + ")} = 1)`;
}

function subschemas(
  value: unknown,
  place: Place,
  view: ValueView,
  context: CompileContext,
): readonly string[] {
  if (!Array.isArray(value) || value.length === 0)
    return refuse(place, "must be a list of schemas, at least one");
  return value.map((entry, index) => {
    const at = below(place, index);
    return schemaCheck(asSchema(entry, at), at, view, context);
  });
}

function bound(operator: string): KeywordCompiler {
  return (value, place, view, _, context) => {
    const number = numberOf(view, place, context);
    if (typeof value !== "number") return refuse(place, "must be a number");
    if (number === null) return "true";
    return unless(view, "number", `${number.sql} ${operator} ${numberLiteral(value, number.exactness)}`);
  };
}

function length(operator: string): KeywordCompiler {
  return (value, place, view, _, context) => {
    const text = textOf(view, place, context);
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
      return refuse(place, "must be a whole number, at least 0");
    return text === null ? "true" : unless(view, "string", `length(${text}) ${operator} ${value}`);
  };
}

/** `check` where the value is of the type, true elsewhere. */
function unless(view: ValueView, type: JsonType, check: string): string {
  const is = view.is(type);
  return is === "true" ? `(${check})` : `(case when ${is} then ${check} else true end)`;
}

function numberOf(view: ValueView, place: Place, context: CompileContext): ValueView["number"] {
  if (view.number === null && !context.lenient)
    return refuse(place, "says nothing about a column that is no number");
  return view.number;
}

function textOf(view: ValueView, place: Place, context: CompileContext): string | null {
  if (view.text === null && !context.lenient)
    return refuse(place, "says nothing about a column that is no string");
  return view.text;
}

/** JSON equality with one member; arrays and objects equal no scalar. */
function equals(member: unknown, place: Place, view: ValueView, context: CompileContext): string {
  if (member === null) return view.is("null");
  if (typeof member === "object") {
    if (context.lenient || view.is("array") === "true" || view.is("object") === "true") return "false";
    return refuse(place, "a list or an object is no value of this column");
  }
  if (typeof member === "string") {
    if (view.text !== null) return compare(view, "string", `${view.text} = ${literal(member)}`);
  } else if (typeof member === "number") {
    if (view.number !== null)
      return compare(view, "number", `${view.number.sql} = ${numberLiteral(member, view.number.exactness)}`);
  } else if (typeof member === "boolean") {
    if (view.boolean !== null) return compare(view, "boolean", `${view.boolean} = ${member}`);
  }
  if (context.lenient) return "false";
  return refuse(place, `${JSON.stringify(member)} is no value of this column's type`);
}

function compare(view: ValueView, type: JsonType, check: string): string {
  return view.is(type) === "true" ? `(${check})` : `coalesce(${check}, false)`;
}
