import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { packageRoot } from "../../lib/paths.js";
import { lastRun, unbalanced } from "../pipeline/master.js";
import { openTables } from "../pipeline/open-tables.js";
import { testData } from "../test-data.js";
import { type Example, example } from "./example.js";

const apache = testData("apache_logs.gz");

let shop: Example | null = null;
afterEach(() => shop?.remove());

test.skipIf(apache === null)(
  "access log: all lines but the one that never ends, repeats included",
  async () => {
    shop = example("access-log");
    shop.put(apache as string);
    const ended = await shop.run("--quiet", "--no-archive");
    expect(ended.code, ended.stderr).toBe(0);
    const run = lastRun(shop.dataDir);
    expect(unbalanced(run)).toEqual([]);
    expect(run.sources["web_logs"]).toMatchObject({ records: 10_000, accepted: 9_999, quarantined: 1 });
    const tables = await openTables(shop.dataDir);
    const quarantine = tables.relation("quality/quarantine");
    expect(
      await tables.engine.all(`select line::int as line, reasons[1].code as code from ${quarantine}`),
    ).toEqual([{ line: 8_899, code: "malformed_row" }]);
    const enriched = tables.relation("processed/enriched/web_logs");
    expect(await tables.engine.all(`select count(*)::int as n from ${enriched}`)).toEqual([{ n: 9_999 }]);
    tables.close();
  },
  60_000,
);

test("application log: lines become actions on products of the list", async () => {
  shop = example("app-log");
  cpSync(join(packageRoot, "examples", "app-log", "raw"), join(shop.dataDir, "raw"), { recursive: true });
  const ended = await shop.run("--quiet", "--no-archive");
  expect(ended.code, ended.stderr).toBe(0);
  const run = lastRun(shop.dataDir);
  expect(unbalanced(run)).toEqual([]);
  expect(run.sources["web_logs"]).toMatchObject({ records: 303, accepted: 301, quarantined: 2 });
  expect(run.sources["products"]).toMatchObject({ records: 25, accepted: 25 });
  const tables = await openTables(shop.dataDir);
  const quarantine = tables.relation("quality/quarantine");
  expect(
    await tables.engine.all(
      `select line::int as line, reasons[1].code as code, reasons[1]."column" as "column" from ${quarantine} order by line`,
    ),
  ).toEqual([
    { line: 61, code: "malformed_row", column: null },
    { line: 121, code: "wrong_type", column: "time" },
  ]);
  const enriched = tables.relation("processed/enriched/web_logs");
  expect(
    await tables.engine.all(
      `select event_stage, count(*)::int as n, count(product_name)::int as named from ${enriched} group by all order by n desc`,
    ),
  ).toEqual([
    { event_stage: "view", n: 151, named: 151 },
    { event_stage: "cart", n: 80, named: 80 },
    { event_stage: "purchase", n: 70, named: 70 },
  ]);
  expect(
    await tables.engine.all(
      `select user_id, ip_address, action, product_id from ${tables.relation("processed/web_logs")} where time = '2025-12-19 17:00:00+00'
       and user_id = 'lan@service.vn'`,
    ),
  ).toEqual([
    { user_id: "lan@service.vn", ip_address: "1.2.3.4", action: "view_product", product_id: "p_007" },
  ]);
  tables.close();
}, 60_000);
