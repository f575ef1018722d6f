import { join } from "node:path";
import { writeFileAtomic } from "../../lib/json-file.js";
import type { DataPaths } from "../../lib/paths.js";
import type { FileStatus, RunFile } from "../../lib/run-types.js";
import { readHistory, type TrendPoint, trendPoint } from "../inputs/history.js";
import { earlierRuns, readRun, stagesSoFar } from "../inputs/run-files.js";
import { passRate, sumFiles, withStatus } from "../inputs/sums.js";
import { exposition, type Family, type Sample } from "./exposition.js";

/** Writes quality/metrics.prom for the textfile collector of a node exporter. Call it again once the run has ended. */
export function writeMetrics(paths: DataPaths, id: string): void {
  const run = readRun(paths, id);
  const trend = [...readHistory(paths, id), trendPoint(run, null)];
  const runs = earlierRuns(paths, id).length + 1;
  writeFileAtomic(
    join(paths.quality, "metrics.prom"),
    exposition(families(run, trend, runs, stagesSoFar(paths, run))),
  );
}

function families(
  run: RunFile,
  trend: readonly TrendPoint[],
  runs: number,
  stages: RunFile["stages"],
): readonly Family[] {
  const sources = [...new Set(run.files.map(({ source }) => source))].sort();
  const score = passRate(sumFiles(run.files));
  const ended = run.finished_at ?? null;
  const seconds =
    ended === null
      ? Object.values(stages).reduce((sum, stage) => sum + stage.seconds, 0)
      : (Date.parse(ended) - Date.parse(run.started_at)) / 1_000;
  return [
    gauge("gristmill_runs", "Run files kept.", one(runs)),
    gauge("gristmill_run_start_time_seconds", "When the last run started.", one(epoch(run.started_at))),
    gauge("gristmill_run_duration_seconds", "How long the last run took.", one(seconds)),
    gauge(
      "gristmill_run_exit_code",
      "Exit code of the last run.",
      run.exit_code === null ? [] : one(run.exit_code),
    ),
    gauge(
      "gristmill_last_success_time_seconds",
      "Start of the last run without a file held or in error.",
      lastSuccess(trend),
    ),
    gauge(
      "gristmill_score_percent",
      "Records of the last run that passed.",
      score === null ? [] : one(score),
    ),
    gauge(
      "gristmill_source_score_percent",
      "The same by source.",
      sources.flatMap((source) => sourceScore(run, source)),
    ),
    gauge(
      "gristmill_records",
      "Records of the last run by source and outcome.",
      sources.flatMap((source) => outcomes(run, source)),
    ),
    gauge("gristmill_files", "Files of the last run by status.", fileCounts(run)),
    gauge(
      "gristmill_stage_duration_seconds",
      "Duration of each stage of the last run.",
      Object.entries(stages).map(([stage, measure]) => ({ labels: { stage }, value: measure.seconds })),
    ),
    gauge(
      "gristmill_source_last_files_time_seconds",
      "Start of the last run that published a file of the source.",
      lastFiles(trend),
    ),
    gauge(
      "gristmill_table_rows",
      "Rows of each table after the last run.",
      Object.entries(run.tables).map(([table, { rows }]) => ({ labels: { table }, value: rows })),
    ),
    gauge("gristmill_disagreements", "Records on which the two judges disagree.", one(run.disagreements)),
    gauge(
      "gristmill_alert_delivered",
      "1 where the channel was reached or had nothing to be told.",
      run.alerts.map(({ channel, outcome }) => ({
        labels: { channel },
        value: outcome.startsWith("failed") ? 0 : 1,
      })),
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: "gauge", samples };
}

function one(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}

function epoch(iso: string): number {
  return Date.parse(iso) / 1_000;
}

function sourceScore(run: RunFile, source: string): readonly Sample[] {
  const score = passRate(sumFiles(run.files.filter((file) => file.source === source)));
  return score === null ? [] : [{ labels: { source }, value: score }];
}

function outcomes(run: RunFile, source: string): readonly Sample[] {
  const sums = sumFiles(run.files.filter((file) => file.source === source));
  return (["accepted", "quarantined", "held"] as const).map((outcome) => ({
    labels: { source, outcome },
    value: sums[outcome],
  }));
}

function fileCounts(run: RunFile): readonly Sample[] {
  const statuses: readonly FileStatus[] = ["published", "held", "skipped", "waiting", "error"];
  return [
    ...statuses.map((status) => ({ labels: { status }, value: withStatus(run, status).length })),
    { labels: { status: "unclaimed" }, value: run.unclaimed.length },
  ];
}

function lastSuccess(trend: readonly TrendPoint[]): readonly Sample[] {
  const point = trend.findLast(({ troubled }) => troubled.length === 0);
  return point === undefined ? [] : one(epoch(point.started_at));
}

function lastFiles(trend: readonly TrendPoint[]): readonly Sample[] {
  const last = new Map<string, number>();
  for (const point of trend) {
    for (const [source, { published }] of Object.entries(point.sources))
      if (published > 0) last.set(source, epoch(point.started_at));
  }
  return [...last].map(([source, value]) => ({ labels: { source }, value }));
}
