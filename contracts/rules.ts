import { ident } from "../engines/quote.js";
import type { ColumnRules, RuleOptions, RuleValue, Severity } from "../lib/config-types.js";
import type { QuarantineCode } from "../lib/reason-types.js";
import type { ColumnKind } from "./column-kind.js";
import { keywordCheck } from "./keywords.js";
import { below, type Place, refuse } from "./refusal.js";
import type { SchemaScope } from "./schema-parts.js";
import { columnView, type ValueView } from "./value-view.js";

/** One check of a contract before it has a bit: `ok` is boolean SQL over the typed columns; null passes. */
export interface Check {
  readonly rule: string;
  readonly code: QuarantineCode;
  readonly column: string | null;
  readonly severity: Severity;
  readonly message: string;
  readonly ok: string;
  /** Columns it reads: while one of them is no value of its type, it is not judged. */
  readonly reads: readonly string[];
}

/** The forms of a column's rules, each as the schema keywords that mean the same. */
const FORMS = {
  allowed_range: "out_of_range",
  min_value: "out_of_range",
  max_value: "out_of_range",
  allowed_values: "not_allowed",
  not_allowed_values: "not_allowed",
} as const satisfies Record<string, QuarantineCode>;
export type ColumnForm = keyof typeof FORMS;
export const COLUMN_FORMS = Object.keys(FORMS) as readonly ColumnForm[];

/** The checks of one column's business rules. */
export function columnRuleChecks(
  column: string,
  kind: ColumnKind,
  rules: ColumnRules,
  place: Place,
  scope: SchemaScope,
): readonly Check[] {
  const view = columnView(kind, ident(column));
  const checks: Check[] = [];
  for (const form of COLUMN_FORMS) {
    const rule = rules[form];
    if (rule === undefined) continue;
    const { value, options } = ruleValue<unknown>(rule as RuleValue<unknown>);
    checks.push({
      rule: form,
      code: FORMS[form],
      column,
      severity: options.severity ?? "error",
      message: options.message ?? describe(column, form, value),
      ok: formCheck(form, value, below(place, form), view, scope),
      reads: [column],
    });
  }
  return checks;
}

export function ruleValue<T>(rule: RuleValue<T>): { readonly value: T; readonly options: RuleOptions } {
  if (typeof rule === "object" && rule !== null && !Array.isArray(rule) && "value" in rule) {
    const { value, ...options } = rule;
    return { value, options };
  }
  return { value: rule as T, options: {} };
}

function formCheck(
  form: ColumnForm,
  value: unknown,
  place: Place,
  view: ValueView,
  scope: SchemaScope,
): string {
  const context = { scope, lenient: false, trail: [] };
  const keyword = (name: string, operand: unknown) =>
    keywordCheck(name, operand, place, view, {}, context) ?? refuse(place, "says nothing");
  switch (form) {
    case "allowed_range": {
      if (!Array.isArray(value) || value.length !== 2) return refuse(place, "must be [lowest, highest]");
      return `(${keyword("minimum", value[0])} and ${keyword("maximum", value[1])})`;
    }
    case "min_value":
      return keyword("minimum", value);
    case "max_value":
      return keyword("maximum", value);
    case "allowed_values":
      return keyword("enum", value);
    case "not_allowed_values":
      return `(not ${keyword("enum", value)})`;
  }
}

function describe(column: string, form: ColumnForm, value: unknown): string {
  const list = Array.isArray(value) ? value.map((entry) => JSON.stringify(entry)) : [String(value)];
  switch (form) {
    case "allowed_range":
      return `${column} must be between ${list[0]} and ${list[1]}`;
    case "min_value":
      return `${column} must be at least ${list[0]}`;
    case "max_value":
      return `${column} must be at most ${list[0]}`;
    case "allowed_values":
      return `${column} must be one of ${list.join(", ")}`;
    case "not_allowed_values":
      return `${column} must not be ${list.join(" or ")}`;
  }
}
