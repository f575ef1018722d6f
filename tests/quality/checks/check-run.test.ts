import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { literal } from "../../../engines/quote.js";
import { readJson } from "../../../lib/json-file.js";
import { exitCodeOf } from "../../../quality/checks/check-run.js";
import type { ValidationReport } from "../../../quality/reports/report.js";
import { plannedFile } from "../../planned-file.js";
import { check, configWith, ledgerEntry, openShop, planOf, result, type Shop, stageJob } from "./fixture.js";

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.end());

/** Rows of one file: order `<path>-<n>`, user u1 for all. */
function rows(path: string, count: number): (readonly [string, number, string, string | null])[] {
  return Array.from({ length: count }, (_, i) => [path, i + 1, `${path}-${i + 1}`, "u1"] as const);
}

test("a file at its threshold is published, one below is held, and both balance", async () => {
  const at = result("sales/at.csv", { records: 10, accepted: 9, quarantined: 1 });
  const below = result("sales/below.csv", { records: 10, accepted: 8, quarantined: 2 });
  await stageJob(
    shop,
    "j1",
    [at, below],
    [...rows("sales/at.csv", 9), ...rows("sales/below.csv", 8)],
    ["sales/at.csv", "sales/below.csv", "sales/below.csv"],
  );
  const verdict = await check(shop, planOf([plannedFile("sales/at.csv"), plannedFile("sales/below.csv")]));
  expect(
    verdict.files.map(({ path, status, accepted, quarantined, held, score }) => [
      path,
      status,
      accepted,
      quarantined,
      held,
      score,
    ]),
  ).toEqual([
    ["sales/at.csv", "published", 9, 1, 0, 90],
    ["sales/below.csv", "held", 0, 2, 8, 80],
  ]);
  expect(exitCodeOf(verdict)).toBe(65);
  const report = readJson<ValidationReport>(
    join(shop.paths.quality, "validation_report_sales__below.csv.json"),
  );
  expect(report).toMatchObject({
    filename: "below.csv",
    source: "sales",
    rows: 10,
    columns: 2,
    missing_values: 0,
    completeness: 100,
    threshold: 90,
    status: "failed",
    validated_at: "2026-01-05T02:00:09.000Z",
    records: 10,
    accepted: 0,
    quarantined: 2,
    held: 8,
    score: 80,
    errors: ["gate 80.00 % is below the threshold of 90 %"],
  });
});

test("what no worker handed over, or does not balance, or the oracle doubts, is our fault", async () => {
  const torn = result("torn.csv", { records: 10, accepted: 9, quarantined: 0 });
  const doubted = result("doubted.csv", {
    records: 2,
    accepted: 2,
    oracle: { judged: 2, disagreements: 1, examples: ["record 2"] },
  });
  const short = result("short.csv", { records: 3, accepted: 3 });
  await stageJob(shop, "j1", [torn, doubted, short], [...rows("doubted.csv", 2), ...rows("short.csv", 2)]);
  const names = ["torn.csv", "doubted.csv", "short.csv", "lost.csv"];
  const verdict = await check(shop, planOf(names.map((name) => plannedFile(name))));
  const said = new Map(verdict.files.map((file) => [file.path, file]));
  expect([...said.values()].map((file) => file.status)).toEqual(["error", "error", "error", "error"]);
  expect(said.get("torn.csv")?.message).toContain("10 records, but 9 accepted and 0 quarantined");
  expect(said.get("doubted.csv")?.message).toContain("oracle disagrees");
  expect(said.get("short.csv")?.message).toContain("3 accepted and 0 quarantined, but 2 and 0 rows staged");
  expect(said.get("lost.csv")?.message).toContain("no worker");
  expect(verdict.disagreements).toBe(1);
  expect(exitCodeOf(verdict)).toBe(1);
});

test("a job that was tried again file by file counts by its files; a whole result beats leftovers", async () => {
  await stageJob(shop, "j1--1", [result("a.csv", { records: 1, accepted: 1 })], rows("a.csv", 1));
  await stageJob(shop, "j1--2", [result("b.csv", { outcome: "error", message: "killed" })], []);
  await stageJob(shop, "j2", [result("c.csv", { records: 1, accepted: 1 })], rows("c.csv", 1));
  await stageJob(shop, "j2--1", [result("c.csv", { records: 1, accepted: 1 })], rows("c.csv", 1));
  const verdict = await check(
    shop,
    planOf([plannedFile("a.csv"), plannedFile("b.csv"), plannedFile("c.csv", { job: "j2" })]),
  );
  expect(verdict.files.map((file) => [file.path, file.status, file.message])).toEqual([
    ["a.csv", "published", null],
    ["b.csv", "error", "killed"],
    ["c.csv", "published", null],
  ]);
});

test("unreadable, without a column, refused, empty, waiting and skipped files become what the table says", async () => {
  await stageJob(
    shop,
    "j1",
    [
      result("cut.csv", { outcome: "unreadable", message: "cut short", records: 0, accepted: 0 }),
      result("column.csv", { outcome: "missing_column", records: 0, accepted: 0 }),
      result("empty.csv", { lines: 1, records: 0, accepted: 0 }),
      result("moving.csv", { outcome: "waiting", records: 0, accepted: 0 }),
    ],
    [],
    ["cut.csv", "column.csv"],
  );
  const refused = plannedFile("bad.zip", {
    action: "refused",
    why: "refused",
    job: null,
    fault: {
      code: "unreadable_file",
      message: "no zip",
      raw_base64: Buffer.from("<html>").toString("base64"),
    },
  });
  const verdict = await check(
    shop,
    planOf([
      ...["cut.csv", "column.csv", "empty.csv", "moving.csv"].map((name) => plannedFile(name)),
      refused,
      plannedFile("done.csv", { action: "skip", why: "done", job: null }),
      plannedFile("new.part", { action: "waiting", why: "settling", job: null }),
    ]),
  );
  const table = verdict.files.map((file) => [
    file.path,
    file.status,
    file.records,
    file.quarantined,
    file.score,
  ]);
  expect(table).toEqual([
    ["bad.zip", "held", 1, 1, 0],
    ["column.csv", "held", 1, 1, 0],
    ["cut.csv", "held", 1, 1, 0],
    ["done.csv", "skipped", 0, 0, null],
    ["empty.csv", "published", 0, 0, null],
    ["moving.csv", "waiting", 0, 0, null],
    ["new.part", "waiting", 0, 0, null],
  ]);
  expect(verdict.findings.filter((finding) => finding.kind === "warning")).toMatchObject([
    { path: "empty.csv", severity: "warn", rule: "empty file" },
  ]);
  const [row] = await shop.engine.all(
    `select path, record, line, raw, raw_bytes, reasons from read_parquet(${literal(verdict.quarantined.at(-1) ?? "")})`,
  );
  expect(row).toMatchObject({ path: "bad.zip", record: 1n, line: null, raw: null });
  expect(Buffer.from(row?.["raw_bytes"] as Uint8Array).toString()).toBe("<html>");
  expect(row?.["reasons"]).toEqual([
    { code: "unreadable_file", column: null, rule: "unreadable_file", value: null, message: "no zip" },
  ]);
});

test("held files of earlier runs stay with their sums until they are published, without an engine", async () => {
  const live = new Map(
    [
      ledgerEntry("old.csv"),
      ledgerEntry("gone.csv", { source: "users" }),
      ledgerEntry("moving.csv"),
      ledgerEntry("fine.csv", { status: "published" }),
    ].map((entry) => [entry.path, entry]),
  );
  const plan = planOf([
    plannedFile("old.csv", { action: "held", why: "held", job: null }),
    plannedFile("moving.csv", { action: "waiting", why: "settling", job: null }),
    plannedFile("fine.csv", { action: "skip", why: "done", job: null }),
  ]);
  const engine = () => Promise.reject(new Error("no engine is needed"));
  const verdict = await check(shop, plan, { live, engine });
  expect(
    verdict.files.map((file) => [file.path, file.status, file.quarantined, file.held, file.score]),
  ).toEqual([
    ["fine.csv", "skipped", 0, 0, null],
    ["gone.csv", "held", 4, 6, 60],
    ["moving.csv", "held", 4, 6, 60],
    ["old.csv", "held", 4, 6, 60],
  ]);
  expect(verdict.files.some((file) => file.rejudged)).toBe(false);
  expect(exitCodeOf(verdict)).toBe(65);
  expect(existsSync(shop.paths.quality)).toBe(false);
});

test("a released file is published whatever its score", async () => {
  const bad = result("bad.csv", { records: 10, accepted: 1, quarantined: 9 });
  await stageJob(shop, "j1", [bad], rows("bad.csv", 1), Array(9).fill("bad.csv"));
  const plan = planOf([plannedFile("bad.csv", { why: "released", threshold: 0 })]);
  const verdict = await check(shop, plan, { config: configWith({}, { sales: { completeness: 101 } }) });
  expect(verdict.files[0]).toMatchObject({
    status: "published",
    accepted: 1,
    quarantined: 9,
    held: 0,
    score: 10,
  });
});

test("a path whose content became that of a published path loses its old rows in quarantine", async () => {
  const plan = planOf([plannedFile("a.csv", { action: "skip", why: "done", job: null, twin_of: "b.csv" })]);
  for (const [status, rejudged] of [
    ["published", true],
    ["held", false],
  ] as const) {
    const entries = [ledgerEntry("a.csv", { sha256: "older" }), ledgerEntry("b.csv", { status })];
    const live = new Map(entries.map((entry) => [entry.path, entry]));
    const verdict = await check(shop, plan, { live });
    expect(verdict.files.find((file) => file.path === "a.csv")).toMatchObject({
      status: "skipped",
      rejudged,
    });
  }
});
