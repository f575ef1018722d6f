import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { columnKind } from "../../../contracts/column-kind.js";
import { compileContract } from "../../../contracts/contract.js";
import { compareExact, exactNumber } from "../../../contracts/oracle/exact-number.js";
import { parseJson } from "../../../contracts/oracle/json-record.js";
import { compareVerdicts, createOracle } from "../../../contracts/oracle/oracle.js";
import { readTime } from "../../../contracts/oracle/time-text.js";
import type { Value } from "../../../contracts/oracle/value-text.js";
import { oracleValue } from "../../../contracts/oracle/value-text.js";
import type { SchemaObject } from "../../../contracts/schema-parts.js";
import { type DuckDbEngine, openDuckDb } from "../../../engines/duckdb.js";
import type { SqlRow, SqlValue } from "../../../engines/engine.js";
import type { FeedOptions, JsonSchema } from "../../../lib/config-types.js";
import { dialect, judgeRows, source } from "../judge-rows.js";

const seed = Number(process.env["GRISTMILL_SEED"] ?? Date.now() % 1_000_000);
/** 12 tests of this many rows. */
const RUNS = Number(process.env["GRISTMILL_ROWS"] ?? 500);
let engine: DuckDbEngine;
const folder = mkdtempSync(join(tmpdir(), "gristmill-"));

beforeAll(async () => {
  engine = await openDuckDb({ threads: 1, memoryMb: 500, tempDir: folder });
  console.log(`GRISTMILL_SEED=${seed}`);
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

const columns: Readonly<Record<string, JsonSchema>> = {
  text: { type: "string" },
  whole: { type: "integer" },
  number: { type: "number" },
  share: { type: ["number", "boolean"] },
  money: { type: "number", "x-decimal": [18, 2] },
  count: { type: "number", "x-decimal": [5, 0] },
  big: { type: "number", "x-decimal": [38, 10] },
  flag: { type: "boolean" },
  day: { type: "string", format: "date" },
  time: { type: "string", format: "date-time" },
};

const digits = (from: number, to: number) => fc.integer({ min: from, max: to }).map(String);
const two = fc.oneof(
  digits(0, 61).map((text) => text.padStart(2, "0")),
  digits(0, 9),
  fc.constant(" 1"),
);
const year = fc.oneof(
  digits(1990, 2030),
  fc.constantFrom("0000", "0001", "0999", "9999", "10000", "-100", " 200", "+200", "20"),
);
const day = fc
  .tuple(year, two, fc.constantFrom("-", "/", "-", "-"), two)
  .map(([y, m, s, d]) => `${y}${s}${m}${s}${d}`);
const fraction = fc.oneof(
  fc.constant(""),
  fc.constant(""),
  fc.stringMatching(/^\.[0-9]{0,12}$/),
  fc.constant(",5"),
);
const zone = fc.constantFrom(
  "",
  "",
  "",
  "Z",
  "Z",
  "z",
  "+02:00",
  "-0530",
  "+02",
  "+24:00",
  "+02:60",
  " UTC",
  " Z",
  "-00:00",
  "+2",
);
const clock = fc
  .tuple(two, two, fc.option(two, { freq: 4, nil: "" }))
  .map(([h, m, s]) => `${h}:${m}${s === "" ? "" : `:${s}`}`);
const time = fc
  .tuple(day, fc.constantFrom("T", " ", "t", "  ", "_", "x", ""), clock, fraction, zone)
  .map((parts) => parts.join(""));
const goodTime = fc
  .date({ min: new Date("0999-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString())
  .chain((iso) =>
    fc.constantFrom(
      iso,
      iso.slice(0, 19),
      iso.slice(0, 19).replace("T", " "),
      `${iso.slice(0, 19)}Z`,
      `${iso.slice(0, 10)} 00:00:00`,
      iso.slice(0, 16),
      iso.slice(0, 10),
    ),
  );
const numeric = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.double().map(String),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(3)),
  fc.stringMatching(/^[+-]?[0-9]{0,20}\.?[0-9]{0,14}0{0,3}$/),
  fc.stringMatching(/^[0-9.eE+_x -]{1,8}$/),
  fc.constantFrom(
    "inf",
    "nan",
    "Infinity",
    "-inf",
    "0x1f",
    "1_000",
    "1e400",
    "1e-400",
    ".",
    "+",
    "-",
    "-.",
    "1e5",
    "1.",
    ".5",
    "-0",
    "00",
    "1.00000000000000000000000000000000000000000000",
    "0".repeat(50),
    `${"0".repeat(45)}1.5`,
  ),
);
const signs = fc.stringMatching(/^[+-]?[0-9]{1,3}([.,'][0-9]{3}){0,2}([.,][0-9]{1,3})?$/);
const words = fc.constantFrom(
  "true",
  "FALSE",
  "True",
  "yes",
  "No",
  "y",
  "N",
  "t",
  "F",
  "1",
  "0",
  "on",
  "off",
  "tru",
  "2",
  "null",
  "epoch",
  "infinity",
  "today",
  "now",
);
const slashed = fc
  .tuple(two, two, year, fc.option(clock, { nil: "" }), fc.constantFrom("", " PM", " am", " +0200"))
  .map(([a, b, c, d, e]) => `${a}/${b}/${c}${d === "" ? "" : ` ${d}`}${e}`);
const named = fc
  .tuple(two, fc.constantFrom("Jan", "feb", "MAR", "Foo", "September", "June"), year)
  .map((parts) => parts.join(" "));
/** A canonical text with a few characters changed: what a generous cast forgives lies close to what is right. */
const mutated = fc
  .tuple(
    fc.constantFrom<string[]>(
      "2024-01-05 10:20:30",
      "2024-01-05T10:20:30Z",
      "2024-01-05T00:00:00.123Z",
      "2024-01-05 24:00:00",
      "2024-01-05T10:20:30.5+02:00",
      "2024-01-05 10:20",
      "2024-01-05",
      "12345678",
      "123.45",
      "-1.5e10",
    ),
    fc.array(fc.tuple(fc.nat({ max: 23 }), fc.constantFrom(..." \t0123456789-+:.TZ,_e/")), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.boolean(),
  )
  .map(([text, changes, insert]) =>
    changes.reduce((now, [at, sign]) => `${now.slice(0, at)}${sign}${now.slice(insert ? at : at + 1)}`, text),
  );
const blank = fc.constantFrom("", "", "", "", " ", "\t", "  ", "\r", "\u00a0", "\n", "\f", "\v");
const anyText = fc
  .tuple(
    blank,
    fc.oneof(
      { weight: 3, arbitrary: numeric },
      { weight: 4, arbitrary: mutated },
      time,
      goodTime,
      goodTime,
      day,
      words,
      signs,
      slashed,
      named,
      fc.string({ unit: "grapheme", maxLength: 6 }),
    ),
    blank,
  )
  .map((parts) => parts.join(""));

const dialects: readonly Partial<FeedOptions>[] = [
  {},
  { null_values: ["NULL", "null", "0", "-"] },
  { timezone: "Europe/Berlin" },
  { timezone: "America/New_York", date_formats: ["%m/%d/%Y %H:%M", "%d/%m/%Y"] },
  { decimal: ",", thousands: "." },
  { decimal: ",", thousands: "'", date_formats: ["%d %b %Y", "%d %B %Y", "%m/%d/%y", "%m/%d/%Y %I:%M %p"] },
  { decimal: ",", date_formats: ["%d/%m/%Y %H:%M:%S %z", "%Y%m%d"] },
  { thousands: "," },
];

/** Where SQL and the oracle read different values from what both take for one. */
function differentValues(
  row: SqlRow,
  record: Readonly<Record<string, unknown>>,
  format: "text" | "json",
  options: Partial<FeedOptions>,
): string[] {
  return kinds.flatMap(([name, kind]) => {
    const expected = oracleValue(kind, record[name], format, { ...dialect, ...options });
    const found = row[name] ?? null;
    if (expected.state !== "value" || found === null) return [];
    return same(found, expected)
      ? []
      : [`${name}: ${String(found)} in SQL, ${JSON.stringify(expected.json)} in the oracle`];
  });
}

function same(found: SqlValue, expected: Value): boolean {
  if (expected.micros !== null)
    return readTime(String(found).replace(/\+00$/, "Z"), dialect) === expected.micros;
  if (expected.exact !== null) return compareExact(exactNumber(String(found)), expected.exact) === 0;
  return found === expected.json || (found === 0 && expected.json === 0) || String(found) === expected.json;
}

const kinds = Object.entries(columns).map(
  ([name, schema]) =>
    [
      name,
      columnKind([{ schema: schema as SchemaObject, place: { file: "data_schemas.json", path: name } }]),
    ] as const,
);

test.each(dialects)("texts become the same values in SQL and in the oracle: %j", async (options) => {
  const config = source({ type: "object", properties: columns, required: ["whole", "text"] });
  const contract = compileContract(config, "s");
  const oracle = createOracle(contract, config, { ...dialect, ...options });
  const texts = fc.sample(
    anyText.filter((text) => !text.includes("\u0000")),
    { numRuns: RUNS, seed },
  );
  const records = texts.map((text) => Object.fromEntries(Object.keys(columns).map((name) => [name, text])));
  const judged = await judgeRows(
    engine,
    contract,
    records.map((record) => JSON.stringify(record)),
    "text",
    options,
  );
  const wrong = judged.flatMap((row, index) => {
    const record = records[index] ?? {};
    const verdict = [
      ...compareVerdicts(row.reasons, oracle.judge(record, "text")),
      ...differentValues(row.row, record, "text", options),
    ];
    return verdict.length === 0 ? [] : [`${JSON.stringify(texts[index])}: ${verdict.join("; ")}`];
  });
  expect(wrong).toEqual([]);
});

test.each([
  "2026-01-05T15:30:40Z",
  "2026-11-25 09:30:40.123",
])("%s with two of its characters changed is the same time or none in SQL and in the oracle", async (whole) => {
  const config = source({ type: "object", properties: { time: columns["time"] as JsonSchema } });
  const contract = compileContract(config, "s");
  const oracle = createOracle(contract, config, dialect);
  const changed = new Set<string>();
  const changes = [..." -:.+4T\té"];
  for (let first = 0; first < whole.length; first++)
    for (let second = first + 1; second < whole.length; second++)
      for (const a of changes)
        for (const b of changes)
          changed.add(
            whole.slice(0, first) + a + whole.slice(first + 1, second) + b + whole.slice(second + 1),
          );
  const records = [...changed].map((time) => ({ time }));
  const judged = await judgeRows(
    engine,
    contract,
    records.map((record) => JSON.stringify(record)),
    "text",
  );
  const wrong = judged.flatMap((row, index) => {
    const record = records[index] ?? {};
    const verdict = [
      ...compareVerdicts(row.reasons, oracle.judge(record, "text")),
      ...differentValues(row.row, record, "text", {}),
    ];
    return verdict.length === 0 ? [] : [`${JSON.stringify(record)}: ${verdict.join("; ")}`];
  });
  expect(records.length).toBeGreaterThan(10_000);
  expect(wrong).toEqual([]);
});

test.each(dialects.slice(0, 4))("so do JSON values: %j", async (options) => {
  const config = source({ type: "object", properties: columns, required: ["whole", "text"] });
  const contract = compileContract(config, "s");
  const oracle = createOracle(contract, config, { ...dialect, ...options });
  const token = fc.oneof(
    anyText.map((text) => JSON.stringify(text)),
    numeric.filter((text) => /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(text)),
    fc.constantFrom(
      "null",
      "true",
      "false",
      "[]",
      "{}",
      "[1]",
      '{"a": 1}',
      "1.0",
      "1e2",
      "-0",
      "-0.0",
      "0",
      "1",
      "1E400",
      "1.50",
    ),
  );
  const tokens = fc.sample(token, { numRuns: RUNS, seed }).filter((text) => !text.includes("\\u0000"));
  const records = tokens.map(
    (text) =>
      `{${Object.keys(columns)
        .map((name) => `"${name}": ${text}`)
        .join(", ")}}`,
  );
  const judged = await judgeRows(engine, contract, records, "json", options);
  const wrong = judged.flatMap((row, index) => {
    const record = parseJson(records[index] ?? "{}") as Record<string, unknown>;
    const verdict = [
      ...compareVerdicts(row.reasons, oracle.judge(record, "json")),
      ...differentValues(row.row, record, "json", options),
    ];
    return verdict.length === 0 ? [] : [`${tokens[index]}: ${verdict.join("; ")}`];
  });
  expect(wrong).toEqual([]);
});
