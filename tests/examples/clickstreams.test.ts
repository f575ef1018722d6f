import { afterEach, expect, test } from "vitest";
import { lastRun, unbalanced } from "../pipeline/master.js";
import { openTables } from "../pipeline/open-tables.js";
import { testData } from "../test-data.js";
import { type Example, example } from "./example.js";

const puffy = testData("puffy_events.tar.gz");
const rees46 = testData("rees46_2019-Oct_head.csv.gz");

let shop: Example | null = null;
afterEach(() => shop?.remove());

test.skipIf(puffy === null)(
  "Puffy: both names of the client column, the funnel's counts, a header that drifts",
  async () => {
    shop = example("puffy");
    shop.put(puffy as string);
    const ended = await shop.run("--quiet", "--no-archive");
    expect(ended.code, ended.stderr).toBe(0);
    const run = lastRun(shop.dataDir);
    expect(unbalanced(run)).toEqual([]);
    expect(run.files).toHaveLength(14);
    expect(run.sources["events"]).toMatchObject({ records: 49_963, accepted: 49_963, quarantined: 0 });
    const tables = await openTables(shop.dataDir);
    const events = tables.relation("processed/events");
    expect(await tables.engine.all(`select count(client_id)::int as n from ${events}`)).toEqual([
      { n: 47_055 },
    ]);
    expect(
      await tables.engine.all(
        `select event_type, event_stage, count(*)::int as n from ${tables.relation("processed/enriched/events")}
       group by all order by n desc`,
      ),
    ).toEqual([
      { event_type: "page_viewed", event_stage: "view", n: 45_974 },
      { event_type: "product_added_to_cart", event_stage: "cart", n: 2_307 },
      { event_type: "checkout_started", event_stage: "checkout", n: 836 },
      { event_type: "email_filled_on_popup", event_stage: "other", n: 552 },
      { event_type: "checkout_completed", event_stage: "purchase", n: 294 },
    ]);
    // JSON in a column stays as it was: the told revenue can be read from it
    expect(
      await tables.engine.all(
        `select sum(cast(properties ->> '$.revenue' as decimal(18, 2)))::varchar as revenue
       from ${events} where event_type = 'checkout_completed'`,
      ),
    ).toEqual([{ revenue: "294461.40" }]);
    tables.close();
  },
  120_000,
);

test.skipIf(rees46 === null)(
  "REES46: a packed file whose last line is cut loses just that line",
  async () => {
    shop = example("rees46");
    shop.put(rees46 as string);
    const ended = await shop.run("--quiet", "--no-archive");
    expect(ended.code, ended.stderr).toBe(0);
    const run = lastRun(shop.dataDir);
    expect(run.sources["events"]).toMatchObject({ records: 17_435, accepted: 17_434, quarantined: 1 });
    const tables = await openTables(shop.dataDir);
    expect(
      await tables.engine.all(
        `select record::int as record, line::int as line, reasons[1].code as code, raw[-8:] as ending
       from ${tables.relation("quality/quarantine")}`,
      ),
    ).toEqual([{ record: 17_435, line: 17_436, code: "malformed_row", ending: "52040330" }]);
    tables.close();
  },
  60_000,
);
