import { type DatasetRules, datasetRules } from "../../contracts/dataset-rules.js";
import type { Config, Severity } from "../../lib/config-types.js";

interface OfSource {
  readonly source: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string | null;
}

/** `column` of `source` must hold a value that stands in `target`.`targetColumn`. */
export interface ReferenceRule extends OfSource {
  readonly column: string;
  readonly target: string;
  readonly targetColumn: string;
}

/** No two records of `source` may hold the same values in `columns`. */
export interface UniqueRule extends OfSource {
  readonly columns: readonly string[];
}

export function referenceRules(config: Config): readonly ReferenceRule[] {
  return rulesBySource(config).flatMap(({ source, rules }) =>
    rules.references.map(({ column, toSource, toColumn, rule, severity, message }) => ({
      source,
      column,
      target: toSource,
      targetColumn: toColumn,
      rule: `${rule} ${toSource}.${toColumn}`,
      severity,
      message,
    })),
  );
}

export function uniqueRules(config: Config): readonly UniqueRule[] {
  return rulesBySource(config).flatMap(({ source, rules }) =>
    rules.unique.map(({ columns, rule, severity, message }) => ({
      source,
      columns,
      rule,
      severity,
      message,
    })),
  );
}

function rulesBySource(config: Config): readonly { readonly source: string; readonly rules: DatasetRules }[] {
  return Object.entries(config.rules).map(([source, rules]) => ({
    source,
    rules: datasetRules(rules, schemaColumns(config, source), { file: "business_rules.yaml", path: source }),
  }));
}

/** Columns of a source's schema with their own schemas. */
export function schemaProperties(config: Config, source: string): Readonly<Record<string, unknown>> {
  const schema = config.schemas[source];
  const properties = typeof schema === "object" ? schema["properties"] : undefined;
  return typeof properties === "object" && properties !== null ? (properties as Record<string, unknown>) : {};
}

function schemaColumns(config: Config, source: string): readonly string[] {
  return Object.keys(schemaProperties(config, source));
}

/** Columns of a source that are masked wherever a value is shown: those its schema marks, and addresses. */
export function personalColumns(config: Config, source: string): ReadonlySet<string> {
  const marked = Object.entries(schemaProperties(config, source)).filter(
    ([, column]) => typeof column === "object" && column !== null && "x-personal" in column,
  );
  return new Set([...marked.map(([name]) => name), "ip_address"]);
}
