import fc from "fast-check";
import type { ColumnRules, JsonSchema } from "../../../lib/config-types.js";

/** Words, numbers and limits are few, so that rules and values meet often. */
const word = fc.constantFrom(
  "a",
  "b",
  "ab",
  "abc",
  "Zoë",
  "é",
  "𝒳y",
  "",
  " a ",
  "x@y.example",
  "10.0.0.1",
  "::1",
  "a-b.example",
);
const limit = fc.constantFrom(-10, -1, -0.5, 0, 0.01, 0.1, 1, 2, 2.5, 10, 99.99, 100, 1e15, 2 ** 53);
const numberText = fc.oneof(
  limit.map(String),
  fc.integer({ min: -12, max: 120 }).map(String),
  fc.double({ min: -3, max: 101, noNaN: true }).map((value) => value.toFixed(2)),
  fc.constantFrom(
    "0.03",
    "19.99",
    "0.070",
    "9007199254740993",
    "9007199254740992",
    "9223372036854775807",
    "-9223372036854775808",
    "1e3",
    "1.5e-7",
    "0.30000000000000004",
    "4503599627370497.5",
  ),
);
const pattern = fc.constantFrom(
  "^a",
  "b$",
  "^[a-z]+$",
  "^\\d+$",
  "\\s",
  "^.$",
  "^\\w{2,3}$",
  "[^a-c]",
  "(a|é)b?",
  "^\\p{L}+$",
  "\\bab\\b",
  "^$",
  "[\\-.]",
  "\\u00eb",
);
const format = fc.constantFrom("email", "ipv4", "ipv6", "uuid", "uri", "hostname", "time");

/** An object literal with this key would look like a promise. */
const THEN = "then";

type Keywords = Record<string, unknown>;

function optional(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Keywords> {
  return fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<Keywords>;
}

const numberKeywords = optional({
  minimum: limit,
  maximum: limit,
  exclusiveMinimum: limit,
  exclusiveMaximum: limit,
  multipleOf: fc.constantFrom(1, 2, 0.5, 0.01, 0.1, 3, 10, 0.07),
  enum: fc.array(limit, { minLength: 1, maxLength: 4 }),
  const: limit,
});
const textKeywords = optional({
  minLength: fc.nat(3),
  maxLength: fc.nat(4),
  pattern,
  format,
  enum: fc.array(word, { minLength: 1, maxLength: 15 }),
  const: word,
});

/** A few keywords at a time, else no value ever passes. */
function few(keywords: fc.Arbitrary<Keywords>): fc.Arbitrary<Keywords> {
  return keywords.chain((all) => fc.subarray(Object.entries(all), { maxLength: 1 }).map(Object.fromEntries));
}

function combined(base: fc.Arbitrary<Keywords>): fc.Arbitrary<Keywords> {
  const part = few(base);
  const parts = fc.array(part, { minLength: 1, maxLength: 3 });
  const branch = fc.option(part, { nil: undefined });
  const conditional = fc.tuple(part, branch, branch).map(([condition, yes, no]) => ({
    if: condition,
    ...(yes === undefined ? {} : { [THEN]: yes }),
    ...(no === undefined ? {} : { else: no }),
  }));
  const combinators = fc.oneof(
    fc.constant({}),
    fc.constant({}),
    parts.map((allOf) => ({ allOf })),
    parts.map((anyOf) => ({ anyOf })),
    parts.map((oneOf) => ({ oneOf })),
    part.map((not) => ({ not })),
    conditional,
    fc.constantFrom({ $ref: "#/$defs/small" }, {}),
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.tuple(part, combinators).map(([own, combinator]) => ({ ...own, ...combinator })),
    },
  );
}

const numbers = { $defs: { small: { maximum: 50 } } };
const kinds: Readonly<Record<string, fc.Arbitrary<Keywords>>> = {
  text: combined(textKeywords).map(({ $ref: _, ...own }) => ({ type: "string", ...own })),
  whole: combined(numberKeywords).map((own) => ({ type: "integer", ...own })),
  number: combined(numberKeywords).map((own) => ({ type: "number", ...own })),
  share: combined(numberKeywords).map((own) => ({ type: ["number", "boolean"], ...own })),
  money: combined(numberKeywords).map((own) => ({ type: "number", "x-decimal": [18, 2], ...own })),
  flag: fc
    .constantFrom<Keywords>({}, { const: true }, { enum: [false] }, { not: { const: true } })
    .map((own) => ({ type: "boolean", ...own })),
  time: fc.constant({ type: "string", format: "date-time" }),
  list: fc
    .constantFrom<Keywords>(
      {},
      { minItems: 1 },
      { items: { type: "integer", minimum: 0 } },
      { contains: { const: "a" } },
      { uniqueItems: true },
    )
    .map((own) => ({ type: "array", ...own })),
};
const names = Object.keys(kinds);
const scalars = ["text", "whole", "number", "money", "flag"];

const condition = fc.oneof(
  fc.constantFrom(...names).map((name) => ({ required: [name] })),
  fc.record({ text: few(textKeywords) }).map((properties) => ({ properties })),
  fc.record({ whole: few(numberKeywords), money: few(numberKeywords) }).map((properties) => ({ properties })),
  fc.constantFrom<Keywords>(
    { properties: { flag: { const: true } }, required: ["flag"] },
    { properties: { number: { type: "integer" } } },
  ),
);
const conditions = fc.array(condition, { minLength: 1, maxLength: 3 });
const recordKeywords = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Keywords>({}) },
  conditions.map((allOf) => ({ allOf })),
  conditions.map((anyOf) => ({ anyOf })),
  conditions.map((oneOf) => ({ oneOf })),
  condition.map((not) => ({ not })),
  fc.tuple(condition, condition, condition).map(([test, yes, no]) => ({ if: test, [THEN]: yes, else: no })),
  fc.constantFrom<Keywords>(
    { dependentRequired: { text: ["whole"], flag: ["money", "time"] } },
    { additionalProperties: false },
  ),
);

const numberRules: fc.Arbitrary<ColumnRules> = fc.record(
  {
    allowed_range: fc.tuple(limit, limit).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    min_value: limit,
    max_value: limit,
    allowed_values: fc.array(limit, { minLength: 1, maxLength: 3 }),
    not_allowed_values: fc.record({
      value: fc.array(limit, { minLength: 1, maxLength: 3 }),
      severity: fc.constantFrom("error", "warn"),
    }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ColumnRules>;

export interface ArbitraryContract {
  readonly schema: JsonSchema;
  readonly defs: Readonly<Record<string, JsonSchema>>;
  readonly columns: Readonly<Record<string, ColumnRules>>;
  readonly rows: readonly { readonly name: string; readonly expression: string }[];
}

export const arbitraryContract: fc.Arbitrary<ArbitraryContract> = fc
  .tuple(
    fc.record(kinds),
    recordKeywords,
    fc.subarray(names, { maxLength: 3 }),
    numberRules,
    fc.constantFrom(...scalars),
  )
  .map(([properties, keywords, required, rule, column]) => ({
    schema: { type: "object", properties, required, ...keywords } as JsonSchema,
    defs: numbers.$defs,
    columns: ["whole", "money"].includes(column) ? { [column]: rule } : {},
    rows: [
      { name: "order", expression: "whole <= money" },
      { name: "bound", expression: "number < 100" },
    ],
  }));

const text = fc.oneof(
  { weight: 3, arbitrary: word },
  numberText,
  fc.string({ unit: "grapheme", maxLength: 4 }).filter((given) => !given.includes("\u0000")),
);
const list = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("[]", "[1]", "[1, 1]", '["a"]', "[-1]") },
  { weight: 1, arbitrary: fc.constantFrom("{}", "[1,]", "NaN", "x") },
);
const time = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("2024-01-05T10:00:00Z", "2024-01-05 10:00") },
  { weight: 1, arbitrary: fc.constantFrom("2024-13-05 10:00", "10:00:00Z") },
);
const textsOf: Readonly<Record<string, fc.Arbitrary<string>>> = {
  text,
  whole: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: -3, max: 120 }).map(String) }, numberText),
  number: numberText,
  share: fc.oneof(numberText, fc.constantFrom("true", "no")),
  money: fc.oneof(
    fc.integer({ min: 100, max: 12_000 }).map((cents) => String(cents / 100)),
    numberText,
  ),
  flag: fc.constantFrom("true", "false", "1", "no", "T", "Y", "0", "maybe"),
  time,
  list,
};

/** A text record: every column mostly has a text of its own kind, at times one of another, at times none. */
export const arbitraryRecord: fc.Arbitrary<Record<string, string | null>> = fc.record(
  Object.fromEntries(
    Object.entries(textsOf).map(([name, own]) => [
      name,
      fc.oneof(
        { weight: 25, arbitrary: own },
        { weight: 1, arbitrary: text },
        { weight: 2, arbitrary: fc.constant(null) },
      ),
    ]),
  ),
);

/** The same record as JSON: texts that are JSON values of their own stand unquoted where `bare` says so. */
export function asJson(record: Readonly<Record<string, string | null>>, bare: boolean): string {
  const members = Object.entries(record).map(([name, value]) => {
    const isJson =
      value !== null &&
      /^(-?(0|[1-9][0-9]*)(\.[0-9]+)?(e-?[0-9]+)?|true|false|\[[^,]*\]|\[1, 1\]|\{\})$/.test(value);
    return `${JSON.stringify(name)}: ${bare && isJson ? value : JSON.stringify(value)}`;
  });
  return `{${members.join(", ")}}`;
}
