import { expect, test } from "vitest";
import type { JsonSchema } from "../../lib/config-types.js";
import { seededRandom } from "../../processing/judging/sampler.js";
import { type Case, type Outcome, work } from "./work-harness.js";

const seed = process.env["GRISTMILL_SEED"] ?? String(Date.now() % 1_000_000);
const RECORDS = 600;

const required = ["name", "number"];
const schema: JsonSchema = {
  type: "object",
  properties: {
    name: { type: "string", maxLength: 12 },
    whole: { type: "integer", minimum: -5 },
    number: { type: "number" },
    share: { type: ["number", "boolean"] },
    money: { type: "number", "x-decimal": [18, 2] },
    flag: { type: "boolean" },
    day: { type: "string", format: "date" },
    time: { type: "string", format: "date-time" },
    list: { type: ["array", "object"] },
    given: { type: "integer" },
  },
  required,
};
const anything = [
  '""',
  '"x"',
  "null",
  "1",
  "1.50",
  "true",
  "false",
  '"true"',
  "[1]",
  '{"a":1}',
  '" 7 "',
  "1e3",
];
const fitting: Readonly<Record<string, readonly string[]>> = {
  name: ['"a"', '"é\\u00e9"', '"{b"', '"[x]"', '"true"', "12", "1.5", '"a\\tb"', '"NaN"', '"\\ud83d\\ude00"'],
  whole: ["1", "-3", "0", "-0", "999999999999999999", "99999999999999999999", '"12"', "12.0", '"1_0"', "-7"],
  number: ["1", "-0.0", "410.10", "0.1", "12345.678", '"1.5"', "1e5", "0.00001", "9007199254740993"],
  share: ["0", "0.25", "true", "false", '"true"', '"0.5"'],
  money: ["1.50", "19.99", "1", "1.005", '"2.10"', "0.00001", "12345678901234.56", "1e2"],
  flag: ["true", "false", '"yes"', "1", '"no"'],
  day: ['"2026-01-05"', '"2026-02-30"', "20260105"],
  time: ['"2026-01-05T10:00:00Z"', '"2026-01-05 10:00"', '"2026-01-05T10:00:00.250+02:00"'],
  list: ["[]", '[1,{"a":2.50}]', '{"a": null}', '"[]"'],
  given: ["5", '"6"', "null"],
};

function records(random: () => number, keys: readonly string[]): readonly string[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  return Array.from({ length: RECORDS }, () => {
    const chosen = keys.filter((key) => random() < (required.includes(key) ? 0.95 : 0.35));
    if (random() < 0.1) chosen.reverse();
    const pairs = chosen.map((key) => {
      const value = pick(random() < 0.03 ? anything : (fitting[key] ?? fitting["whole"] ?? []));
      return `${JSON.stringify(key)}:${random() < 0.1 ? " " : ""}${value}`;
    });
    if (random() < 0.05) pairs.push(pick(['"other":1', '"other":null', '"name":"twice"']));
    return `{${pairs.join(random() < 0.1 ? " , " : ",")}}`;
  });
}

/** What came of the records, but for how their texts looked. */
function judged(outcome: Outcome): unknown {
  expect(outcome.file.oracle).toMatchObject({ disagreements: 0, examples: [] });
  const { accepted, quarantined, file } = outcome;
  return {
    accepted: accepted.map((row) => ({ ...row, _file: null })),
    quarantined: quarantined.map((row) => ({
      reasons: row["reasons"],
      raw: String(row["raw"]).trim(),
      record: row["record"],
    })),
    nulls: file.null_counts,
    counts: [file.records, file.accepted, file.quarantined],
  };
}

const feeds: readonly [string, Case["feed"], readonly string[]][] = [
  ["a plain feed", {}, Object.keys(fitting)],
  ["null values", { options: { null_values: ["0", "a"] } }, Object.keys(fitting)],
  ["a decimal comma", { options: { decimal: "," } }, Object.keys(fitting)],
  [
    "aliases and constants",
    { columns: { n: "name", w: "whole" }, constants: { given: "9", flag: "yes" } },
    [...Object.keys(fitting), "n", "w"],
  ],
  [
    "a key of two columns",
    { columns: { day: "whole" } },
    Object.keys(fitting).filter((key) => key !== "day"),
  ],
];

test.each(feeds)("plain records are judged as others are: %s", async (_, feed, keys) => {
  console.log(`GRISTMILL_SEED=${seed}`);
  const lines = records(seededRandom(seed), keys);
  const one = (text: string, name = "a.ndjson") =>
    work({ files: { [name]: text }, schema, feed: feed ?? {} });
  // a blank in front: none of them is known to be plain
  const closely = judged(await one(lines.map((line) => ` ${line}`).join("\n")));
  const quickly = judged(await one(lines.join("\n")));
  expect(quickly).toEqual(closely);
  const array = await one(`[${lines.join(",\n")}\n]`, "a.json");
  expect(judged(array)).toEqual(closely);
  expect(array.accepted.length).toBeGreaterThan(RECORDS / 20);
});
