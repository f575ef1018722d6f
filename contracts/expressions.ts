import type { RowRule } from "../lib/config-types.js";
import { below, type Place, refuse } from "./refusal.js";
import type { Check } from "./rules.js";

/** The checks of a source's row expressions. Their SQL is allowed or refused by expression-check.ts, which needs an engine. */
export function rowRuleChecks(
  rules: readonly RowRule[],
  columns: readonly string[],
  place: Place,
): readonly Check[] {
  const names = new Set<string>();
  return rules.map((rule, index) => {
    const at = below(place, index);
    if (names.has(rule.name)) refuse(at, `a second rule is called ${rule.name}`);
    names.add(rule.name);
    return {
      rule: rule.name,
      code: "rule_failed",
      column: null,
      severity: rule.severity ?? "error",
      message: rule.message ?? `${rule.name}: ${rule.expression}`,
      // on lines of its own: a comment at its end must not swallow what follows
      // what overflows is null, and null passes: one row must not stop the file
      ok: `try(\n${rule.expression}\n)`,
      reads: mentionedColumns(rule.expression, columns),
    };
  });
}

/** Columns that an expression may read: its words and quoted names that are columns. */
export function mentionedColumns(expression: string, columns: readonly string[]): readonly string[] {
  const withoutTexts = expression.replaceAll(/'(?:[^']|'')*'/g, "''");
  const words = new Set<string>();
  for (const match of withoutTexts.matchAll(/"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_]*)/gu)) {
    words.add((match[1]?.replaceAll('""', '"') ?? match[2] ?? "").toLowerCase());
  }
  return columns.filter((column) => words.has(column.toLowerCase()));
}
