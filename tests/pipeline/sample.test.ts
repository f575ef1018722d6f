import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  expectedFiles,
  expectedQuarantine,
  expectedSums,
  foundFiles,
  foundQuarantine,
  foundSums,
  readTruth,
  type Truth,
} from "./ground-truth.js";
import { lastRun, master, runFiles, unbalanced } from "./master.js";
import { type OpenTables, openTables } from "./open-tables.js";

const sources = ["api_logs", "sessions", "products", "users", "sales", "web_logs", "events"] as const;
const models = ["api_logs", "sessions", "products", "users", "sales_by_month", "sales_by_day", "web_logs"];

describe("the sample, from the command to the tables", () => {
  let dataDir: string;
  let truth: Truth;
  let tables: OpenTables;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), "gristmill-sample-"));
    const ended = await master(dataDir, "--sample", "--quiet");
    expect(ended.code, ended.stderr).toBe(0);
    truth = readTruth(join(dataDir, "sample_truth.jsonl"));
    tables = await openTables(dataDir);
  }, 120_000);
  afterAll(() => {
    tables?.close();
    rmSync(dataDir, { recursive: true });
  });

  test("every file is published, balances, and has the generator's records and lines", () => {
    const run = lastRun(dataDir);
    expect(unbalanced(run)).toEqual([]);
    expect(new Set(run.files.map((file) => file.status))).toEqual(new Set(["published"]));
    expect(run.disagreements).toBe(0);
    expect(foundFiles(run, truth)).toEqual(expectedFiles(truth));
  });

  test("no log tells a customer's address or name", () => {
    for (const table of ["processed/users", "processed/enriched/users", "quality/quarantine"]) {
      const folder = join(dataDir, table, "_delta_log");
      const text = readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .map((name) => readFileSync(join(folder, name), "utf8"))
        .join("");
      expect(text).toContain("numRecords");
      expect(text).not.toMatch(/[a-z0-9]@[a-z0-9]/i);
      expect(text).not.toMatch(/minValues[^}]*(first_name|last_name)\\\\":\\\\"[A-Za-z]{2}/);
    }
  });

  test("quarantine holds just the spoilt records, by line, code and column", async () => {
    expect(await foundQuarantine(tables)).toEqual(expectedQuarantine(truth));
  });

  test("every number column of the accepted rows adds up to the generator's sum", async () => {
    expect(await foundSums(tables, truth)).toEqual(expectedSums(truth));
  });

  test("copies and older versions are counted, and enriched has one row an identity", async () => {
    const run = lastRun(dataDir);
    for (const told of truth.sources) {
      const { records, accepted, duplicates, superseded } = run.sources[told.source] ?? {};
      expect({ source: told.source, records, accepted, duplicates, superseded }).toEqual({
        source: told.source,
        records: told.records,
        accepted: told.good,
        duplicates: told.duplicates,
        superseded: told.superseded,
      });
      const [row] = await tables.engine.all(
        `select count(*)::int as n from ${tables.relation(`processed/enriched/${told.source}`)}`,
      );
      expect(row?.["n"]).toBe(told.good - told.duplicates - told.superseded);
    }
  });

  test("every table is filled, and what people look at is written", async () => {
    const names = [
      ...sources.flatMap((source) => [`processed/${source}`, `processed/enriched/${source}`]),
      "processed/joined/combined_sessions",
      ...[...models, "events_funnel"].map((model) => `processed/aggregated/${model}`),
    ];
    for (const name of names) {
      const [row] = await tables.engine.all(`select count(*)::int as n from ${tables.relation(name)}`);
      expect(row?.["n"], name).toBeGreaterThan(0);
    }
    for (const path of [
      "dashboard.html",
      "quality_alert.txt",
      "metrics.prom",
      "validation_report_users_database.csv.json",
    ])
      expect(existsSync(join(dataDir, "quality", path)), path).toBe(true);
    for (const path of ["processed/exports", "archive"])
      expect(existsSync(join(dataDir, path)), path).toBe(true);
  });

  test("a second run finds nothing new and changes no table", async () => {
    const before = tables.versions();
    const runs = runFiles(dataDir).length;
    const ended = await master(dataDir, "--sample");
    expect(ended.code, ended.stderr).toBe(0);
    expect(runFiles(dataDir)).toHaveLength(runs + 1);
    expect(tables.versions()).toEqual(before);
    expect(lastRun(dataDir).files.every((file) => file.status === "skipped")).toBe(true);
  }, 60_000);
});
