import type { RuleOptions, RuleValue, Severity, SourceRules } from "../lib/config-types.js";
import { below, type Place, refuse } from "./refusal.js";
import { ruleValue } from "./rules.js";

interface DatasetRule {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string | null;
}

/** Rules about a source as a whole, parsed; their checks live with the dataset checks. */
export interface DatasetRules {
  readonly unique: readonly (DatasetRule & { readonly columns: readonly string[] })[];
  readonly references: readonly (DatasetRule & {
    readonly column: string;
    readonly toSource: string;
    readonly toColumn: string;
  })[];
  readonly freshness: (DatasetRule & { readonly hours: number }) | null;
  readonly volume: (DatasetRule & { readonly tolerance_pct: number }) | null;
}

export const NO_RULES: SourceRules = { columns: {}, rows: [], freshness: null, volume: null, unique: [] };

export function datasetRules(rules: SourceRules, columns: readonly string[], place: Place): DatasetRules {
  const unique = rules.unique.map((rule, index) => {
    for (const name of rule.columns) known(name, columns, below(place, "unique", index));
    return { ...options(`unique(${rule.columns.join(", ")})`, rule), columns: rule.columns };
  });
  const references: DatasetRules["references"][number][] = [];
  for (const [column, own] of Object.entries(rules.columns)) {
    if (own.unique !== undefined) {
      const rule = ruleValue<boolean>(own.unique as RuleValue<boolean>);
      if (rule.value) unique.push({ ...options(`unique(${column})`, rule.options), columns: [column] });
    }
    if (own.references !== undefined) {
      const { value, options: given } = ruleValue<string>(own.references);
      const [toSource = "", toColumn = "", ...more] = value.split(".");
      if (toSource === "" || toColumn === "" || more.length > 0) {
        refuse(below(place, column, "references"), "must be source.column, such as products.product_id");
      }
      references.push({ ...options("references", given), column, toSource, toColumn });
    }
  }
  return {
    unique,
    references,
    freshness:
      rules.freshness === null
        ? null
        : { ...options("freshness", rules.freshness), hours: rules.freshness.hours },
    volume:
      rules.volume === null
        ? null
        : { ...options("volume", rules.volume), tolerance_pct: rules.volume.tolerance_pct },
  };
}

/** Dataset rules warn by default. */
function options(rule: string, given: RuleOptions): DatasetRule {
  return { rule, severity: given.severity ?? "warn", message: given.message ?? null };
}

function known(name: string, columns: readonly string[], place: Place): void {
  if (!columns.includes(name)) refuse(place, `${name} is no column`);
}
