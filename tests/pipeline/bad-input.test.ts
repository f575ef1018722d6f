import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunFileEntry } from "../../lib/run-types.js";
import { lastRun, master, runFiles, unbalanced } from "./master.js";

let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "gristmill-bad-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function put(path: string, content: string | Uint8Array): void {
  const file = join(dataDir, "raw", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const header = "order_id,product_id,quantity,unit_price,sold_at";
const sale = "o1,p1,2,2.50,2026-01-05 10:00:00";
const log = (id: number): string =>
  JSON.stringify({
    request_id: `r${id}`,
    timestamp: "2026-01-05T10:00:00Z",
    user_id: "u1",
    session_id: "s1",
    method: "GET",
    endpoint: "/cart",
    status_code: 200,
    response_time_ms: 12,
    country_code: "DE",
  });

/** Path → what becomes of it, with the reason that its report and the summary tell. */
const expected: Readonly<Record<string, readonly [string, RegExp | null]>> = {
  "api_logs.zip": ["held 1 0 1", /zip/],
  "api_logs_broken.json": ["published 40 39 1", null],
  "api_logs_cut.json.gz": ["held 1 0 1", /cut short/],
  "products_catalog.xlsx": ["held 1 0 1", /workbook/],
  "sales/empty.csv": ["published 0 0 0", /no record/],
  "sales/header.csv": ["published 0 0 0", /no record/],
  "sales/lacks.csv": ["held 1 0 1", /required column unit_price is missing/],
  "sales/utf16.csv": ["published 1 1 0", null],
};

function putAll(): void {
  const logs = Array.from({ length: 40 }, (_, at) => (at === 17 ? '{"request_id": "r17", ' : log(at)));
  put("api_logs.zip", "this is no zip");
  put("api_logs_broken.json", `[\n${logs.join(",\n")}\n]`);
  put(
    "api_logs_cut.json.gz",
    gzipSync(Array.from({ length: 500 }, (_, at) => log(at)).join("\n")).subarray(0, 900),
  );
  put(
    "products_catalog.xlsx",
    "<!DOCTYPE html><html><body><table><tr><td>Log in</td></tr></table></body></html>",
  );
  put("sales/empty.csv", "");
  put("sales/header.csv", `${header}\n`);
  put("sales/lacks.csv", "order_id,product_id,quantity,sold_at\no1,p1,2,2026-01-05 10:00:00\n");
  put("sales/utf16.csv", Buffer.from(`\ufeff${header}\n${sale}\n`, "utf16le"));
  put("notes.txt", "not ours");
}

const outcome = ({ status, records, accepted, quarantined }: RunFileEntry): string =>
  `${status} ${records} ${accepted} ${quarantined}`;

test("every kind of bad file gets its line, its reason and its report, and stops no other", async () => {
  putAll();
  const ended = await master(dataDir, "--no-archive");
  expect(ended.code, ended.stderr).toBe(65);
  expect(ended.stderr).toBe("");
  const run = lastRun(dataDir);
  expect(Object.fromEntries(run.files.map((file) => [file.path, outcome(file)]))).toEqual(
    Object.fromEntries(Object.entries(expected).map(([path, [text]]) => [path, text])),
  );
  expect(unbalanced(run)).toEqual([]);
  expect(run.unclaimed).toEqual(["notes.txt"]);
  const alert = readFileSync(join(dataDir, "quality", "quality_alert.txt"), "utf8");
  for (const [path, [text, reason]] of Object.entries(expected)) {
    const report = join(dataDir, "quality", `validation_report_${path.replaceAll("/", "__")}.json`);
    const { errors, status } = JSON.parse(readFileSync(report, "utf8")) as {
      errors: string[];
      status: string;
    };
    expect(status, path).toBe(text.startsWith("held") ? "failed" : "passed");
    if (reason === null) continue;
    expect(errors.join("\n"), path).toMatch(reason);
    expect(alert, path).toContain(path);
    if (text.startsWith("held"))
      expect(ended.stdout.split("\n").find((line) => line.startsWith(`  ${path}: `))).toMatch(reason);
  }
  expect(ended.stdout).toContain("notes.txt");
  expect(ended.stdout).not.toContain("gristmill release");
  expect(ended.stdout + alert).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
});

test("no input at all ends with 66, a misspelt key with 78, each with a line that says what to do", async () => {
  const empty = await master(dataDir);
  expect(empty.code).toBe(66);
  expect(empty.stderr.trim().split("\n")).toEqual([expect.stringMatching(/raw holds no file.*--sample$/)]);
  put("sales/a.csv", `${header}\n${sale}\n`);
  const configDir = join(dataDir, "config");
  mkdirSync(configDir);
  writeFileSync(join(configDir, "quality_thresholds.yaml"), "global_treshold: 90\n");
  const misspelt = await master(dataDir, "--config-dir", configDir);
  expect(misspelt.code).toBe(78);
  expect(misspelt.stderr.trim().split("\n")).toEqual([
    expect.stringMatching(/quality_thresholds.yaml.*global_treshold.*global_threshold/),
  ]);
  expect(runFiles(dataDir)).toEqual([]);
});
