import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../../lib/paths.js";
import type { RunFileEntry } from "../../../lib/run-types.js";
import { type Ended, ended, lastRun, master, runFiles, unbalanced } from "../../pipeline/master.js";
import { openTables } from "../../pipeline/open-tables.js";
import { accessLog, catalogue, eventArray, type Kind, mixed, requestZip, writeRaw } from "./raw-files.js";

/** Of 20 records 16 are good: above the gate of 70 before and after. */
const published = mixed({ good: 16, loose: 2, both: 1, other: 1 });
/** 6 of 10, then 8 of 10: the gate opens. */
const opened = mixed({ good: 6, loose: 2, both: 1, other: 1 });
/** 3 of 10, then 4 of 10: it does not. */
const held = mixed({ good: 3, loose: 1, both: 2, other: 4 });

const sources = ["api_logs", "events", "products", "web_logs"] as const;
const files: Readonly<Record<string, readonly Kind[]>> = {
  "api_logs.zip/logs/published.json.gz": published,
  "api_logs.zip/logs/opened.json.gz": opened,
  "events/published.json": published,
  "events/held.json": held,
  "products_published.xlsx": published,
  "products_opened.xlsx": opened,
  "web_logs/published.log": published,
  "web_logs/held.log": held,
};

let dataDir = "";
let configDir = "";
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "gristmill-replay-"));
  configDir = join(dataDir, "config");
  mkdirSync(configDir);
  writeConfig("business_rules.yaml", (text) => text);
  writeConfig("pipeline_config.yaml", (text) => text.replace("products_catalog.xlsx", '"products_*.xlsx"'));
  writeFileSync(join(configDir, "quality_thresholds.yaml"), "global_threshold: 70\n");
  writeRaw(
    dataDir,
    "api_logs.zip",
    requestZip({ "logs/published.json.gz": published, "logs/opened.json.gz": opened }),
  );
  for (const [path, kinds] of Object.entries(files)) {
    if (path.startsWith("events")) writeRaw(dataDir, path, eventArray(path, kinds));
    if (path.startsWith("products")) writeRaw(dataDir, path, catalogue(path, kinds));
    if (path.startsWith("web_logs")) writeRaw(dataDir, path, accessLog(path, kinds));
  }
});
afterAll(() => rmSync(dataDir, { recursive: true }));

function writeConfig(name: string, change: (text: string) => string): void {
  writeFileSync(join(configDir, name), change(readFileSync(join(packageRoot, "config", name), "utf8")));
}

function gristmill(...args: readonly string[]): Promise<Ended> {
  const program = join(packageRoot, "dist", "main.js");
  return ended("node", [program, ...args, "--data-dir", dataDir, "--config-dir", configDir]);
}

/** `accepted held quarantined status` of every file, by source. */
function outcome({ accepted, held: waiting, quarantined, status }: RunFileEntry): string {
  return `${accepted} accepted, ${waiting} held, ${quarantined} quarantined: ${status}`;
}

function outcomes(): Readonly<Record<string, string>> {
  const run = lastRun(dataDir);
  expect(unbalanced(run)).toEqual([]);
  return Object.fromEntries(run.files.map((file) => [file.path, outcome(file)]));
}

/** What each file is to have become, by what it was made to be. */
function expected(by: {
  readonly published: string;
  readonly opened: string;
  readonly held: string;
}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, kinds]) => [
      path,
      kinds === published ? by.published : kinds === opened ? by.opened : by.held,
    ]),
  );
}

/** Rows of every bronze table and its enriched one; `path column` of what waits in quarantine. */
async function rowCounts(): Promise<Readonly<Record<string, readonly number[]>>> {
  const tables = await openTables(dataDir);
  const count = async (table: string): Promise<number> => {
    const [row] = await tables.engine.all(`select count(*)::int as n from ${tables.relation(table)}`);
    return Number(row?.["n"]);
  };
  const found: Record<string, readonly number[]> = {};
  for (const source of sources)
    found[source] = [await count(`processed/${source}`), await count(`processed/enriched/${source}`)];
  tables.close();
  return found;
}

/** Rows of the sources with a file whose gate opens, and of those with a file that stays held. */
function rows(withOpened: number, withHeld: number): Readonly<Record<string, readonly number[]>> {
  const [a, b] = [
    [withOpened, withOpened],
    [withHeld, withHeld],
  ];
  return { api_logs: a, events: b, products: a, web_logs: b };
}

test("text, zip members, workbooks and JSON arrays are judged, loosened, mended and replayed", async () => {
  const first = await master(dataDir, "--config-dir", configDir, "--quiet", "--no-archive");
  expect(first.code, first.stderr).toBe(65);
  expect(outcomes()).toEqual(
    expected({
      published: "16 accepted, 0 held, 4 quarantined: published",
      opened: "0 accepted, 6 held, 4 quarantined: held",
      held: "0 accepted, 3 held, 7 quarantined: held",
    }),
  );
  expect(await rowCounts()).toEqual(rows(16, 16));

  // a rule that may not run is refused before any record is judged
  writeConfig(
    "business_rules.yaml",
    (text) => `${text}  rows:\n    - { name: r, expression: "getenv('HOME') = ''" }\n`,
  );
  const refused = await gristmill("replay");
  expect(refused.code, refused.stdout).toBe(78);
  expect(refused.stderr).toContain(
    "business_rules.yaml: events.rows.0.expression: the function getenv is not allowed",
  );
  expect(runFiles(dataDir)).toHaveLength(1);

  writeConfig("business_rules.yaml", (text) =>
    text
      .replace("max_value: 10000\n  method", "max_value: 30000\n  method")
      .replace("allowed_range: [0, 5]", "allowed_range: [0, 9]")
      .replace("allowed_range: [100, 599]\n  bytes", "allowed_range: [100, 799]\n  bytes")
      .replace("price:\n    min_value: 0\n  revenue", "price:\n    min_value: -10\n  revenue"),
  );
  const replayed = await gristmill("replay");
  expect(replayed.code, replayed.stderr).toBe(65);
  // 4 · 4 + 2 · 4 + 2 · 7, of which those that only the loosened rule stopped pass: 4 · 2 + 2 · 2 + 2 · 1
  expect(replayed.stdout).toContain("38 records judged again, 14 of them pass");
  const after = {
    published: "18 accepted, 0 held, 2 quarantined: published",
    opened: "8 accepted, 0 held, 2 quarantined: published",
    held: "0 accepted, 4 held, 6 quarantined: held",
  };
  expect(outcomes()).toEqual(expected(after));
  expect(await rowCounts()).toEqual(rows(26, 18));

  const runs = runFiles(dataDir).length;
  const again = await gristmill("replay");
  expect(again.stdout).toContain("24 records judged again, 0 of them pass");
  expect(runFiles(dataDir)).toHaveLength(runs);
  expect(await rowCounts()).toEqual(rows(26, 18));

  const out = join(dataDir, "export");
  const exported = await gristmill("quarantine", "export", "--out", out);
  expect(exported.code, exported.stderr).toBe(0);
  const mend = (path: string, from: string | RegExp, to: string): void => {
    const file = join(out, path);
    const text = readFileSync(file, "utf8");
    expect(text.match(new RegExp(from, "g")), path).toHaveLength(path.includes("held") ? 6 : 2);
    writeFileSync(file, text.replaceAll(new RegExp(from, "g"), to));
  };
  for (const path of Object.keys(files)) {
    if (path.startsWith("api_logs")) mend(path.replace(".gz", ""), "BREW", "GET");
    if (path.startsWith("events")) mend(path, '"two"', "2");
    if (path.startsWith("products")) mend(path.replace("xlsx", "csv"), ",-1,", ",1,");
    if (path.startsWith("web_logs")) mend(path, "31/Feb", "28/Feb");
  }
  const mended = await gristmill("replay", "--from", out);
  expect(mended.code, mended.stderr).toBe(0);
  expect(mended.stdout).toContain("24 records judged again, 24 of them pass");
  expect(outcomes()).toEqual(
    expected({
      published: "20 accepted, 0 held, 0 quarantined: published",
      opened: "10 accepted, 0 held, 0 quarantined: published",
      held: "10 accepted, 0 held, 0 quarantined: published",
    }),
  );
  expect(await rowCounts()).toEqual(rows(30, 30));
  // the next night finds everything done: what was mended stays
  const night = await master(dataDir, "--config-dir", configDir, "--quiet", "--no-archive");
  expect(night.code, night.stderr).toBe(0);
  expect(await rowCounts()).toEqual(rows(30, 30));
});
