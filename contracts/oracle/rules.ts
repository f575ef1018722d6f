import type { ColumnRules, RuleValue } from "../../lib/config-types.js";
import type { QuarantineCode } from "../../lib/reason-types.js";
import { compareExact, type ExactNumber, exactNumber } from "./exact-number.js";
import type { RowJudge, Value } from "./value-text.js";

interface PlainRule {
  readonly rule: string;
  readonly code: QuarantineCode;
  readonly passes: (value: Value) => boolean;
}

/** The five forms of a column's business rules (those of severity error), in plain TypeScript. */
export function columnRules(rules: ColumnRules): readonly PlainRule[] {
  const plain: PlainRule[] = [];
  const add = <T>(
    rule: string,
    code: QuarantineCode,
    given: RuleValue<T> | undefined,
    passes: (operand: T, value: Value) => boolean,
  ) => {
    if (given === undefined) return;
    const wrapped = typeof given === "object" && given !== null && !Array.isArray(given) && "value" in given;
    const { value: operand, severity } = (wrapped ? given : { value: given }) as {
      value: T;
      severity?: string;
    };
    if (severity === undefined || severity === "error")
      plain.push({ rule, code, passes: (value) => passes(operand, value) });
  };
  const isOneOf = (members: readonly (string | number | boolean)[], value: Value) =>
    members.some((member) =>
      typeof member === "number" ? order(value, member) === 0 : member === value.json,
    );
  add(
    "allowed_range",
    "out_of_range",
    rules.allowed_range,
    ([low, high], value) => order(value, low) >= 0 && order(value, high) <= 0,
  );
  add("min_value", "out_of_range", rules.min_value, (low, value) => order(value, low) >= 0);
  add("max_value", "out_of_range", rules.max_value, (high, value) => order(value, high) <= 0);
  add("allowed_values", "not_allowed", rules.allowed_values, isOneOf);
  add(
    "not_allowed_values",
    "not_allowed",
    rules.not_allowed_values,
    (members, value) => !isOneOf(members, value),
  );
  return plain;
}

/** Doubles compare as doubles, integers and decimals by all their digits. */
function order(value: Value, limit: number): number {
  if (value.exact !== null) return compareExact(value.exact, exactNumber(limit));
  return (value.json as number) - limit;
}

const COMPARISON = /^\s*([a-z_]\w*)\s*(<=|>=|<>|<|>|=)\s*([a-z_]\w*|-?[0-9]+(?:\.[0-9]+)?)\s*$/i;
const MINUTES =
  /^\s*minutes_between\(\s*([a-z_]\w*)\s*,\s*([a-z_]\w*)\s*\)\s*(<=|>=|<|>)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*$/i;

/** A row expression of a simple shape (two columns, a column and a number, minutes between two times); null for others. */
export function rowRule(expression: string): RowJudge | null {
  const minutes = MINUTES.exec(expression);
  if (minutes !== null) {
    const [, from = "", to = "", operator = "", limit = ""] = minutes;
    const bound = exactNumber(limit);
    return (values) => {
      const [start, end] = [judged(values.get(from)), judged(values.get(to))];
      if (start === null || end === null || start.micros === null || end.micros === null) return true;
      const span: ExactNumber = { digits: end.micros - start.micros, scale: 0 };
      return holds(operator, compareExact(span, { digits: bound.digits * 60_000_000n, scale: bound.scale }));
    };
  }
  const comparison = COMPARISON.exec(expression);
  if (comparison === null) return null;
  const [, left = "", operator = "", right = ""] = comparison;
  return (values) => {
    const a = judged(values.get(left));
    if (a === null) return true;
    if (/^[-0-9]/.test(right)) return holds(operator, order(a, Number(right)));
    const b = judged(values.get(right));
    if (b === null) return true;
    return holds(operator, compareValues(a, b));
  };
}

function judged(value: { readonly state: string } | undefined): Value | null {
  return value?.state === "value" ? (value as Value) : null;
}

function compareValues(a: Value, b: Value): number {
  if (a.micros !== null && b.micros !== null) return a.micros < b.micros ? -1 : a.micros > b.micros ? 1 : 0;
  if (a.exact !== null && b.exact !== null) return compareExact(a.exact, b.exact);
  if (typeof a.json === "string" && typeof b.json === "string")
    return Buffer.compare(Buffer.from(a.json), Buffer.from(b.json));
  return Number(a.json) - Number(b.json);
}

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<>":
      return order !== 0;
    default:
      return order === 0;
  }
}
