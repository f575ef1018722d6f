import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type DataPaths, dataPaths } from "../../lib/paths.js";
import type { Finding, RuleCount, RunFile, RunFileEntry, SourceSums } from "../../lib/run-types.js";

export function temporaryData(): DataPaths {
  return dataPaths(mkdtempSync(join(tmpdir(), "gristmill-monitoring-")));
}

export function runId(day: number, tag = "aaaa"): string {
  return `202601${String(day).padStart(2, "0")}T020000Z-${tag}`;
}

export function entry(path: string, over: Partial<RunFileEntry> = {}): RunFileEntry {
  const accepted = over.accepted ?? 990;
  const quarantined = over.quarantined ?? 10;
  const held = over.held ?? 0;
  const records = over.records ?? accepted + quarantined + held;
  return {
    source: "sales",
    feed: "sales",
    file: path.slice(path.lastIndexOf("/") + 1),
    path,
    sha256: "0".repeat(64),
    bytes: 120_000,
    lines: records + 1,
    header_lines: 1,
    blank_lines: 0,
    records,
    accepted,
    quarantined,
    held,
    score: records === 0 ? null : (100 * (records - quarantined)) / records,
    status: "published",
    stray_quotes: 0,
    ...over,
  };
}

export function runFile(day: number, files: readonly RunFileEntry[], over: Partial<RunFile> = {}): RunFile {
  const sources: Record<string, SourceSums> = {};
  for (const file of files) {
    const sum = sources[file.source] ?? { ...emptySums };
    sources[file.source] = {
      ...sum,
      files: sum.files + 1,
      bytes: sum.bytes + file.bytes,
      records: sum.records + file.records,
      accepted: sum.accepted + file.accepted,
      quarantined: sum.quarantined + file.quarantined,
      held: sum.held + file.held,
    };
  }
  const run = over.run ?? runId(day);
  return {
    run,
    started_at: `2026-01-${String(day).padStart(2, "0")}T02:00:00Z`,
    finished_at: null,
    as_of: `2026-01-${String(day).padStart(2, "0")}`,
    engine: "duckdb",
    workers: 1,
    exit_code: null,
    files,
    sources,
    tables: { "processed/sales": { version: day, rows: 1_000 * day, files: 3, bytes: 50_000 } },
    stages: {
      discover: { seconds: 0.4, cpu_seconds: 0.3, peak_rss_mb: 90 },
      work: { seconds: 2.2, cpu_seconds: 3.1, peak_rss_mb: 180 },
      check: { seconds: 0.8, cpu_seconds: 0.6, peak_rss_mb: 140 },
    },
    unclaimed: [],
    disagreements: 0,
    alerts: [],
    findings: [],
    profiles: {},
    ...over,
  };
}

const emptySums: SourceSums = {
  files: 0,
  bytes: 0,
  lines: 0,
  records: 0,
  accepted: 0,
  quarantined: 0,
  held: 0,
  score: null,
  stray_quotes: 0,
  duplicates: 0,
  superseded: 0,
};

export function rule(over: Partial<RuleCount> = {}): RuleCount {
  return {
    rule: "minimum",
    code: "out_of_range",
    column: "unit_price",
    severity: "error",
    count: 10,
    samples: [{ record: 7, line: 8, value: "-3.50", raw: "A-1,p_001,2,-3.50,2026-01-02" }],
    ...over,
  };
}

export function finding(over: Partial<Finding> = {}): Finding {
  return {
    kind: "reference",
    source: "sales",
    path: null,
    column: "product_id",
    rule: "references products.product_id",
    severity: "warn",
    count: 12,
    message: "12 sales name a product that is in no catalogue",
    ...over,
  };
}

export function saveRun(paths: DataPaths, run: RunFile): RunFile {
  save(join(paths.runs, `${run.run}.json`), run);
  return run;
}

export function saveReport(
  paths: DataPaths,
  file: RunFileEntry,
  rules: readonly RuleCount[],
  errors: readonly string[] = [],
): void {
  save(join(paths.quality, `validation_report_${file.path.replaceAll("/", "__")}.json`), {
    filename: file.file,
    path: file.path,
    source: file.source,
    threshold: 95,
    status: file.status === "published" ? "passed" : "failed",
    errors,
    score: file.score,
    parts: { completeness: 98.2, validity: file.score, uniqueness: 100, consistency: null, freshness: null },
    rules,
  });
}

export function saveExport(paths: DataPaths, table: string, rows: readonly object[]): void {
  mkdirSync(paths.exports, { recursive: true });
  writeFileSync(join(paths.exports, `${table}.json`), JSON.stringify(rows));
}

/** Without fsync: thousands of them must not take a minute. */
function save(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}
