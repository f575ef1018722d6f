import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { finished, pipeline } from "node:stream/promises";
import { Ajv } from "ajv";
import { parse } from "csv-parse";

/**
 * What a Node programmer would write: csv-parse, values by hand, ajv, two CSV files out.
 * Usage: csv-parse-ajv.js <sales.csv> <out folder>
 */
const [input = "", out = ""] = process.argv.slice(2);
const share = { type: "number", minimum: 0, maximum: 1 } as const;
const validate = new Ajv({ allErrors: true }).compile({
  type: "object",
  required: ["order_id", "product_id", "quantity", "unit_price", "sold_at"],
  properties: {
    quantity: { type: "integer", not: { const: 0 } },
    unit_price: { type: "number", minimum: 0 },
    sold_at: { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]+Z?$" },
    discount: share,
    vat: share,
    channel: { enum: ["web", "mobile", "store", "marketplace"] },
  },
});
const numbers: ReadonlySet<string> = new Set(["quantity", "unit_price", "discount", "vat"]);
const accepted = createWriteStream(`${out}/accepted.csv`);
const rejected = createWriteStream(`${out}/rejected.csv`);
let columns: readonly string[] = [];
rejected.write("raw,reasons\n");

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

async function* sorted(rows: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const row of rows) {
    if (columns.length === 0) {
      columns = row;
      yield `${row.join(",")}\n`;
      continue;
    }
    const record: Record<string, string | number> = {};
    for (const [at, name] of columns.entries()) {
      const text = row[at];
      if (text === undefined || text === "") continue;
      const number = numbers.has(name) ? Number(text) : Number.NaN;
      record[name] = Number.isNaN(number) ? text : number;
    }
    if (row.length === columns.length && validate(record)) yield `${row.join(",")}\n`;
    else {
      const reasons =
        row.length === columns.length
          ? (validate.errors ?? []).map((e) => `${e.keyword} ${e.instancePath}`).join(" ")
          : "columns";
      if (!rejected.write(`${quoted(row.join(","))},${quoted(reasons)}\n`)) await once(rejected, "drain");
    }
  }
}

await pipeline(
  createReadStream(input),
  parse({ relax_column_count: true, skip_empty_lines: true, bom: true }),
  sorted,
  accepted,
);
rejected.end();
await finished(rejected);
