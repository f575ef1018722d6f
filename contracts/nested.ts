import { createHash } from "node:crypto";
import type { JsonSchema } from "../lib/config-types.js";
import type { SchemaPart } from "./schema-parts.js";

/** A column of arrays or objects: ajv looks into them, through a function that the session registers. */
export interface NestedColumn {
  readonly column: string;
  /** Name of the function: text → 0 fits, 1 no JSON of the types, 2 against the schema. */
  readonly name: string;
  readonly types: readonly ("array" | "object")[];
  readonly schema: JsonSchema;
}

export function nestedColumn(
  column: string,
  types: readonly ("array" | "object")[],
  parts: readonly SchemaPart[],
): NestedColumn {
  const schema = {
    allOf: parts.map(({ schema: { $ref: _, ...own } }) => own),
  };
  const hash = createHash("sha256")
    .update(JSON.stringify([column, schema]))
    .digest("hex")
    .slice(0, 16);
  return { column, name: `gristmill_nested_${hash}`, types, schema };
}
