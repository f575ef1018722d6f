import { compareExact, type ExactNumber, exactNumber, isMultiple } from "./exact-number.js";

/** A keyword about numbers, judged on all digits of an integer or decimal; null for any other keyword. */
export function exactKeyword(keyword: string, operand: unknown): ((value: ExactNumber) => boolean) | null {
  if (keyword === "enum" || keyword === "const") {
    const members = (keyword === "const" ? [operand] : (operand as readonly unknown[])).filter(
      (member): member is number => typeof member === "number",
    );
    return (value) => members.some((member) => compareExact(value, exactNumber(member)) === 0);
  }
  if (typeof operand !== "number") return null;
  const limit = exactNumber(operand);
  switch (keyword) {
    case "minimum":
      return (value) => compareExact(value, limit) >= 0;
    case "maximum":
      return (value) => compareExact(value, limit) <= 0;
    case "exclusiveMinimum":
      return (value) => compareExact(value, limit) > 0;
    case "exclusiveMaximum":
      return (value) => compareExact(value, limit) < 0;
    case "multipleOf":
      return (value) => isMultiple(value, limit);
    default:
      return null;
  }
}
