import { afterEach, beforeEach, expect, test } from "vitest";
import { type SmallLake, smallLake } from "./small-lake.js";

let lake: SmallLake;
beforeEach(async () => {
  lake = await smallLake();
});
afterEach(() => lake.close());

test("a first run fills every table that its sources lead to", async () => {
  const changes = await lake.run([
    {
      source: "sales",
      path: "sales/2026-01-01.csv",
      rows: [
        {
          order_id: "o1",
          product_id: "p1",
          quantity: 2,
          unit_price: "10.5000",
          sold_at: "2026-01-01 10:00:00+00",
          discount: 0.1,
        },
        {
          order_id: "o1",
          product_id: "p1",
          quantity: 2,
          unit_price: "10.5000",
          sold_at: "2026-01-01 10:00:00+00",
          discount: 0.1,
        },
      ],
    },
    {
      source: "products",
      path: "products_catalog.csv",
      rows: [
        {
          product_id: " p1",
          name: "Mug",
          category: "Kitchen",
          price: "12.00",
          cost: "6.00",
          stock: 5,
          brand: "B",
          created_at: "2026-01-10 00:00:00+00",
          is_active: true,
          rating: 4.5,
          review_count: 3,
        },
      ],
    },
  ]);
  expect(changes.tables.map((change) => change.table)).toEqual([]);
  expect(await lake.rows("processed/enriched/sales")).toEqual([]);
});
