import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { expect, test } from "vitest";
import { compileContract } from "../../../contracts/contract.js";
import { type Proposal, propose } from "../../../contracts/propose/proposal.js";
import { loadConfig } from "../../../lib/config.js";
import { readJson } from "../../../lib/json-file.js";
import { packageRoot } from "../../../lib/paths.js";
import { readSample } from "../../../runs/propose/read-sample.js";

const config = loadConfig({ configDir: null, environment: {} });
const folder = mkdtempSync(join(tmpdir(), "gristmill-propose-"));

async function proposed(file: string, content: string | Uint8Array): Promise<Proposal> {
  const location = join(folder, file);
  writeFileSync(location, content);
  return propose(config, await readSample(location, config.settings));
}

/** Paste a proposal into copies of the default files, and load them. */
function paste({ pipeline, schemas, rules }: Proposal): ReturnType<typeof loadConfig> {
  const configDir = mkdtempSync(join(folder, "config-"));
  mkdirSync(configDir, { recursive: true });
  const whole = load(readFileSync(join(packageRoot, "config/pipeline_config.yaml"), "utf8")) as Record<
    string,
    object
  >;
  for (const [part, own] of Object.entries(pipeline)) whole[part] = { ...whole[part], ...(own as object) };
  writeFileSync(join(configDir, "pipeline_config.yaml"), dump(whole));
  const defaults = readJson<object>(join(packageRoot, "config/data_schemas.json"));
  writeFileSync(join(configDir, "data_schemas.json"), JSON.stringify({ ...defaults, ...schemas }));
  const known = load(readFileSync(join(packageRoot, "config/business_rules.yaml"), "utf8")) as object;
  writeFileSync(join(configDir, "business_rules.yaml"), dump({ ...known, ...rules }));
  return loadConfig({ configDir, environment: {} });
}

test("a file whose columns another system named is mapped to the nearest source, and the proposal loads", async () => {
  const proposal = await proposed(
    "retail_2010-12-01.csv",
    [
      "InvoiceNo;StockCode;Quantity;InvoiceDate;UnitPrice;Country;Remark",
      "536365;85123A;6;01.12.2010 08:26;2,55;United Kingdom;x",
      "C536379;D;-1;13.12.2010 09:41;1.027,50;France;",
    ].join("\n"),
  );
  expect(proposal.schemas).toBeNull();
  expect(proposal.pipeline).toEqual({
    feeds: {
      retail: {
        source: "sales",
        files: ["retail_*.csv"],
        format: "csv",
        options: { delimiter: ";", date_formats: ["%d.%m.%Y %H:%M"], decimal: ",", thousands: "." },
        columns: {
          InvoiceNo: "order_id",
          StockCode: "product_id",
          Quantity: "quantity",
          InvoiceDate: "sold_at",
          UnitPrice: "unit_price",
          Country: "country",
        },
      },
    },
  });
  expect(proposal.notes).toContain("unknown to sales, kept in _rescued: Remark");
  expect(paste(proposal).feeds["retail"]?.columns["StockCode"]).toBe("product_id");
});

test("a file like none gets a source of its own, with types by all its values, and the proposal loads", async () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) =>
      `t-${i},00${i},${i % 2 ? "open" : "closed"},${i},${i}.5,2026-01-${String((i % 28) + 1).padStart(2, "0")},${i === 7 ? "" : "yes"},`,
  );
  const proposal = await proposed(
    "tickets.csv",
    ["ticketId,zip,State,Votes,Weight,due,solved,Überschrift", ...rows].join("\n"),
  );
  expect(proposal.pipeline["sources"]).toEqual({
    tickets: { worker: "records", key: ["ticket_id"], event_time: null, partition: "none" },
  });
  expect(proposal.schemas?.["tickets"]).toEqual({
    type: "object",
    properties: {
      ticket_id: { type: "string" },
      zip: { type: "string" },
      state: { type: "string", enum: ["closed", "open"] },
      votes: { type: "integer" },
      weight: { type: "number" },
      due: { type: "string", format: "date" },
      solved: { type: "boolean" },
      berschrift: { type: "string" },
    },
    required: ["ticket_id", "zip", "state", "votes", "weight", "due"],
  });
  expect(proposal.rules).toEqual({ tickets: { votes: { min_value: 0 }, weight: { min_value: 0 } } });
  const pasted = paste(proposal);
  expect(compileContract(pasted, "tickets").columns).toHaveLength(8);
});

test("JSON lines show nested columns, Latin-1 its encoding, and names without Latin letters a place", async () => {
  const json = await proposed(
    "gh.json",
    '{"id":"1","actor":{"n":1},"tags":[1]}\n{"id":"2","actor":{"n":2}}\n',
  );
  expect(json.schemas?.["gh"]).toMatchObject({
    properties: { id: { type: "string" }, actor: { type: "object" }, tags: { type: "array" } },
    required: ["id", "actor"],
  });
  const latin = await proposed("l.csv", Buffer.from("Цена,name\n1,x\n", "utf8"));
  expect(Object.keys((latin.schemas?.["l"] as { properties: object }).properties)).toEqual([
    "column_1",
    "name",
  ]);
  const coded = await proposed("m.csv", Buffer.from("ville,note\nOrl\u00e9ans,1\n", "latin1"));
  expect(coded.pipeline["feeds"]).toMatchObject({ m: { options: { encoding: "latin-1" } } });
});

test("day and month are told by the values; where they leave both open, the proposal says so", async () => {
  const open = await proposed("d1.csv", "when\n12/1/2010 8:26\n12/2/2010 8:26\n12/3/2010 9:00\n");
  expect(open.pipeline["feeds"]).toMatchObject({ d: { options: { date_formats: ["%m/%d/%Y %H:%M"] } } });
  expect(open.notes.join()).toContain("day and month swapped: check");
  const sure = await proposed("d2.csv", "when\n13/1/2010\n12/2/2010\n");
  expect(sure.notes.join()).not.toContain("swapped");
});

test("times that name UTC at their end are times", async () => {
  const line = (at: number) => `2019-10-01 00:00:0${at} UTC,view,u${at},1.5`;
  const proposal = await proposed(
    "clicks.csv",
    `event_time,event_type,user_id,price\n${line(1)}\n${line(2)}\n`,
  );
  expect(proposal.pipeline).toMatchObject({
    feeds: { clicks: { source: "events", options: { date_formats: ["%Y-%m-%d %H:%M:%S UTC"] } } },
  });
});

test("what is no text and no workbook is refused with a reason", async () => {
  await expect(proposed("x.xlsx", "<html>")).rejects.toMatchObject({ code: "not_readable", exitCode: 78 });
});
