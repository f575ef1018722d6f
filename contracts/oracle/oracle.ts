import type { Config, FeedOptions, JsonSchema } from "../../lib/config-types.js";
import type { QuarantineCode } from "../../lib/reason-types.js";
import { type ColumnKind, columnKind } from "../column-kind.js";
import type { Contract } from "../contract.js";
import { type SchemaObject, schemaParts } from "../schema-parts.js";
import { ajvJudges, type ValueJudge } from "./ajv-instance.js";
import { keywordReads } from "./record-reads.js";
import { columnRules, rowRule } from "./rules.js";
import { type OracleValue, oracleValue, type RowJudge, type Value } from "./value-text.js";

export interface OracleReason {
  readonly code: QuarantineCode;
  readonly column: string | null;
  readonly rule: string;
}

export interface OracleOptions {
  /** The record holds a value under a key that no column stands for. */
  readonly unknown?: boolean;
}

/** The second opinion on a contract: TypeScript and ajv where the judge is SQL. */
export interface Oracle {
  /** Every error rule that the record fails; a text record holds text or null, a JSON record what parseJson gives. */
  judge(
    record: Readonly<Record<string, unknown>>,
    format: "text" | "json",
    options?: OracleOptions,
  ): readonly OracleReason[];
  /** Names of row rules that only SQL can evaluate: leave them out of a comparison. */
  readonly uncovered: readonly string[];
}

interface ColumnJudge {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly required: boolean;
  readonly rules: readonly {
    readonly rule: string;
    readonly code: QuarantineCode;
    readonly passes: (value: Value) => boolean;
  }[];
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
const SILENT = new Set([
  "type",
  "title",
  "description",
  "$ref",
  "$defs",
  "$comment",
  "$schema",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "then",
  "else",
  "x-decimal",
  "x-personal",
]);

/** Build the oracle of a contract for feeds of one dialect. */
export function createOracle(
  contract: Contract,
  config: Pick<Config, "schemas" | "defs" | "rules">,
  dialect: FeedOptions,
): Oracle {
  const document = { $defs: config.defs, ...config.schemas };
  const compile = ajvJudges(document);
  const scope = { document };
  const place = { file: "data_schemas.json", path: contract.source } as const;
  const record = schemaParts(config.schemas[contract.source] ?? true, place, scope).map(
    (part) => part.schema,
  );
  const required = new Set(
    record.flatMap((schema) => (schema["required"] as readonly string[] | undefined) ?? []),
  );
  const rules = config.rules[contract.source];

  const properties = new Map<string, JsonSchema[]>();
  for (const schema of record) {
    for (const [name, own] of Object.entries(
      (schema["properties"] as Record<string, JsonSchema> | undefined) ?? {},
    )) {
      properties.set(name, [...(properties.get(name) ?? []), own]);
    }
  }
  const columns: readonly ColumnJudge[] = [...properties].map(([name, schemas]) => {
    const parts = schemas.flatMap((schema) => schemaParts(schema, place, scope));
    const kind = columnKind(parts);
    const own = parts.flatMap(({ schema }) => keywordRules(schema, kind, compile));
    return {
      name,
      kind,
      required: required.has(name),
      rules: [...own, ...columnRules(rules?.columns[name] ?? {})],
    };
  });
  const names = columns.map((column) => column.name);
  const recordRules = record.flatMap((schema) => recordKeywordRules(schema, names, document, compile));
  const uncovered: string[] = [];
  const rowRules = (rules?.rows ?? []).flatMap((rule) => {
    if (rule.severity !== undefined && rule.severity !== "error") return [];
    const judge = rowRule(rule.expression);
    if (judge === null) uncovered.push(rule.name);
    return judge === null ? [] : [{ rule: rule.name, passes: judge }];
  });

  return {
    uncovered,
    judge: (input, format, options = {}) => {
      const reasons: OracleReason[] = [];
      const values = new Map<string, OracleValue>();
      for (const column of columns) {
        const value = oracleValue(column.kind, input[column.name], format, dialect);
        values.set(column.name, value);
        const fail = (code: QuarantineCode, rule: string) =>
          reasons.push({ code, column: column.name, rule });
        if (value.state === "null" && column.required) fail("missing_required", "required");
        if (value.state === "wrong") fail("wrong_type", "type");
        if (value.state !== "value") continue;
        for (const rule of column.rules) if (!rule.passes(value)) fail(rule.code, rule.rule);
      }
      for (const { rule, passes } of [...recordRules, ...rowRules]) {
        if (!passes(values, options.unknown === true))
          reasons.push({ code: "rule_failed", column: null, rule });
      }
      return reasons;
    },
  };
}

function keywordRules(
  schema: SchemaObject,
  kind: ColumnKind,
  compile: (schema: JsonSchema) => ValueJudge,
): ColumnJudge["rules"] {
  return Object.entries(schema)
    .filter(([keyword, operand]) => !SILENT.has(keyword) && !isTypeFormat(kind, keyword, operand))
    .map(([keyword, operand]) => {
      const alone = { [keyword]: operand, ...branches(keyword, schema) };
      const judge = compile(alone);
      return {
        rule: keyword,
        code: CODES[keyword] ?? "rule_failed",
        passes: (value) => judge(value.json, () => value.exact),
      };
    });
}

function isTypeFormat(kind: ColumnKind, keyword: string, operand: unknown): boolean {
  if (keyword !== "format") return false;
  return (operand === "date" && kind.kind === "date") || (operand === "date-time" && kind.kind === "time");
}

function branches(keyword: string, schema: SchemaObject): SchemaObject {
  if (keyword === "if") return { ...pick(schema, "then"), ...pick(schema, "else") };
  return {};
}

function pick(schema: SchemaObject, keyword: string): SchemaObject {
  return schema[keyword] === undefined ? {} : { [keyword]: schema[keyword] };
}

function recordKeywordRules(
  schema: SchemaObject,
  names: readonly string[],
  document: SchemaObject,
  compile: (schema: JsonSchema) => ValueJudge,
): readonly { readonly rule: string; readonly passes: RowJudge }[] {
  return Object.entries(schema)
    .filter(([keyword]) => !SILENT.has(keyword) && keyword !== "properties" && keyword !== "required")
    .map(([keyword, operand]) => {
      const beside =
        keyword === "additionalProperties" ? pick(schema, "properties") : branches(keyword, schema);
      const known =
        keyword === "additionalProperties"
          ? Object.fromEntries(Object.keys(beside["properties"] ?? {}).map((name) => [name, true]))
          : null;
      const judge = compile({
        [keyword]: operand,
        ...beside,
        ...(known === null ? {} : { properties: known }),
      });
      const reads = keywordReads(keyword, schema, names, document);
      const passes: RowJudge = (values, unknown) => {
        if ([...reads].some((name) => values.get(name)?.state === "wrong")) return true;
        const object: Record<string, unknown> = Object.create(null);
        for (const [name, value] of values) if (value.state === "value") object[name] = value.json;
        if (unknown) object["?unknown"] = true;
        return judge(object, (property) => {
          const value = values.get(property ?? "");
          return value?.state === "value" ? value.exact : null;
        });
      };
      return { rule: keyword, passes };
    });
}

/** Disagreements between two verdicts on one record, as `code column`, with the side that alone has it. */
export function compareVerdicts(
  sql: readonly { readonly code: string; readonly column: string | null; readonly rule: string }[],
  oracle: readonly OracleReason[],
  uncovered: readonly string[] = [],
): ReadonlySet<string> {
  const left = pairs(sql, uncovered);
  const right = pairs(oracle, uncovered);
  const differences = new Set<string>();
  for (const pair of left) if (!right.has(pair)) differences.add(`${pair}: SQL alone`);
  for (const pair of right) if (!left.has(pair)) differences.add(`${pair}: oracle alone`);
  return differences;
}

function pairs(
  reasons: readonly { readonly code: string; readonly column: string | null; readonly rule: string }[],
  uncovered: readonly string[],
): ReadonlySet<string> {
  return new Set(
    reasons
      .filter((reason) => !uncovered.includes(reason.rule))
      .map((reason) => `${reason.code} ${reason.column ?? "-"}`),
  );
}
