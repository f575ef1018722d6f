import { ident } from "../engines/quote.js";
import type { QuarantineCode } from "../lib/reason-types.js";
import { type ColumnKind, columnKind, personalMark } from "./column-kind.js";
import { keywordCheck } from "./keywords.js";
import { type NestedColumn, nestedColumn } from "./nested.js";
import { below, type Place, refuse } from "./refusal.js";
import type { Check } from "./rules.js";
import { asSchema, isRecord, type SchemaPart, type SchemaScope, schemaParts } from "./schema-parts.js";
import { columnView } from "./value-view.js";

/** One canonical column, compiled from its schema. */
export interface CompiledColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly personal: "mask" | "hash" | "drop" | null;
  readonly required: boolean;
  readonly checks: readonly Check[];
  /** The whole schema, where ajv looks into the value (arrays and objects). */
  readonly nested: NestedColumn | null;
}

const CODES: Readonly<Record<string, QuarantineCode>> = {
  minimum: "out_of_range",
  maximum: "out_of_range",
  exclusiveMinimum: "out_of_range",
  exclusiveMaximum: "out_of_range",
  multipleOf: "out_of_range",
  minLength: "out_of_range",
  maxLength: "out_of_range",
  enum: "not_allowed",
  const: "not_allowed",
  pattern: "pattern_mismatch",
  format: "pattern_mismatch",
};

/** The columns of a record schema, in its order, with their own checks. */
export function compileColumns(record: readonly SchemaPart[], scope: SchemaScope): readonly CompiledColumn[] {
  const properties = new Map<string, SchemaPart[]>();
  const required = new Set<string>();
  for (const { schema, place } of record) {
    for (const [name, value] of Object.entries(recordOf(schema["properties"], below(place, "properties")))) {
      const at = below(place, "properties", name);
      if (name === "" || /^(?:_|[cjpstu]:)/.test(name))
        refuse(at, "a column's name must not be empty or start with _ or x:");
      properties.set(name, [...(properties.get(name) ?? []), ...schemaParts(asSchema(value, at), at, scope)]);
    }
    for (const name of names(schema["required"], below(place, "required"))) required.add(name);
  }
  const folded = new Set<string>();
  for (const [name, parts] of properties) {
    // SQL's column names don't differ by case alone
    const place = parts[0]?.place;
    if (place !== undefined && folded.has(name.toLowerCase()))
      refuse(place, "two columns differ by case alone");
    folded.add(name.toLowerCase());
  }
  for (const name of required) {
    if (properties.has(name)) continue;
    const place = record[0]?.place ?? { file: "data_schemas.json" as const, path: "" };
    refuse(below(place, "required"), `${name} is no column: name it in properties`);
  }
  return [...properties].map(([name, parts]) => compileColumn(name, parts, required.has(name), scope));
}

function compileColumn(
  name: string,
  parts: readonly SchemaPart[],
  required: boolean,
  scope: SchemaScope,
): CompiledColumn {
  const kind = columnKind(parts);
  const view = columnView(kind, ident(name));
  const base = { column: name, severity: "error", reads: [name] } as const;
  const checks: Check[] = [];
  for (const { schema, place } of parts) {
    for (const [keyword, value] of Object.entries(schema)) {
      if (keyword === "type" || keyword === "$ref" || isTypeFormat(kind, keyword, value)) continue;
      const at = below(place, keyword);
      const ok = keywordCheck(keyword, value, at, view, schema, { scope, lenient: false, trail: [] });
      // of an array or object ajv judges the whole schema at once
      if (ok === null || kind.kind === "nested") continue;
      checks.push({
        ...base,
        rule: keyword,
        code: CODES[keyword] ?? "rule_failed",
        message: message(name, keyword, value),
        ok,
      });
    }
  }
  const nested = kind.kind === "nested" ? nestedColumn(name, kind.types, parts) : null;
  if (nested !== null) {
    checks.push({
      ...base,
      rule: "schema",
      code: "rule_failed",
      message: `${name} does not satisfy its schema`,
      ok: `${nested.name}(${ident(name)}) <> 2`,
    });
  }
  return { name, kind, required, personal: personalMark(parts), checks, nested };
}

/** `format: date` and `date-time` are types here (values.md), checked by the cast. */
function isTypeFormat(kind: ColumnKind, keyword: string, value: unknown): boolean {
  if (keyword !== "format") return false;
  return (kind.kind === "date" && value === "date") || (kind.kind === "time" && value === "date-time");
}

export function recordOf(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  return isRecord(value) ? value : refuse(place, "must be an object");
}

export function names(value: unknown, place: Place): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.some((name) => typeof name !== "string")) {
    return refuse(place, "must be a list of column names");
  }
  return value as readonly string[];
}

function message(column: string, keyword: string, value: unknown): string {
  const shown = JSON.stringify(value);
  switch (keyword) {
    case "minimum":
      return `${column} must be at least ${shown}`;
    case "maximum":
      return `${column} must be at most ${shown}`;
    case "exclusiveMinimum":
      return `${column} must be above ${shown}`;
    case "exclusiveMaximum":
      return `${column} must be below ${shown}`;
    case "multipleOf":
      return `${column} must be a multiple of ${shown}`;
    case "minLength":
      return `${column} must have at least ${shown} characters`;
    case "maxLength":
      return `${column} must have at most ${shown} characters`;
    case "enum":
      return `${column} must be one of ${(Array.isArray(value) ? value : []).map((entry) => JSON.stringify(entry)).join(", ")}`;
    case "const":
      return `${column} must be ${shown}`;
    case "pattern":
      return `${column} must match ${shown}`;
    case "format":
      return `${column} must be a valid ${String(value)}`;
    default:
      return `${column} does not satisfy ${keyword} of its schema`;
  }
}
