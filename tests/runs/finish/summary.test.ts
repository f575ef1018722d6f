import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeJson } from "../../../lib/json-file.js";
import { dataPaths } from "../../../lib/paths.js";
import { reportFile } from "../../../lib/report-name.js";
import { sumsOf } from "../../../lib/run-file.js";
import type { RunFile, RunFileEntry } from "../../../lib/run-file-types.js";
import { summaryLines } from "../../../runs/finish/summary.js";

const entry = (path: string, change: Partial<RunFileEntry> = {}): RunFileEntry => ({
  source: "sales",
  feed: "sales",
  file: path,
  path,
  sha256: "",
  bytes: 10,
  lines: 5,
  header_lines: 1,
  blank_lines: 0,
  records: 1234,
  accepted: 1234,
  quarantined: 0,
  held: 0,
  score: 100,
  status: "published",
  stray_quotes: 0,
  ...change,
});

function summary(files: readonly RunFileEntry[], change: Partial<RunFile> = {}, root = "/data"): string {
  const run: RunFile = {
    run: "r",
    started_at: "",
    finished_at: "",
    as_of: "2026-01-01",
    engine: "duckdb",
    workers: 1,
    exit_code: 0,
    files,
    sources: sumsOf(files, {}),
    tables: {},
    stages: {},
    unclaimed: [],
    disagreements: 0,
    alerts: [],
    findings: [],
    profiles: {},
    ...change,
  };
  return summaryLines(run, null, { paths: dataPaths(root), configDir: null }).join("\n");
}

describe("the summary", () => {
  test("has a line a source, with a score that never looks better than it is", () => {
    const text = summary([entry("a.csv", { records: 100_000, accepted: 99_999, quarantined: 1 })]);
    expect(text).toMatch(/^sales +1 +100,000 +99,999 +1 +0 +99\.99 %$/m);
    expect(text).toContain("/data/quality/dashboard.html");
  });

  test("says in words what 65 means and which commands go on", () => {
    const held = { status: "held", accepted: 0, quarantined: 1000, held: 234, score: 19 } as const;
    const text = summary([entry("it's.csv", held)], { exit_code: 65 });
    expect(text).toContain("1 file is held back (exit 65)");
    expect(text).toContain("npx gristmill quarantine show --file 'it'\\''s.csv' --data-dir /data");
    expect(text).toContain("npx gristmill release 'it'\\''s.csv' --data-dir /data");
  });

  test("of what cannot be read it says what helps, and offers no release", () => {
    const root = mkdtempSync(join(tmpdir(), "gristmill-summary-"));
    const whole = { status: "held", records: 1, accepted: 0, quarantined: 1, score: 0 } as const;
    for (const [path, code] of [
      ["x.zip", "unreadable_file"],
      ["y.csv", "missing_column"],
    ] as const)
      writeJson(reportFile(dataPaths(root).quality, path), { path, rules: [{ code }] });
    const held = [entry("x.zip", whole), entry("y.csv", { ...whole, feed: "tills" }), entry("z.csv", whole)];
    const text = summary(held, { exit_code: 65 }, root);
    expect(text).not.toContain("release");
    expect(text).toMatch(/^ {2}mend the file +x\.zip: have it sent again/m);
    expect(text).toMatch(/^ {2}mend its columns +y\.csv: add .* columns of the feed tills/m);
    expect(text).not.toMatch(/mend .* z\.csv/);
    rmSync(root, { recursive: true });
  });

  test("names what no feed claims, what waits and what failed", () => {
    const text = summary([entry("a.part", { status: "waiting" }), entry("b.csv", { status: "error" })], {
      exit_code: 1,
      unclaimed: ["notes.txt"],
    });
    expect(text).toContain("npx gristmill propose /data/raw/notes.txt --data-dir /data");
    expect(text).toMatch(/still being written.*\n {2}a\.part/i);
    expect(text).toMatch(/by a fault of ours.*\n {2}b\.csv/);
    expect(text).toContain("Ended with a fault (exit 1)");
  });

  test("of a night without news says so", () => {
    const skipped = { status: "skipped", records: 0, accepted: 0, score: null } as const;
    expect(summary([entry("a.csv", skipped)])).toContain("Nothing new");
  });

  test("shows ten of a thousand and says how many more", () => {
    const files = Array.from({ length: 1_000 }, (_, i) => entry(`f${i}.csv`, { status: "error" }));
    const text = summary(files, { exit_code: 1 });
    expect(text).toContain("and 990 more");
    expect(text.split("\n").length).toBeLessThan(30);
  });

  test("shows control signs of file names and does not obey them", () => {
    expect(summary([entry("a\u001b[2Jb.csv", { status: "waiting" })])).toContain("a\\x1b[2Jb.csv");
  });
});
