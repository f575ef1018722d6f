import { preludeStatements } from "../engines/prelude.js";
import { ident } from "../engines/quote.js";
import type { Config, Severity } from "../lib/config-types.js";
import type { QuarantineCode } from "../lib/reason-types.js";
import { deltaTypeOf, sqlTypeOf } from "./column-kind.js";
import { type CompiledColumn, compileColumns } from "./columns.js";
import { type CompiledContract, type JudgeInput, type JudgeSql, WORD_BITS } from "./compiled-contract.js";
import { contractHash } from "./contract-hash.js";
import { type DatasetRules, datasetRules, NO_RULES } from "./dataset-rules.js";
import { rowRuleChecks } from "./expressions.js";
import { judgeSql } from "./judge.js";
import type { NestedColumn } from "./nested.js";
import { compileRecord } from "./records.js";
import { below, type Place, refuse } from "./refusal.js";
import { type Check, columnRuleChecks } from "./rules.js";
import { asSchema, type SchemaScope, schemaParts } from "./schema-parts.js";

export interface ColumnPlan {
  readonly name: string;
  /** VARCHAR, BIGINT, DOUBLE, DECIMAL(18,2), BOOLEAN, DATE, TIMESTAMPTZ. */
  readonly sqlType: string;
  readonly deltaType: string;
  readonly required: boolean;
  readonly personal: "mask" | "hash" | "drop" | null;
}

export interface RuleInfo {
  readonly bit: number;
  readonly rule: string;
  readonly code: QuarantineCode;
  readonly column: string | null;
  readonly severity: Severity;
  readonly message: string;
}

export interface Contract {
  readonly source: string;
  /** sha256 over the canonical JSON of the source's schema and rules. */
  readonly hash: string;
  readonly columns: readonly ColumnPlan[];
  /** Error rules in the order of their bits. */
  readonly rules: readonly RuleInfo[];
  /** Warn and info rules in the order of the bits of `_warnings`. */
  readonly warnings: readonly RuleInfo[];
  readonly dataset: DatasetRules;
  /** True where rows must be traced back by `_record` (unique or references of severity error). */
  readonly needsRecord: boolean;
  /** Columns whose arrays and objects ajv looks into, through functions that prepareSession registers. */
  readonly nested: readonly NestedColumn[];
  readonly compiled: CompiledContract;
  judge(input: JudgeInput): JudgeSql;
  /** Statements to run once a session before a judge's SQL; prepareSession runs them and registers functions. */
  prepare(): readonly string[];
}

/** Compile the schema and rules of a source. Throws bad_configuration with file and key path for what is not supported. */
export function compileContract(
  config: Pick<Config, "schemas" | "defs" | "rules">,
  source: string,
): Contract {
  const place: Place = { file: "data_schemas.json", path: source };
  const schema = config.schemas[source];
  if (schema === undefined) return refuse(place, "this source has no schema");
  const scope: SchemaScope = { document: { $defs: config.defs, ...config.schemas } };
  const record = schemaParts(asSchema(schema, place), place, scope);
  const columns = compileColumns(record, scope);
  const rules = config.rules[source] ?? NO_RULES;
  const rulesPlace: Place = { file: "business_rules.yaml", path: source };

  const checks: Check[] = columns.flatMap((column) => [...typeChecks(column), ...column.checks]);
  const byName = new Map(columns.map((column) => [column.name, column]));
  for (const [name, columnRules] of Object.entries(rules.columns)) {
    const at = below(rulesPlace, name);
    const column = byName.get(name);
    if (column === undefined) refuse(at, `${name} is no column of ${source}`);
    else checks.push(...columnRuleChecks(name, column.kind, columnRules, at, scope));
  }
  checks.push(...compileRecord(record, columns, scope));
  checks.push(
    ...rowRuleChecks(
      rules.rows,
      columns.map((column) => column.name),
      below(rulesPlace, "rows"),
    ),
  );

  const errors = checks.filter((check) => check.severity === "error");
  const warnings = checks.filter((check) => check.severity !== "error");
  if (warnings.length > WORD_BITS)
    refuse(rulesPlace, `more than ${WORD_BITS} rules of severity warn and info`);
  const dataset = datasetRules(
    rules,
    columns.map((column) => column.name),
    rulesPlace,
  );
  const compiled: CompiledContract = { columns, errors, warnings, schema, scope };
  return {
    source,
    hash: contractHash(schema, scope.document, rules),
    columns: columns.map((column) => ({
      name: column.name,
      sqlType: sqlTypeOf(column.kind),
      deltaType: deltaTypeOf(column.kind),
      required: column.required,
      personal: column.personal,
    })),
    rules: errors.map(ruleInfo),
    warnings: warnings.map(ruleInfo),
    dataset,
    needsRecord: [...dataset.unique, ...dataset.references].some((rule) => rule.severity === "error"),
    nested: columns.flatMap((column) => column.nested ?? []),
    compiled,
    judge: (input) => judgeSql(compiled, input),
    prepare: () => preludeStatements("duckdb"),
  };
}

/** The rules that a row's mask words name. */
export function decodeMask(contract: Contract, words: readonly bigint[]): RuleInfo[] {
  return contract.rules.filter((rule) => {
    const word = words[Math.floor(rule.bit / WORD_BITS)] ?? 0n;
    return ((word >> BigInt(rule.bit % WORD_BITS)) & 1n) === 1n;
  });
}

function ruleInfo(check: Check, bit: number): RuleInfo {
  return {
    bit,
    rule: check.rule,
    code: check.code,
    column: check.column,
    severity: check.severity,
    message: check.message,
  };
}

/** Presence and type, the checks that every column may need. */
function typeChecks(column: CompiledColumn): readonly Check[] {
  const value = ident(column.name);
  const text = ident(`t:${column.name}`);
  const base = { column: column.name, severity: "error", reads: [] } as const;
  const checks: Check[] = [];
  if (column.required) {
    checks.push({
      ...base,
      rule: "required",
      code: "missing_required",
      message: `${column.name} is missing`,
      ok: `(${value} is not null or ${text} is not null)`,
    });
  }
  checks.push({
    ...base,
    rule: "type",
    code: "wrong_type",
    message: `${column.name} is not ${kindInWords(column)}`,
    ok: `(${value} is not null or ${text} is null)`,
  });
  return checks;
}

function kindInWords(column: CompiledColumn): string {
  switch (column.kind.kind) {
    case "string":
      return "a text";
    case "integer":
      return "a whole number";
    case "number":
      return "a number";
    case "share":
      return "a number or true or false";
    case "decimal":
      return `a decimal number with at most ${column.kind.scale} digits after the point and ${column.kind.precision} in all`;
    case "boolean":
      return "true or false";
    case "date":
      return "a day (YYYY-MM-DD)";
    case "time":
      return "a time (ISO 8601)";
    case "nested":
      return `a JSON ${column.kind.types.join(" or ")}`;
  }
}
