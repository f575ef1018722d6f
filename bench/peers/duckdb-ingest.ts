import { DuckDBInstance } from "@duckdb/node-api";

/**
 * The same ingest by hand in DuckDB's SQL, as one would write it who knows the engine well: all text, casts and
 * rules as one bitmask, accepted rows and rejected rows with all their reasons, two scans, two threads.
 * Usage: duckdb-ingest.js <sales.csv> <out folder>
 */
const [input = "", out = ""] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:", { threads: "2", preserve_insertion_order: "false" });
const db = await instance.connect();
await db.run("set timezone = 'UTC'");

const read = (extra: string): string =>
  `read_csv('${input.replaceAll("'", "''")}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"',
   auto_detect = false, buffer_size = 4000000, ${extra} columns = {order_id: 'VARCHAR', product_id: 'VARCHAR',
   quantity: 'VARCHAR', unit_price: 'VARCHAR', sold_at: 'VARCHAR', user_id: 'VARCHAR', session_id: 'VARCHAR',
   discount: 'VARCHAR', vat: 'VARCHAR', currency: 'VARCHAR', channel: 'VARCHAR', store_id: 'VARCHAR',
   country: 'VARCHAR', payment_method: 'VARCHAR'})`;

const checks: readonly (readonly [reason: string, fails: string])[] = [
  ["missing_required:order_id", "order_id is null"],
  ["missing_required:product_id", "product_id is null"],
  ["missing_required:quantity", "quantity is null"],
  ["wrong_type:quantity", "quantity is not null and q is null"],
  ["not_allowed:quantity", "q = 0"],
  ["missing_required:unit_price", "unit_price is null"],
  ["wrong_type:unit_price", "unit_price is not null and p is null"],
  ["out_of_range:unit_price", "p < 0"],
  ["missing_required:sold_at", "sold_at is null"],
  ["wrong_type:sold_at", "sold_at is not null and t is null"],
  ["wrong_type:discount", "discount is not null and d is null"],
  ["out_of_range:discount", "d not between 0 and 1"],
  ["wrong_type:vat", "vat is not null and v is null"],
  ["out_of_range:vat", "v not between 0 and 1"],
  ["not_allowed:channel", "channel not in ('web', 'mobile', 'store', 'marketplace')"],
];
const mask = checks.map(([, fails], bit) => `(case when ${fails} then ${2 ** bit} else 0 end)`).join(" | ");

const judged = (extra: string): string => `
  select *, ${mask} as mask from (
    select *, try_cast(quantity as bigint) as q, try_cast(unit_price as decimal(18, 4)) as p,
      try_cast(sold_at as timestamptz) as t, try_cast(discount as double) as d, try_cast(vat as double) as v
    from ${read(extra)})`;

const parquet = "(format parquet, row_group_size 30720, compression snappy, dictionary_size_limit 1000)";
await db.run(`copy (
  select order_id, product_id, q as quantity, p as unit_price, t as sold_at, user_id, session_id, d as discount, v as vat,
    currency, channel, store_id, country, payment_method
  from (${judged("store_rejects = true, rejects_limit = 0,")}) where mask = 0)
  to '${out}/accepted.parquet' ${parquet}`);
await db.run(`copy (
  select line, 'malformed_row' as reasons, any_value(csv_line) as raw from reject_errors group by line)
  to '${out}/rejected_malformed.parquet' ${parquet}`);
const reasons = checks.map(([reason], bit) => `case when mask & ${2 ** bit} <> 0 then '${reason}' end`);
await db.run(`copy (
  select * exclude (q, p, t, d, v, mask), concat_ws(' ', ${reasons.join(", ")}) as reasons
  from (${judged("store_rejects = true, rejects_limit = 0, rejects_table = 'again', rejects_scan = 'again_scan',")})
  where mask <> 0) to '${out}/rejected.parquet' ${parquet}`);
db.closeSync();
instance.closeSync();
