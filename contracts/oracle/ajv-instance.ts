import { Ajv2020 } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import type { JsonSchema } from "../../lib/config-types.js";
import { type ExactDigits, useExactKeywords } from "./exact-keywords.js";
import { oracleFormats } from "./formats.js";

// the package is CommonJS: its default export is a property of itself
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

/** A verdict on one value, with the digits of its numbers where a double would lose some. */
export type ValueJudge = (value: unknown, exact?: ExactDigits | null) => boolean;

/** ajv over one document of schemas; `$ref`s are paths in that document. */
export function ajvJudges(document: Readonly<Record<string, unknown>>): (schema: JsonSchema) => ValueJudge {
  const ajv = new Ajv2020({
    // what ajv would refuse in strict mode the compiler has refused, with its key path, or it is harmless
    // (an `if` alone); numbers stay finite
    strict: false,
    strictNumbers: true,
    ownProperties: true,
    validateSchema: false,
    logger: false,
  });
  addFormats(ajv, { mode: "full" });
  for (const [name, validate] of Object.entries(oracleFormats))
    ajv.addFormat(name, { type: "string", validate });
  for (const keyword of ["x-personal", "x-decimal"]) ajv.addKeyword({ keyword });
  let digits: ExactDigits | null = null;
  useExactKeywords(ajv, () => digits);
  ajv.addKeyword({ keyword: "schemas", valid: true });
  ajv.addSchema({ $id: ROOT, schemas: rebased(document) as Record<string, unknown> });
  return (schema) => {
    const validate = ajv.compile(rebased(schema) as JsonSchema);
    return (value, exact = null) => {
      digits = exact;
      return validate(value) === true;
    };
  };
}

const ROOT = "gristmill:document";

/** A copy in which references into the document name it. */
function rebased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rebased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      if (key === "$ref" && typeof entry === "string" && entry.startsWith("#")) {
        return [key, `${ROOT}#/schemas${entry.slice(1)}`];
      }
      return [key, ["enum", "const", "default", "examples"].includes(key) ? entry : rebased(entry)];
    }),
  );
}
