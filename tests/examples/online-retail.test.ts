import { mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lastRun, unbalanced } from "../pipeline/master.js";
import { type OpenTables, openTables } from "../pipeline/open-tables.js";
import { testData } from "../test-data.js";
import { type Example, example } from "./example.js";

const data = testData("online_retail_by_day.tar.gz");
const otherDialect = testData("online_retail_bom_crlf.csv.gz");

// expected figures: counted on the data set by its publishers and by hand, never by us
describe.skipIf(data === null)("Online Retail, 305 daily files", () => {
  let shop: Example;
  let tables: OpenTables;
  beforeAll(async () => {
    shop = example("online-retail");
    shop.put(data as string);
    const ended = await shop.run("--quiet", "--no-archive");
    expect(ended.code, ended.stderr).toBe(0);
    tables = await openTables(shop.dataDir);
  }, 180_000);
  afterAll(() => {
    tables?.close();
    shop.remove();
  });
  const one = async (sql: string): Promise<unknown> => (await tables.engine.all(sql))[0];

  test("every record is accepted but the two with a negative price", async () => {
    const run = lastRun(shop.dataDir);
    expect(unbalanced(run)).toEqual([]);
    expect(run.files).toHaveLength(305);
    expect(run.sources["sales"]).toMatchObject({
      records: 541_909,
      accepted: 541_907,
      quarantined: 2,
      held: 0,
    });
    const quarantine = await tables.engine.all(
      `select unnest(reasons).code as code, unnest(reasons).column as "column", raw from ${tables.relation("quality/quarantine")}`,
    );
    expect(quarantine).toHaveLength(2);
    for (const row of quarantine) {
      expect(row).toMatchObject({ code: "out_of_range", column: "unit_price" });
      expect(row["raw"]).toContain("-11062.06");
    }
  });

  test("quantities and prices give the told sums in every layer", async () => {
    const sum = "cast(sum(quantity * unit_price) as decimal(18,3))::varchar as total, count(*)::int as n";
    for (const table of ["processed/sales", "processed/enriched/sales"])
      expect(await one(`select ${sum} from ${tables.relation(table)}`)).toEqual({
        total: "9769872.054",
        n: 541_907,
      });
    const byMonth = tables.relation("processed/aggregated/sales_by_month");
    const byDay = tables.relation("processed/aggregated/sales_by_day");
    for (const table of [byMonth, byDay])
      expect(await one(`select cast(sum(revenue) as decimal(18,3))::varchar as total from ${table}`)).toEqual(
        {
          total: "9769872.054",
        },
      );
    const months = await tables.engine.all(
      `select strftime(month, '%Y-%m') as month, cast(sum(revenue) as decimal(18,2))::varchar as total
       from ${byMonth} where strftime(month, '%Y-%m') in ('2010-12', '2011-11') group by all order by all`,
    );
    expect(months).toEqual([
      { month: "2010-12", total: "748957.02" },
      { month: "2011-11", total: "1461756.25" },
    ]);
    const countries = await tables.engine.all(
      `select upper(country) as country, cast(sum(revenue) as decimal(18,3))::varchar as total
       from ${byDay} where upper(country) in ('UNITED KINGDOM', 'NETHERLANDS') group by all order by all`,
    );
    expect(countries).toEqual([
      { country: "NETHERLANDS", total: "284661.540" },
      { country: "UNITED KINGDOM", total: "8209930.484" },
    ]);
  });

  test("the same days under other names bring nothing new", async () => {
    const before = tables.versions();
    const raw = join(shop.dataDir, "raw", "online-retail");
    const folder = readdirSync(raw)[0] as string;
    mkdirSync(join(raw, "again"));
    for (const name of readdirSync(join(raw, folder)).filter((n) => n.endsWith(".csv")))
      renameSync(join(raw, folder, name), join(raw, "again", `copy-${name}`));
    const ended = await shop.run("--quiet", "--no-archive");
    expect(ended.code, ended.stderr).toBe(0);
    for (const name of ["processed/sales", "processed/enriched/sales", "processed/aggregated/sales_by_month"])
      expect([name, tables.versions()[name]]).toEqual([name, before[name]]);
    expect(
      await one(`select count(*)::int as n from ${tables.relation("processed/enriched/sales")}`),
    ).toEqual({ n: 541_907 });
  }, 120_000);
});

test.skipIf(otherDialect === null)(
  "a packed file with BOM, CRLF and American dates is read as well",
  async () => {
    const shop = example("online-retail");
    shop.put(otherDialect as string);
    const ended = await shop.run("--quiet", "--no-archive");
    expect(ended.code, ended.stderr).toBe(0);
    const run = lastRun(shop.dataDir);
    expect(unbalanced(run)).toEqual([]);
    expect(run.sources["sales"]).toMatchObject({ records: 9_999, accepted: 9_999, quarantined: 0 });
    const tables = await openTables(shop.dataDir);
    const [first] = await tables.engine.all(
      `select strftime(min(sold_at), '%Y-%m-%d %H:%M') as first from ${tables.relation("processed/sales")}`,
    );
    expect(first).toEqual({ first: "2010-12-01 08:26" });
    tables.close();
    shop.remove();
  },
  60_000,
);
