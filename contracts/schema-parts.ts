import type { JsonSchema } from "../lib/config-types.js";
import { below, type Place, refuse } from "./refusal.js";

export type SchemaObject = { readonly [keyword: string]: unknown };

/** The schemas of one file: what a `$ref` may point into. */
export interface SchemaScope {
  readonly document: SchemaObject;
}

export interface SchemaPart {
  readonly schema: SchemaObject;
  readonly place: Place;
}

export function isRecord(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A schema, checked to be one. */
export function asSchema(value: unknown, place: Place): JsonSchema {
  if (typeof value === "boolean" || isRecord(value)) return value;
  return refuse(place, "must be a schema: an object, true or false");
}

/** A schema and those it refers to by `$ref`, as parts that all must hold. A boolean schema is `{}` or `{not: {}}`. */
export function schemaParts(schema: JsonSchema, place: Place, scope: SchemaScope): readonly SchemaPart[] {
  const parts: SchemaPart[] = [];
  const seen = new Set<string>();
  let current: JsonSchema = schema;
  let at = place;
  for (;;) {
    if (typeof current === "boolean") {
      parts.push({ schema: current ? {} : { not: true }, place: at });
      return parts;
    }
    parts.push({ schema: current, place: at });
    const ref = current["$ref"];
    if (ref === undefined) return parts;
    if (typeof ref !== "string") refuse(below(at, "$ref"), "must be a text");
    if (seen.has(ref)) refuse(below(at, "$ref"), `${ref} refers to itself`);
    seen.add(ref);
    current = resolve(ref, below(at, "$ref"), scope);
    at = { file: place.file, path: ref };
  }
}

/** What a `$ref` points at; only references within the file. */
export function resolve(ref: string, place: Place, scope: SchemaScope): JsonSchema {
  if (ref !== "#" && !ref.startsWith("#/")) {
    refuse(place, `${ref} leaves this file or names an anchor; write a path such as #/$defs/money`);
  }
  let target: unknown = scope.document;
  for (const step of ref.split("/").slice(1)) {
    const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    const next: unknown = Array.isArray(target)
      ? target[Number(key)]
      : isRecord(target) && Object.hasOwn(target, key)
        ? target[key]
        : undefined;
    if (next === undefined) refuse(place, `${ref} points at nothing in this file`);
    target = next;
  }
  return asSchema(target, place);
}
