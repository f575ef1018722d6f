import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileContract } from "../../contracts/contract.js";
import { parseJson } from "../../contracts/oracle/json-record.js";
import { createOracle } from "../../contracts/oracle/oracle.js";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";
import type { FeedOptions, JsonSchema } from "../../lib/config-types.js";
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

const WRONG = "wrong_type";
const NULL = null;
type Expected = string | null;
type Line = readonly [
  what: string,
  schema: JsonSchema,
  given: string,
  expected: Expected,
  options?: Partial<FeedOptions>,
];

const string = { type: "string" };
const integer = { type: "integer" };
const number = { type: "number" };
const money = { type: "number", "x-decimal": [18, 2] };
const boolean = { type: "boolean" };
const share = { type: ["number", "boolean"] };
const date = { type: "string", format: "date" };
const time = { type: "string", format: "date-time" };

/** The lines of values.md, in its order: type, text, value as the engine prints it (or null, or wrong_type), dialect. */
const texts: readonly Line[] = [
  ["the empty field", integer, "", NULL],
  ["the empty field", string, "", NULL],
  ["a feed's null values", string, "NULL", NULL, { null_values: ["NULL", "-"] }],
  ["a feed's null values", integer, "-", NULL, { null_values: ["NULL", "-"] }],
  ["a feed's null values", integer, " - ", NULL, { null_values: ["NULL", "-"] }],
  ["no null value of this feed", string, "NULL", "NULL"],
  ["blanks alone", integer, "  ", NULL],
  ["trimmed", integer, " 12\t", "12"],
  ["trimmed", money, " 1.5 ", "1.50"],
  ["trimmed", date, " 2024-02-29 ", "2024-02-29"],
  ["a string is kept as it is", string, " a ", " a "],
  ["a string is kept as it is", string, "  ", "  "],
  ["integer", integer, "-0042", "-42"],
  ["integer", integer, "+7", "7"],
  ["integer", integer, "9223372036854775807", "9223372036854775807"],
  ["integer beyond 64 bits", integer, "9223372036854775808", WRONG],
  ["integer with zeros", integer, "17850.0", "17850"],
  ["integer with zeros", integer, "5.000", "5"],
  ["generous casts", integer, "2.7", WRONG],
  ["generous casts", integer, "0x1F", WRONG],
  ["generous casts", integer, "1_000", WRONG],
  ["generous casts", integer, "1e3", WRONG],
  ["generous casts", integer, "5.", WRONG],
  ["generous casts", number, "1_000", WRONG],
  ["number", number, "1.", "1"],
  ["number", number, ".5", "0.5"],
  ["number", number, "+1.5e-3", "0.0015"],
  ["number, finite", number, "1e400", WRONG],
  ["number, finite", number, "inf", WRONG],
  ["number, finite", number, "NaN", WRONG],
  ["number", number, ".", WRONG],
  ["number without the dialect's sign", number, "1,5", WRONG],
  ["decimal sign", number, "1,5", "1.5", { decimal: "," }],
  ["decimal sign", number, "1.5", WRONG, { decimal: "," }],
  ["thousands sign", number, "1.234.567,5", "1234567.5", { decimal: ",", thousands: "." }],
  ["thousands sign", number, "1.23,5", WRONG, { decimal: ",", thousands: "." }],
  ["thousands sign", money, "1,234.50", "1234.50", { thousands: "," }],
  ["decimal", money, "19.9", "19.90"],
  ["decimal, trailing zeros", money, "19.9000", "19.90"],
  ["decimal, never rounded", money, "19.999", WRONG],
  ["decimal without exponent", money, "1e2", WRONG],
  ["decimal that does not fit", money, "12345678901234567.00", WRONG],
  ["decimal that fits", money, "-1234567890123456.78", "-1234567890123456.78"],
  ...["true", "TRUE", "1", "yes", "Y", "t"].map((word): Line => ["boolean", boolean, word, "true"]),
  ...["false", "False", "0", "no", "N", "f"].map((word): Line => ["boolean", boolean, word, "false"]),
  ["boolean", boolean, "on", WRONG],
  ["boolean", boolean, "2", WRONG],
  ["a boolean or a share", share, "true", "1"],
  ["a boolean or a share", share, "no", "0"],
  ["a boolean or a share", share, "0.25", "0.25"],
  ["date", date, "2024-02-29", "2024-02-29"],
  ["date, a real day", date, "2023-02-29", WRONG],
  ["date", date, "2024-2-9", WRONG],
  ["date", date, "2024/02/09", WRONG],
  ["date", date, "epoch", WRONG],
  ["date", date, "2024-02-09T10:00:00", WRONG],
  ["date formats", date, "9/2/2024", "2024-02-09", { date_formats: ["%d/%m/%Y"] }],
  ["date formats", date, "31/2/2024", WRONG, { date_formats: ["%d/%m/%Y"] }],
  ["date formats, ISO first", date, "2024-02-09", "2024-02-09", { date_formats: ["%Y-%d-%m"] }],
  ["time", time, "2024-01-05T10:20:30Z", "2024-01-05 10:20:30+00"],
  ["time", time, "2024-01-05 10:20", "2024-01-05 10:20:00+00"],
  ["time", time, "2024-01-05T10:20:30.123456789+02:00", "2024-01-05 08:20:30.123456+00"],
  ["time", time, "2024-01-05T10:20:30-0530", "2024-01-05 15:50:30+00"],
  [
    "time in the feed's zone",
    time,
    "2024-07-05 10:20:30",
    "2024-07-05 08:20:30+00",
    { timezone: "Europe/Berlin" },
  ],
  [
    "time with a zone of its own",
    time,
    "2024-07-05 10:20:30Z",
    "2024-07-05 10:20:30+00",
    { timezone: "Europe/Berlin" },
  ],
  [
    "time, a skipped hour",
    time,
    "2024-03-31 02:30:00",
    "2024-03-31 01:30:00+00",
    { timezone: "Europe/Berlin" },
  ],
  [
    "time, a doubled hour",
    time,
    "2024-10-27 02:30:00",
    "2024-10-27 01:30:00+00",
    { timezone: "Europe/Berlin" },
  ],
  ["time without a clock", time, "2024-01-05", WRONG],
  ["time, no leap second", time, "2016-12-31T23:59:60Z", WRONG],
  ["time, no hour 24", time, "2024-01-05 24:00:00", WRONG],
  ["time", time, "infinity", WRONG],
  ["time", time, "2024-02-30 10:00:00", WRONG],
  ["time", time, "2024-01-05 1:2:3", WRONG],
  ["time with a zone's name", time, "2024-01-05 10:00:00 Europe/Berlin", WRONG],
  [
    "date formats of a time",
    time,
    "12/1/2010 8:26",
    "2010-12-01 08:26:00+00",
    { date_formats: ["%m/%d/%Y %H:%M"] },
  ],
  ["date formats of a time", time, "12/1/10 8:26", WRONG, { date_formats: ["%m/%d/%Y %H:%M"] }],
  [
    "date formats with a zone",
    time,
    "05/Jan/2024:10:00:00 +0100",
    "2024-01-05 09:00:00+00",
    { date_formats: ["%d/%b/%Y:%H:%M:%S %z"] },
  ],
];

const json: readonly Line[] = [
  ["null", string, "null", NULL],
  ["an empty text in a column that is no string", integer, '""', NULL],
  ["an empty text in a string column", string, '""', ""],
  ["a number for a string column is its text", string, "1.5", "1.5"],
  ["a number for a string column is its text", string, "42", "42"],
  ["a string for a number column", number, '"1.5"', "1.5"],
  ["a string for a number column", integer, '" 7 "', "7"],
  ["a string for a number column", money, '"1.999"', WRONG],
  ["a boolean", boolean, "true", "true"],
  ["a boolean by the table", boolean, '"yes"', "true"],
  ["a boolean by the table", boolean, "1", "true"],
  ["a boolean for a number column", integer, "true", WRONG],
  ["a boolean for a string column", string, "true", WRONG],
  ["a boolean or a share", share, "true", "1"],
  ["an array for a scalar column", string, "[1]", WRONG],
  ["an object for a scalar column", string, '{"a": 1}', WRONG],
  ["an array for a scalar column", integer, "[1]", WRONG],
  ["an integer as a double", integer, "5.0", "5"],
  ["an integer as a double", integer, "5.5", WRONG],
];

describe.each(["text", "json"] as const)("%s", (format) => {
  const lines = (format === "text" ? texts : json).map((line) => ({ line, name: JSON.stringify(line) }));
  test.each(lines)("$name", async ({ line }) => {
    const [, schema, given, expected, options = {}] = line;
    const config = source({ type: "object", properties: { value: schema } });
    const contract = compileContract(config, "s");
    const record = `{"value": ${format === "text" ? JSON.stringify(given) : given}}`;
    const [row] = await judgeRows(engine, contract, [record], format, options);
    const found = row?.row["value"] ?? null;
    const codes = row?.reasons.map((reason) => reason.code);
    expect({ codes, found: found === null ? null : String(found) }).toEqual(
      expected === WRONG ? { codes: [WRONG], found: null } : { codes: [], found: expected },
    );
    const oracle = createOracle(contract, config, { ...dialect, ...options });
    const verdict = oracle
      .judge(parseJson(record) as Record<string, unknown>, format)
      .map((reason) => reason.code);
    expect(verdict).toEqual(codes);
  });
});

test("a value that is not of its type has no range, and a missing one only its presence", async () => {
  const config = source(
    {
      type: "object",
      properties: {
        a: { type: "integer", minimum: 1, enum: [5] },
        b: { type: "string", minLength: 2, pattern: "^x" },
      },
      required: ["a", "b"],
      dependentRequired: { a: ["b"] },
    },
    { rows: [{ name: "positive", expression: "a > 0" }] },
  );
  const contract = compileContract(config, "s");
  const judged = await judgeRows(
    engine,
    contract,
    ['{"a": "x", "b": "y"}', '{"a": null, "b": "xyz"}', '{"a": "0"}', "{}"],
    "text",
  );
  expect(
    judged.map((row) => row.reasons.map(({ code, column, rule, value }) => [code, column, rule, value])),
  ).toEqual([
    [
      ["wrong_type", "a", "type", "x"],
      ["out_of_range", "b", "minLength", "y"],
      ["pattern_mismatch", "b", "pattern", "y"],
    ],
    [["missing_required", "a", "required", null]],
    [
      ["out_of_range", "a", "minimum", "0"],
      ["not_allowed", "a", "enum", "0"],
      ["missing_required", "b", "required", null],
      ["rule_failed", null, "dependentRequired", null],
      ["rule_failed", null, "positive", null],
    ],
    [
      ["missing_required", "a", "required", null],
      ["missing_required", "b", "required", null],
    ],
  ]);
});
