import { KNOWN_FORMATS } from "./formats.js";
import { below, type Place, refuse } from "./refusal.js";
import { asSchema } from "./schema-parts.js";

/** Annotations: they say nothing about validity. */
export const ANNOTATIONS: ReadonlySet<string> = new Set(
  "$schema $comment $defs title description default examples deprecated readOnly writeOnly x-decimal x-personal".split(
    " ",
  ),
);

/** Keywords about the inside of arrays and objects: ajv's part; of a scalar they are true. */
export const NESTED_KEYWORDS: ReadonlySet<string> = new Set([
  ..."properties required dependentRequired dependentSchemas additionalProperties patternProperties".split(
    " ",
  ),
  ..."propertyNames minProperties maxProperties unevaluatedProperties items prefixItems contains".split(" "),
  ..."minContains maxContains minItems maxItems uniqueItems unevaluatedItems".split(" "),
]);

const MANY: ReadonlySet<string> = new Set(
  "properties patternProperties dependentSchemas prefixItems allOf anyOf oneOf".split(" "),
);
const ONE: ReadonlySet<string> = new Set(
  "additionalProperties propertyNames unevaluatedProperties items contains unevaluatedItems not if then else".split(
    " ",
  ),
);

/** ajv judges what is inside an array or object; what neither it nor SQL supports is refused all the same. */
export function checkInside(
  keyword: string,
  value: unknown,
  place: Place,
  isCompiled: (keyword: string) => boolean,
): void {
  if (ONE.has(keyword)) checkKeywords(value, place, isCompiled);
  if (!MANY.has(keyword)) return;
  for (const [key, entry] of Object.entries(value as object))
    checkKeywords(entry, below(place, key), isCompiled);
}

function checkKeywords(value: unknown, place: Place, isCompiled: (keyword: string) => boolean): void {
  const schema = asSchema(value, place);
  if (typeof schema === "boolean") return;
  for (const [keyword, operand] of Object.entries(schema)) {
    const at = below(place, keyword);
    if (![ANNOTATIONS, NESTED_KEYWORDS, ONE].some((set) => set.has(keyword)) && !isCompiled(keyword)) {
      refuse(at, "this keyword is not supported");
    }
    if (keyword === "format" && !KNOWN_FORMATS.has(String(operand))) {
      refuse(at, `${JSON.stringify(operand)} is not supported; known are ${[...KNOWN_FORMATS].join(", ")}`);
    }
    checkInside(keyword, operand, at, isCompiled);
  }
}
