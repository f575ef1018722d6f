import type { JsonSchema } from "../lib/config-types.js";
import { schemaCheck } from "./keywords.js";
import type { SchemaScope } from "./schema-parts.js";
import { jsonView } from "./value-view.js";

/**
 * Boolean SQL: a JSON value as it is (no conversions, null is a value) satisfies a schema; of arrays and objects it
 * says nothing. `json` is an SQL expression, `$ref`s point into the schema itself. Throws bad_configuration.
 */
export function strictCheck(schema: JsonSchema, json: string): string {
  const scope: SchemaScope = { document: typeof schema === "boolean" ? {} : schema };
  const place = { file: "data_schemas.json", path: "#" } as const;
  return schemaCheck(schema, place, jsonView(json), { scope, lenient: true, trail: [] });
}
