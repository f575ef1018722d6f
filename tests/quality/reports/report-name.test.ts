import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { reportFile } from "../../../quality/reports/report-name.js";

const folder = mkdtempSync(join(tmpdir(), "gristmill-reports-"));

test("a report is named after its path, with / as __", () => {
  expect(basename(reportFile(folder, "api_logs.zip/day 1/a.json.gz"))).toBe(
    "validation_report_api_logs.zip__day 1__a.json.gz.json",
  );
});

test("a path never takes the report of another", () => {
  const first = reportFile(folder, "x/y.csv");
  writeFileSync(first, JSON.stringify({ path: "x/y.csv" }));
  const second = reportFile(folder, "x__y.csv");
  expect(second).not.toBe(first);
  writeFileSync(second, JSON.stringify({ path: "x__y.csv" }));
  expect(reportFile(folder, "x/y.csv")).toBe(first);
  expect(reportFile(folder, "x__y.csv")).toBe(second);
});

test("long names stay valid, apart and whole characters", () => {
  const long = `${"ж".repeat(200)}.csv`;
  const names = [long, `${long}2`].map((path) => basename(reportFile(folder, path)));
  expect(new Set(names).size).toBe(2);
  for (const name of names) {
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(230);
    expect(name).not.toContain("\uFFFD");
  }
});

test("a torn report is written over", () => {
  const file = reportFile(folder, "torn.csv");
  writeFileSync(file, '{"path": "to');
  expect(reportFile(folder, "torn.csv")).toBe(file);
});
