import { ident } from "../engines/quote.js";
import type { JsonSchema } from "../lib/config-types.js";
import { typeList } from "./column-kind.js";
import { type CompiledColumn, names, recordOf } from "./columns.js";
import { ANNOTATIONS } from "./inside-keywords.js";
import { all, any, type CompileContext, exactlyOne, negate, schemaCheck } from "./keywords.js";
import { below, type Place, refuse } from "./refusal.js";
import type { Check } from "./rules.js";
import { asSchema, resolve, type SchemaObject, type SchemaPart, type SchemaScope } from "./schema-parts.js";
import { columnView } from "./value-view.js";

/** Column of the judged relation that is true where the record has keys that the contract does not know. */
export const UNKNOWN = "c:?unknown";

interface RecordContext {
  readonly columns: ReadonlyMap<string, CompiledColumn>;
  readonly scope: SchemaScope;
  /** Columns that the schema at hand reads; filled while compiling. */
  readonly reads: Set<string>;
  readonly trail: readonly string[];
}

/** The checks over several columns that a record schema holds beside its columns' own. */
export function compileRecord(
  record: readonly SchemaPart[],
  columns: readonly CompiledColumn[],
  scope: SchemaScope,
): readonly Check[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const checks: Check[] = [];
  for (const { schema, place } of record) {
    for (const [keyword, value] of Object.entries(schema)) {
      if (["properties", "required", "$ref"].includes(keyword) || ANNOTATIONS.has(keyword)) continue;
      const context: RecordContext = { columns: byName, scope, reads: new Set(), trail: [] };
      const ok = recordKeyword(keyword, value, below(place, keyword), schema, context);
      if (ok === null || ok === "true") continue;
      checks.push({
        rule: keyword,
        code: "rule_failed",
        column: null,
        severity: "error",
        message: `the record does not satisfy ${keyword} of its schema`,
        ok,
        reads: [...context.reads],
      });
    }
  }
  return checks;
}

function recordCheck(schema: JsonSchema, place: Place, context: RecordContext): string {
  if (typeof schema === "boolean") return String(schema);
  const checks: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (ANNOTATIONS.has(keyword)) continue;
    const check = recordKeyword(keyword, value, below(place, keyword), schema, context);
    if (check !== null) checks.push(check);
  }
  return all(checks);
}

function recordKeyword(
  keyword: string,
  value: unknown,
  place: Place,
  schema: SchemaObject,
  context: RecordContext,
): string | null {
  switch (keyword) {
    case "type":
      return String(typeList(value, place).includes("object"));
    case "properties":
      return all(
        Object.entries(recordOf(value, place)).map(([name, entry]) =>
          propertyCheck(name, entry, below(place, name), context),
        ),
      );
    case "required":
      return all(names(value, place).map((name) => present(name, place, context)));
    case "dependentRequired":
      return all(
        Object.entries(recordOf(value, place)).map(([name, others]) => {
          const at = below(place, name);
          const needed = all(names(others, at).map((other) => present(other, at, context)));
          return any([negate(present(name, at, context)), needed]);
        }),
      );
    case "additionalProperties":
      return additional(value, place, schema, context);
    case "allOf":
      return all(subrecords(value, place, context));
    case "anyOf":
      return any(subrecords(value, place, context));
    case "oneOf":
      return exactlyOne(subrecords(value, place, context));
    case "not":
      return negate(recordCheck(asSchema(value, place), place, context));
    case "if": {
      const condition = recordCheck(asSchema(value, place), place, context);
      const branch = (name: "then" | "else") => {
        const at = { file: place.file, path: place.path.replace(/if$/, name) };
        return schema[name] === undefined ? "true" : recordCheck(asSchema(schema[name], at), at, context);
      };
      return all([any([negate(condition), branch("then")]), any([condition, branch("else")])]);
    }
    case "then":
    case "else":
      return null;
    case "$ref": {
      if (typeof value !== "string") return refuse(place, "must be a text");
      if (context.trail.includes(value)) return refuse(place, `${value} refers to itself`);
      const target = resolve(value, place, context.scope);
      return recordCheck(
        target,
        { file: place.file, path: value },
        { ...context, trail: [...context.trail, value] },
      );
    }
    default:
      return refuse(place, "this keyword is not supported for a record");
  }
}

function subrecords(value: unknown, place: Place, context: RecordContext): readonly string[] {
  if (!Array.isArray(value) || value.length === 0)
    return refuse(place, "must be a list of schemas, at least one");
  return value.map((entry, index) => {
    const at = below(place, index);
    return recordCheck(asSchema(entry, at), at, context);
  });
}

function propertyCheck(name: string, value: unknown, place: Place, context: RecordContext): string {
  const column = columnOf(name, place, context);
  const inner: CompileContext = { scope: context.scope, lenient: false, trail: [] };
  const schema = asSchema(value, place);
  if (column.kind.kind === "nested")
    return refuse(place, "a rule over several columns cannot look into an array or object");
  const check = schemaCheck(schema, place, columnView(column.kind, ident(name)), inner);
  return check === "true" ? "true" : `(${ident(name)} is null or ${check})`;
}

function present(name: string, place: Place, context: RecordContext): string {
  columnOf(name, place, context);
  return `(${ident(name)} is not null)`;
}

function additional(value: unknown, place: Place, schema: SchemaObject, context: RecordContext): string {
  if (value === true) return "true";
  if (value !== false) return refuse(place, "must be true or false for a record");
  const known = Object.keys(recordOf(schema["properties"], place));
  const others = [...context.columns.keys()].filter((name) => !known.includes(name));
  for (const name of others) context.reads.add(name);
  return all([...others.map((name) => `(${ident(name)} is null)`), `(${ident(UNKNOWN)} is not true)`]);
}

function columnOf(name: string, place: Place, context: RecordContext): CompiledColumn {
  const column = context.columns.get(name);
  if (column === undefined) return refuse(place, `${name} is no column: name it in the record's properties`);
  context.reads.add(name);
  return column;
}
