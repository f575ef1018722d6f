import { afterEach, expect, test } from "vitest";
import { lastRun, unbalanced } from "../pipeline/master.js";
import { openTables } from "../pipeline/open-tables.js";
import { testData } from "../test-data.js";
import { type Example, example } from "./example.js";

// counted with openpyxl: rows below the header that hold anything, those that are section titles, sum of prices
const lists = [
  { file: "laspavel_pricelist.xlsx", records: 982, accepted: 982, prices: "438302.00" },
  { file: "mento_tyres.xlsx", records: 740, accepted: 737, prices: "3829075.00" },
  { file: "wilo_price.xlsx", records: 5_241, accepted: 5_018, prices: "4337859.90" },
] as const;
const folder = testData("xlsx/wilo_price.xlsx");

let shop: Example | null = null;
afterEach(() => shop?.remove());

test.skipIf(folder === null)(
  "three suppliers' price lists load by configuration alone",
  async () => {
    shop = example("price-lists");
    for (const { file } of lists) shop.put(testData(`xlsx/${file}`) as string);
    const ended = await shop.run("--quiet", "--no-archive");
    expect(ended.code, ended.stderr).toBe(0);
    const run = lastRun(shop.dataDir);
    expect(unbalanced(run)).toEqual([]);
    const tables = await openTables(shop.dataDir);
    const sums = await tables.engine.all(
      `select _file, sum(price)::varchar as prices from ${tables.relation("processed/products")} group by all order by all`,
    );
    expect(
      run.files
        .map(({ file, records, accepted }, at) => ({ file, records, accepted, prices: sums[at]?.["prices"] }))
        .sort((a, b) => (a.file < b.file ? -1 : 1)),
    ).toEqual(lists);
    tables.close();
  },
  60_000,
);
