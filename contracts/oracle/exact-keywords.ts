import { isDeepStrictEqual } from "node:util";
import type { Ajv2020 } from "ajv/dist/2020.js";
import { compareExact, type ExactNumber, exactNumber, isMultiple } from "./exact-number.js";

/** Exact digits of the value judged now: of the value itself (null), or of a member of the record by its name. */
export type ExactDigits = (property: string | null) => ExactNumber | null;

interface DataContext {
  readonly parentData: unknown;
  readonly parentDataProperty: string | number;
  readonly rootData: unknown;
}

/**
 * Replace ajv's keywords about numbers by ones that compare decimal digits: ajv sees doubles, so that 2^53 + 1 would be
 * 2^53, and 19.99 no multiple of 0.01.
 */
export function useExactKeywords(ajv: Ajv2020, current: () => ExactDigits | null): void {
  const digits = (value: number, context: DataContext | undefined, whole = false): ExactNumber => {
    const isMember = context !== undefined && context.parentData === context.rootData;
    const isRoot =
      context === undefined || context.parentDataProperty === "" || context.parentDataProperty === undefined;
    const own = isRoot
      ? current()?.(null)
      : isMember
        ? current()?.(String(context.parentDataProperty))
        : null;
    // of a great double the shortest text is rounded: 2^63 would be a multiple of 10
    const large = whole && Number.isInteger(value) ? { digits: BigInt(value), scale: 0 } : null;
    return own ?? large ?? exactNumber(value);
  };
  const bound = (keyword: string, holds: (order: number) => boolean) => {
    ajv.removeKeyword(keyword);
    ajv.addKeyword({
      keyword,
      type: "number",
      validate: (limit: number, value: number, _: unknown, context?: DataContext) =>
        holds(compareExact(digits(value, context), exactNumber(limit))),
    });
  };
  bound("minimum", (order) => order >= 0);
  bound("maximum", (order) => order <= 0);
  bound("exclusiveMinimum", (order) => order > 0);
  bound("exclusiveMaximum", (order) => order < 0);
  ajv.removeKeyword("multipleOf");
  ajv.addKeyword({
    keyword: "multipleOf",
    type: "number",
    validate: (step: number, value: number, _: unknown, context?: DataContext) =>
      isMultiple(digits(value, context, true), exactNumber(step)),
  });
  const equals = (member: unknown, value: unknown, context: DataContext | undefined): boolean => {
    if (typeof member !== "number" || typeof value !== "number") return isDeepStrictEqual(member, value);
    return compareExact(digits(value, context), exactNumber(member)) === 0;
  };
  ajv.removeKeyword("enum");
  ajv.addKeyword({
    keyword: "enum",
    validate: (members: readonly unknown[], value: unknown, _: unknown, context?: DataContext) =>
      members.some((member) => equals(member, value, context)),
  });
  ajv.removeKeyword("const");
  ajv.addKeyword({
    keyword: "const",
    validate: (member: unknown, value: unknown, _: unknown, context?: DataContext) =>
      equals(member, value, context),
  });
}
