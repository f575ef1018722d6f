import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileContract, decodeMask } from "../../contracts/contract.js";
import { createOracle } from "../../contracts/oracle/oracle.js";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";
import { loadConfig } from "../../lib/config.js";
import type { JsonSchema, SourceRules } from "../../lib/config-types.js";
import { dialect, judgeRows, source } from "./judge-rows.js";

let engine: DuckDbEngine;
const folder = mkdtempSync(join(tmpdir(), "gristmill-"));
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1, memoryMb: 300, tempDir: folder });
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

function ofColumn(schema: JsonSchema, more: Record<string, unknown> = {}): JsonSchema {
  return { type: "object", properties: { x: schema, y: { type: "integer" } }, ...more };
}

const schemas: readonly (readonly [string, JsonSchema, string])[] = [
  [
    "an unknown keyword",
    ofColumn({ type: "string", minlength: 1 }),
    "s.properties.x.minlength: this keyword is not supported",
  ],
  [
    "an unknown keyword of the record",
    ofColumn({ type: "string" }, { patternProperties: {} }),
    "s.patternProperties",
  ],
  [
    "a keyword of another type",
    ofColumn({ type: "string", minimum: 1 }),
    "s.properties.x.minimum: says nothing",
  ],
  [
    "a length of a number",
    ofColumn({ type: "integer", maxLength: 1 }),
    "s.properties.x.maxLength: says nothing",
  ],
  ["an enum of another type", ofColumn({ type: "integer", enum: ["1"] }), "s.properties.x.enum.0"],
  ["items of a string", ofColumn({ type: "string", items: true }), "s.properties.x.items: says nothing"],
  ["two types at once", ofColumn({ type: ["string", "integer"] }), "s.properties.x.type: a column cannot be"],
  ["a type that is none", ofColumn({ type: "text" }), 's.properties.x.type: "text" is no type'],
  ["a decimal that is none", ofColumn({ type: "number", "x-decimal": [2, 4] }), "s.properties.x.x-decimal"],
  [
    "a personal mark that is none",
    ofColumn({ type: "string", "x-personal": "hide" }),
    "s.properties.x.x-personal",
  ],
  [
    "an unknown format",
    ofColumn({ type: "string", format: "phone" }),
    's.properties.x.format: "phone" is not supported',
  ],
  ["a look-ahead", ofColumn({ type: "string", pattern: "^(?=a)b" }), "s.properties.x.pattern: a look-around"],
  [
    "a look-behind",
    ofColumn({ type: "string", pattern: "(?<!a)b" }),
    "s.properties.x.pattern: a look-around",
  ],
  ["a back reference", ofColumn({ type: "string", pattern: "(a)\\1" }), "s.properties.x.pattern: \\1"],
  ["a control escape", ofColumn({ type: "string", pattern: "\\cA" }), "s.properties.x.pattern: \\c"],
  [
    "too long a count",
    ofColumn({ type: "string", pattern: "a{1001}" }),
    "s.properties.x.pattern: a count above 1000",
  ],
  ["a broken pattern", ofColumn({ type: "string", pattern: "(" }), "s.properties.x.pattern: "],
  [
    "a reference to nowhere",
    ofColumn({ $ref: "#/$defs/none" }),
    "s.properties.x.$ref: #/$defs/none points at nothing",
  ],
  [
    "a reference to another file",
    ofColumn({ $ref: "other.json" }),
    "s.properties.x.$ref: other.json leaves this file",
  ],
  [
    "a reference to itself",
    ofColumn({ $ref: "#/s/properties/x" }),
    "#/s/properties/x.$ref: #/s/properties/x refers to itself",
  ],
  ["a required column that is none", ofColumn(true, { required: ["z"] }), "s.required: z is no column"],
  [
    "a condition on a column that is none",
    ofColumn(true, { not: { required: ["z"] } }),
    "s.not.required: z is no column",
  ],
  [
    "a keyword deep in a condition",
    ofColumn(true, { if: { properties: { y: { minItems: 1 } } } }),
    "s.if.properties.y.minItems",
  ],
  [
    "a keyword deep in a list",
    ofColumn({ type: "array", items: { format: "phone" } }),
    "s.properties.x.items.format",
  ],
  ["a schema that is none", ofColumn({ allOf: [1] }), "s.properties.x.allOf.0: must be a schema"],
  [
    "names that differ by case",
    { type: "object", properties: { a: true, A: true } },
    "s.properties.A: two columns differ by case",
  ],
  ["a reserved name", { type: "object", properties: { _file: true } }, "s.properties._file"],
  ["a name of a judge's own", { type: "object", properties: { "p:x": true } }, "s.properties.p:x"],
];

test.each(schemas)("%s is refused with its key path", (_, schema, message) => {
  expect(() => compileContract(source(schema), "s")).toThrow(
    expect.objectContaining({
      code: "bad_configuration",
      message: expect.stringContaining(`data_schemas.json: ${message}`),
    }),
  );
});

const rules: readonly (readonly [string, Partial<SourceRules>, string])[] = [
  ["a rule on no column", { columns: { z: { min_value: 1 } } }, "s.z: z is no column"],
  ["a range of a string", { columns: { x: { allowed_range: [1, 2] } } }, "s.x.allowed_range: says nothing"],
  ["a value of another type", { columns: { y: { allowed_values: ["a"] } } }, "s.y.allowed_values.0"],
  [
    "half a reference",
    { columns: { y: { references: "products" } } },
    "s.y.references: must be source.column",
  ],
  ["unique of no column", { unique: [{ columns: ["z"] }] }, "s.unique.0: z is no column"],
  [
    "two rules of one name",
    {
      rows: [
        { name: "a", expression: "y > 1" },
        { name: "a", expression: "y > 2" },
      ],
    },
    "s.rows.1",
  ],
];

test.each(rules)("%s is refused with its key path", (_, given, message) => {
  expect(() => compileContract(source(ofColumn({ type: "string" }), given), "s")).toThrow(
    expect.objectContaining({
      code: "bad_configuration",
      message: expect.stringContaining(`business_rules.yaml: ${message}`),
    }),
  );
});

test("of 150 rules each has its bit, over several words", async () => {
  const names = Array.from({ length: 75 }, (_, index) => `c${index}`);
  const config = source({
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "integer", minimum: 0 }])),
  });
  const contract = compileContract(config, "s");
  expect(contract.rules).toHaveLength(150);
  const record = JSON.stringify(
    Object.fromEntries(
      names.map((name, index) => [name, index % 3 === 0 ? "-1" : index % 3 === 1 ? "x" : "1"]),
    ),
  );
  const [row] = await judgeRows(engine, contract, [record], "text");
  expect(row?.masks).toHaveLength(3);
  const found = decodeMask(contract, row?.masks ?? []).map((rule) => `${rule.code} ${rule.column}`);
  const expected = names.flatMap((name, index) =>
    index % 3 === 0 ? [`out_of_range ${name}`] : index % 3 === 1 ? [`wrong_type ${name}`] : [],
  );
  expect(found).toEqual(expected);
  expect(row?.reasons.map((reason) => `${reason.code} ${reason.column}`)).toEqual(expected);
});

test("a rule of severity warn or info accepts the row and sets a bit of _warnings", async () => {
  const config = source(ofColumn({ type: "string" }), {
    columns: {
      y: {
        max_value: { value: 10, severity: "warn", message: "unusual" },
        min_value: { value: 0, severity: "info" },
      },
    },
    rows: [{ name: "even", expression: "y % 2 = 0", severity: "warn" }],
  });
  const contract = compileContract(config, "s");
  expect(contract.warnings.map((rule) => [rule.bit, rule.rule, rule.severity, rule.message])).toEqual([
    [0, "min_value", "info", "y must be at least 0"],
    [1, "max_value", "warn", "unusual"],
    [2, "even", "warn", "even: y % 2 = 0"],
  ]);
  const judged = await judgeRows(
    engine,
    contract,
    ['{"y": "11"}', '{"y": "-1"}', '{"y": "2"}', "{}"],
    "text",
  );
  expect(judged.map((row) => [row.accepted, row.warnings])).toEqual([
    [true, 6n],
    [true, 5n],
    [true, 0n],
    [true, 0n],
  ]);
});

test("unknown keys fail a closed record only", async () => {
  const closed = compileContract(source(ofColumn(true, { additionalProperties: false })), "s");
  const open = compileContract(source(ofColumn(true)), "s");
  for (const [contract, codes] of [
    [closed, [["rule_failed"], []]],
    [open, [[], []]],
  ] as const) {
    const judged = await judgeRows(engine, contract, ["{}", "{}"], "text", {}, { unknown: "i = 0" });
    expect(judged.map((row) => row.reasons.map((reason) => reason.code))).toEqual(codes);
  }
});

test("a column without binding is absent, carried items pass through", async () => {
  const contract = compileContract(source(ofColumn({ type: "string" }, { required: ["y"] })), "s");
  const [row] = await judgeRows(
    engine,
    contract,
    ['{"x": "a", "y": "1"}'],
    "text",
    {},
    { bindings: { x: "'b'" }, carry: ["i as _record", `'r' as "_rescued"`] },
  );
  expect(row?.row).toMatchObject({ x: "b", y: null, _rescued: "r" });
  expect(row?.reasons.map((reason) => reason.code)).toEqual(["missing_required"]);
});

test("arrays and objects are checked inside", async () => {
  const config = source(ofColumn({ type: "array", items: { type: "integer", minimum: 0 }, minItems: 1 }));
  const contract = compileContract(config, "s");
  const oracle = createOracle(contract, config, dialect);
  const given = ["[1]", "[]", "[-1]", "{}", "[1,]", "[NaN]", "", "[1] "];
  const judged = await judgeRows(
    engine,
    contract,
    given.map((x) => JSON.stringify({ x })),
    "text",
  );
  const codes = [
    [],
    ["rule_failed"],
    ["rule_failed"],
    ["wrong_type"],
    ["wrong_type"],
    ["wrong_type"],
    [],
    [],
  ];
  expect(judged.map((row) => row.reasons.map((reason) => reason.code))).toEqual(codes);
  expect(given.map((x) => oracle.judge({ x }, "text").map((reason) => reason.code))).toEqual(codes);
});

test("the hash follows schema and rules of its source, and nothing else", () => {
  const config = loadConfig({ configDir: null, environment: {} });
  const hash = (schemas: typeof config.schemas, given = config.rules) =>
    compileContract({ schemas, defs: config.defs, rules: given }, "sales").hash;
  const before = hash(config.schemas);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(hash({ ...config.schemas, users: { type: "object", properties: { a: true } } })).toBe(before);
  const reordered = Object.fromEntries(Object.entries(config.schemas["sales"] as object).reverse());
  expect(hash({ ...config.schemas, sales: reordered })).toBe(before);
  expect(
    hash(config.schemas, {
      ...config.rules,
      sales: { ...config.rules["sales"], rows: [{ name: "a", expression: "quantity > 0" }] } as SourceRules,
    }),
  ).not.toBe(before);
});

test("the default contracts compile, and the oracle covers every rule of them", () => {
  const config = loadConfig({ configDir: null, environment: {} });
  const plans = Object.keys(config.schemas).map((name) => {
    const contract = compileContract(config, name);
    expect(createOracle(contract, config, dialect).uncovered).toEqual([]);
    return `${name}: ${contract.columns.length} columns, ${contract.columns.filter((column) => column.required).length} required`;
  });
  // counted by hand in the list of columns of the specification
  expect(plans).toEqual([
    "api_logs: 14 columns, 9 required",
    "sessions: 16 columns, 11 required",
    "products: 11 columns, 11 required",
    "users: 13 columns, 13 required",
    "sales: 15 columns, 5 required",
    "web_logs: 12 columns, 2 required",
    "events: 16 columns, 2 required",
  ]);
});
