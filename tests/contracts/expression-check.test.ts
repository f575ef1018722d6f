import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileContract } from "../../contracts/contract.js";
import { checkExpressions } from "../../contracts/expression-check.js";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";
import { loadConfig } from "../../lib/config.js";
import { judgeRows, source } from "./judge-rows.js";

let engine: DuckDbEngine;
const folder = mkdtempSync(join(tmpdir(), "gristmill-"));
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1, memoryMb: 300, tempDir: folder });
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

function configOf(expression: string) {
  return source(
    {
      type: "object",
      properties: {
        a: { type: "integer" },
        b: { type: "integer" },
        name: { type: "string" },
        start: { type: "string", format: "date-time" },
        later: { type: "string", format: "date-time" },
      },
    },
    { rows: [{ name: "rule", expression }] },
  );
}

test.each([
  ["a >= b"],
  ["minutes_between(start, later) <= 360"],
  ["later >= start and coalesce(a, 0) between 0 and 10"],
  ["case when a > 1 then name is not null else true end"],
  ["name like 'x%' or lower_ascii(name) in ('a', 'b') -- a comment"],
  ["extract(year from start) >= 2000 and start > date '2000-01-01'"],
  ["try_cast(name as integer) is null"],
  ["start + interval 1 day > later"],
  ["not (a % 2 = 0) and abs(a - b) < 1e6"],
])("%s is allowed", async (expression) => {
  await expect(checkExpressions(configOf(expression), engine)).resolves.toBeUndefined();
});

test.each([
  ["(select count(*) from s) > 0", "subquery"],
  ["a in (select b)", "subquery"],
  ["exists (select 1)", "subquery"],
  ["read_text('/etc/passwd') is null", "function read_text"],
  ["getenv('HOME') is null", "function getenv"],
  ["current_setting('threads') = '1'", "function current_setting"],
  ["getvariable('x') = 1", "function getvariable"],
  ["current_date > start", "current_date is no column"],
  ["now() > start", "function now"],
  ["random() > 0.5", "function random"],
  ["upper_words(name) is null", "function upper_words"],
  ["main.personal_mask(name) = 'x'", "function personal_mask"],
  ["nextval('x') = 1", "function nextval"],
  ["regexp_matches(name, 'x')", "function regexp_matches"],
  ["lower(name) = 'x'", "function lower"],
  ["sum(a) > 1", "function sum"],
  ["count(*) > 1", "function count_star"],
  ["sum(a) over () > 1", "window"],
  ["a > ?", "parameter"],
  ["a > $x", "parameter"],
  ["#1 > 1", "positional reference"],
  ["columns(*) > 1", "star"],
  ["*", "star"],
  ["a > 1, b > 1", "one expression"],
  ["a > 1; drop table s", "one expression|SELECT statements"],
  ["a > 1 from s", "one expression"],
  ["a > 1 where true", "one expression"],
  ["a > 1 order by 1", "one expression"],
  ["1) or (1", "no SQL expression"],
  ["a > 1 /* open", "no SQL expression"],
  ["list_filter([a], x -> x > 1) is null", "function list_filter"],
  ["other.a > 1", "other.a is no column"],
  ["c > 1", "c is no column"],
  ["name::integer > 1", "try_cast"],
  ["name collate nocase = 'x'", "collate"],
  ["a", "must be true or false"],
  ["a > start", "Cannot compare|Binder"],
  ["date_part('epoch', start) > 1", "date_part takes"],
  ["[a] is null", "function list_value"],
])("%s is refused", async (expression, why) => {
  await expect(checkExpressions(configOf(expression), engine)).rejects.toMatchObject({
    code: "bad_configuration",
    message: expect.stringMatching(new RegExp(`^business_rules.yaml: s.rows.0.expression: .*(${why})`, "i")),
  });
});

test("the default rules are allowed", async () => {
  const config = loadConfig({ configDir: null, environment: {} });
  await expect(checkExpressions(config, engine)).resolves.toBeUndefined();
});

test("what overflows in one row is null there and stops no other row", async () => {
  const contract = compileContract(configOf("a * b > 0"), "s");
  const records = [
    '{"a": "9223372036854775807", "b": "2"}',
    '{"a": "1", "b": "2"}',
    '{"a": "1", "b": "-2"}',
    '{"a": null, "b": "1"}',
    '{"a": "x", "b": "-1"}',
  ];
  const judged = await judgeRows(engine, contract, records, "text");
  expect(judged.map((row) => row.reasons.map((reason) => `${reason.code} ${reason.column}`))).toEqual([
    [],
    [],
    ["rule_failed null"],
    [],
    ["wrong_type a"],
  ]);
});
