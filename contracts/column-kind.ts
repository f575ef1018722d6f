import { below, type Place, refuse } from "./refusal.js";
import type { SchemaObject } from "./schema-parts.js";

/** How the text of a column becomes a value, and how it rests in the table. */
export type ColumnKind =
  | { readonly kind: "string" }
  | { readonly kind: "integer" }
  | { readonly kind: "number" }
  /** A number or a boolean; true is 1, false is 0 at rest. */
  | { readonly kind: "share" }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "date" }
  | { readonly kind: "time" }
  /** JSON text of an array or object. */
  | { readonly kind: "nested"; readonly types: readonly ("array" | "object")[] };

const TYPES = ["null", "string", "integer", "number", "boolean", "array", "object"];

/** The kind of a column from the schemas that say something about it (its own and those it refers to). */
export function columnKind(parts: readonly { schema: SchemaObject; place: Place }[]): ColumnKind {
  const decimal = parts.find((part) => part.schema["x-decimal"] !== undefined);
  const types = typesOf(parts);
  if (decimal !== undefined) {
    if (types.join() !== "number") refuse(below(decimal.place, "x-decimal"), 'needs "type": "number"');
    return decimalKind(decimal.schema["x-decimal"], below(decimal.place, "x-decimal"));
  }
  const formats = parts.map((part) => part.schema["format"]);
  switch (types.join()) {
    case "":
    case "string":
      if (formats.includes("date-time")) return { kind: "time" };
      if (formats.includes("date")) return { kind: "date" };
      return { kind: "string" };
    case "integer":
      return { kind: "integer" };
    case "number":
    case "integer,number":
      return { kind: "number" };
    case "boolean":
      return { kind: "boolean" };
    case "boolean,number":
    case "boolean,integer":
      return { kind: "share" };
    case "array":
    case "object":
    case "array,object":
      return { kind: "nested", types: types as ("array" | "object")[] };
    default:
      return refuse(
        below(
          parts.find((part) => part.schema["type"] !== undefined)?.place ?? {
            file: "data_schemas.json",
            path: "",
          },
          "type",
        ),
        `a column cannot be ${types.join(" and ")} at once; choose one type, or number and boolean, or array and object`,
      );
  }
}

/** Types that all parts allow, sorted, without null (a null counts as an absent key). */
function typesOf(parts: readonly { schema: SchemaObject; place: Place }[]): readonly string[] {
  let allowed: readonly string[] | null = null;
  for (const { schema, place } of parts) {
    if (schema["type"] === undefined) continue;
    const own = typeList(schema["type"], below(place, "type")).filter((type) => type !== "null");
    allowed = allowed === null ? own : allowed.filter((type) => own.includes(type));
    if (allowed.length === 0) refuse(below(place, "type"), "leaves no type that a value could have");
  }
  return [...new Set(allowed ?? [])].sort();
}

/** The keyword `type` as a list, checked. */
export function typeList(value: unknown, place: Place): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const type of list) {
    if (typeof type !== "string" || !TYPES.includes(type)) {
      refuse(place, `${JSON.stringify(type)} is no type; known are ${TYPES.join(", ")}`);
    }
  }
  return list as readonly string[];
}

function decimalKind(value: unknown, place: Place): ColumnKind {
  const [precision, scale] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (
    !Number.isInteger(precision) ||
    !Number.isInteger(scale) ||
    (precision as number) < 1 ||
    (precision as number) > 38 ||
    (scale as number) < 0 ||
    (scale as number) > (precision as number)
  ) {
    refuse(place, "must be [precision, scale] with 1 ≤ precision ≤ 38 and 0 ≤ scale ≤ precision");
  }
  return { kind: "decimal", precision: precision as number, scale: scale as number };
}

export function sqlTypeOf(kind: ColumnKind): string {
  switch (kind.kind) {
    case "string":
    case "nested":
      return "VARCHAR";
    case "integer":
      return "BIGINT";
    case "number":
    case "share":
      return "DOUBLE";
    case "decimal":
      return `DECIMAL(${kind.precision},${kind.scale})`;
    case "boolean":
      return "BOOLEAN";
    case "date":
      return "DATE";
    case "time":
      return "TIMESTAMPTZ";
  }
}

export function deltaTypeOf(kind: ColumnKind): string {
  switch (kind.kind) {
    case "string":
    case "nested":
      return "string";
    case "integer":
      return "long";
    case "number":
    case "share":
      return "double";
    case "decimal":
      return `decimal(${kind.precision},${kind.scale})`;
    case "boolean":
      return "boolean";
    case "date":
      return "date";
    case "time":
      return "timestamp";
  }
}

export function personalMark(
  parts: readonly { schema: SchemaObject; place: Place }[],
): "mask" | "hash" | "drop" | null {
  for (const { schema, place } of parts) {
    const mark = schema["x-personal"];
    if (mark === undefined) continue;
    if (mark === "mask" || mark === "hash" || mark === "drop") return mark;
    refuse(below(place, "x-personal"), "must be mask, hash or drop");
  }
  return null;
}
