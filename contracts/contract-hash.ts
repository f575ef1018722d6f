import { createHash } from "node:crypto";
import type { JsonSchema } from "../lib/config-types.js";
import { isRecord, resolve, type SchemaObject } from "./schema-parts.js";

/** sha256 over the canonical JSON of a source's schema, the `$defs` that it reaches, and its rules. */
export function contractHash(schema: JsonSchema, document: SchemaObject, rules: unknown): string {
  const reached = new Map<string, unknown>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const entry of node) walk(entry);
    if (!isRecord(node)) return;
    for (const [key, entry] of Object.entries(node)) {
      if (key !== "$ref" || typeof entry !== "string") walk(entry);
      else if (!reached.has(entry)) {
        const target = resolve(entry, { file: "data_schemas.json", path: entry }, { document });
        reached.set(entry, target);
        walk(target);
      }
    }
  };
  walk(schema);
  return createHash("sha256")
    .update(canonicalJson({ schema, defs: Object.fromEntries(reached), rules }))
    .digest("hex");
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
