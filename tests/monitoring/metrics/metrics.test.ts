import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exposition } from "../../../monitoring/metrics/exposition.js";
import { writeMetrics } from "../../../monitoring/metrics/metrics.js";
import { entry, runFile, runId, saveRun, temporaryData } from "../fixtures.js";

test("a run's numbers for Prometheus", () => {
  const paths = temporaryData();
  saveRun(paths, runFile(1, [entry("a.csv")]));
  saveRun(
    paths,
    runFile(
      2,
      [
        entry("a.csv", { status: "skipped", accepted: 0, quarantined: 0 }),
        entry("b.csv", { status: "held", accepted: 0, held: 70, quarantined: 30 }),
      ],
      {
        finished_at: "2026-01-02T02:00:09Z",
        exit_code: 65,
        alerts: [{ channel: "ops", outcome: "failed: no answer in time" }],
      },
    ),
  );
  writeMetrics(paths, runId(2));
  const text = readFileSync(join(paths.quality, "metrics.prom"), "utf8");
  const lines = text.split("\n");
  for (const line of [
    "gristmill_runs 2",
    "gristmill_run_duration_seconds 9",
    "gristmill_run_exit_code 65",
    "gristmill_score_percent 70",
    'gristmill_records{source="sales",outcome="held"} 70',
    'gristmill_files{status="held"} 1',
    'gristmill_alert_delivered{channel="ops"} 0',
    // the first run was the last without trouble
    `gristmill_last_success_time_seconds ${Date.UTC(2026, 0, 1, 2) / 1_000}`,
    `gristmill_source_last_files_time_seconds{source="sales"} ${Date.UTC(2026, 0, 1, 2) / 1_000}`,
  ])
    expect(lines).toContain(line);
  for (const line of lines.filter((one) => one !== ""))
    expect(line).toMatch(
      /^(# (HELP|TYPE) gristmill_\w+ .+|gristmill_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+]+)$/,
    );
});

test("labels are escaped", () => {
  const samples = [{ labels: { source: 'a"b\\c\nd' }, value: 1 }];
  expect(exposition([{ name: "x", help: "h", type: "gauge", samples }])).toBe(
    '# HELP x h\n# TYPE x gauge\nx{source="a\\"b\\\\c\\nd"} 1\n',
  );
});
