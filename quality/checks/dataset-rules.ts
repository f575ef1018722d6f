import { type DatasetRules, datasetRules } from "../../contracts/dataset-rules.js";
import { schemaProperties } from "../../contracts/schema-columns.js";
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
    rules: datasetRules(rules, Object.keys(schemaProperties(config, source)), {
      file: "business_rules.yaml",
      path: source,
    }),
  }));
}
