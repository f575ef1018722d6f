import type { JsonForm, JsonKey } from "../guard/json-walk.js";
import type { ReadContext } from "../prepared-file.js";

/** Every key that some column stands for, once, with what a plain record may have under it. */
export function jsonKeys(
  names: Readonly<Record<string, readonly string[]>>,
  context: Pick<ReadContext, "types" | "feed">,
): readonly JsonKey[] {
  const forms = new Map<string, JsonForm>();
  for (const [column, keys] of Object.entries(names)) {
    const form = formOf(column, context);
    for (const key of keys) forms.set(key, (forms.get(key) ?? form) === form ? form : "none");
  }
  return [...forms].map(([key, form]) => ({ key, form }));
}

/** Typed only where a JSON value of the type means itself, whatever the feed says of texts. */
function formOf(column: string, { types, feed }: Pick<ReadContext, "types" | "feed">): JsonForm {
  const { null_values, decimal, thousands } = feed.options;
  const type = types[column];
  if (type === "VARCHAR") return "text";
  if (null_values.length > 0 || decimal !== "." || thousands !== null) return "any";
  if (Object.hasOwn(feed.constants, column)) return "any";
  if (type === "BIGINT") return "integer";
  if (type === "DOUBLE") return "number";
  return type === "BOOLEAN" ? "boolean" : "any";
}
