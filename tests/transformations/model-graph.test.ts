import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";
import { inOrder } from "../../transformations/models/graph.js";
import { parseHeader } from "../../transformations/models/header.js";
import { loadModels, parseModel } from "../../transformations/models/load-models.js";
import { type Layer, tableOf } from "../../transformations/models/model.js";
import { sqlFacts } from "../../transformations/models/sql-facts.js";
import { unportable } from "./portable-sql.js";
import { defaultSources } from "./small-lake.js";

let folder: string;
let engine: DuckDbEngine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gristmill-graph-"));
  engine = await openDuckDb({ threads: 1, memoryMb: 200, tempDir: join(folder, "temp") });
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

const sources = new Set(defaultSources.map(({ name }) => name));
const facts = (sql: string) => sqlFacts(engine, "m.sql", sql);
const model = (layer: Layer, name: string, sql: string) => parseModel(engine, `${name}.sql`, layer, sql);

test("the delivered models make every derived table of the interface, in an order that holds", async () => {
  const { models } = await loadModels(engine, null);
  const order = inOrder(models, sources);
  const names = order.map(({ name }) => name);
  for (const entry of order)
    for (const input of entry.facts.inputs.filter((name) => models.has(name)))
      expect(names.indexOf(input)).toBeLessThan(names.indexOf(entry.name));
  const tables = order.map(tableOf).filter((table) => table !== null);
  expect(tables.sort()).toEqual([
    ...[
      "api_logs",
      "events_funnel",
      "products",
      "sales_by_day",
      "sales_by_month",
      "sessions",
      "users",
      "web_logs",
    ].map((name) => `processed/aggregated/${name}`),
    ...["api_logs", "events", "products", "sales", "sessions", "users", "web_logs"].map(
      (name) => `processed/enriched/${name}`,
    ),
    "processed/joined/combined_sessions",
  ]);
});

test("the delivered models and functions say nothing that engines answer differently", async () => {
  const { models, functions } = await loadModels(engine, null);
  const shared = new Set(functions.map(({ name }) => name));
  const found: Record<string, readonly string[]> = {};
  for (const { name, facts: own } of models.values()) found[name] = unportable(own.tree, shared);
  for (const { name, body } of functions)
    found[name] = unportable((await facts(`select ${body}`)).tree, shared);
  expect(Object.entries(found).filter(([, faults]) => faults.length > 0)).toEqual([]);
});

test.each([
  ["select * from s.t", "STAR"],
  ["select a from s.t order by a", "order by without nulls first or last"],
  ["select row_number() over (order by a) as n from s.t", "order by without nulls first or last"],
  ["select concat(a, b) as c from s.t", "function concat"],
  ["select avg(a) as c from s.t", "function avg"],
  ["select now() as c from s.t", "function now"],
  ["select cast(a as integer) as c from s.t", "a cast to INTEGER that may round"],
  ["select regexp_extract(a, 'x') as c from s.t", "function regexp_extract"],
  ["select a // 2 as c from s.t", "function //"],
  ["select [a] as c from s.t", "function list_value"],
  ["select {a: 1} as c from s.t", "function struct_pack"],
  ["select list_transform(a, lambda x: x) as c from s.t", "LAMBDA"],
  ["select a from s.t union select a from s.u", "a set operation that is not union all"],
  ["select a from range(3)", "from TABLE_FUNCTION"],
  ["select t.a from s.t asof join s.u on t.a >= u.a", "ASOF INNER join"],
  ["select b from s.t join s.u on t.a = u.a", "column b without its relation"],
])("%s is refused", async (sql, fault) => {
  expect(unportable((await facts(sql)).tree, new Set())).toContain(fault);
});

test("inputs, uses and the driving input are read from the SQL, through CTEs and subqueries", async () => {
  const found = await facts(`with l as (select x, y from enriched.logs where z > 0)
    select s.a, l.x, u.name from (select a, b from enriched.sessions) as s
    left join l on l.y = s.b left join enriched.users as u on u.id = s.b`);
  expect([...found.inputs].sort()).toEqual(["enriched.logs", "enriched.sessions", "enriched.users"]);
  expect(found.driver).toBe("enriched.sessions");
  expect([...(found.uses.get("enriched.users") ?? [])].sort()).toEqual(["id", "name"]);
  expect([...(found.uses.get("enriched.logs") ?? [])].sort()).toEqual(["x", "y", "z"]);
});

test("a circle, an input that nothing makes, several statements and unknown headers are refused by name", async () => {
  const a = await model("joined", "a", "select x from joined.b");
  const b = await model("joined", "b", "select x from joined.a");
  expect(() =>
    inOrder(
      new Map([
        ["joined.a", a],
        ["joined.b", b],
      ]),
      sources,
    ),
  ).toThrow(
    expect.objectContaining({
      code: "bad_model",
      message: expect.stringContaining("joined.a → joined.b → joined.a"),
    }),
  );
  const lost = await model("joined", "c", "select x from enriched.nowhere");
  expect(() => inOrder(new Map([["joined.c", lost]]), sources)).toThrow(/joined.c reads enriched.nowhere/);
  await expect(model("joined", "d", "select 1 as x; select 2 as x")).rejects.toThrow(
    /more than one statement/,
  );
  await expect(model("joined", "d", "drop table x")).rejects.toMatchObject({ code: "bad_model" });
  await expect(model("joined", "Bad-Name", "select 1 as x")).rejects.toThrow(/snake_case/);
  expect(() => parseHeader("m.sql", "-- partitoin: date\nselect 1")).toThrow(/unknown header "partitoin"/);
  expect(() => parseHeader("m.sql", "-- grain: week\nselect 1")).toThrow(/grain is date or month/);
});

test("a model of the configuration folder comes on top, and replaces the delivered one of its name", async () => {
  const config = join(folder, "config");
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(config, "models", name)), { recursive: true });
    writeFileSync(join(config, "models", name), text);
  };
  write(
    "aggregator/sales_by_store.sql",
    "-- grain: date\nselect date, store_id, count(*) as n from enriched.sales group by date, store_id",
  );
  write("aggregator/users.sql", "select country, count(*) as n from enriched.users group by country");
  const { models } = await loadModels(engine, config);
  expect(models.get("aggregated.sales_by_store")?.grain).toBe("date");
  expect(models.get("aggregated.users")?.sql).toContain("as n from enriched.users");
});
