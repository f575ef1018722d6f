import { join } from "node:path";
import { readJsonIfThere, writeJson } from "../../lib/json-file.js";
import type { DataPaths } from "../../lib/paths.js";
import type { RunFile } from "../../lib/run-types.js";
import type { FileReport } from "./file-report.js";
import { earlierRuns, readRun } from "./run-files.js";
import { passRate, sumFiles, withStatus } from "./sums.js";

/** Runs that a trend shows. */
export const TREND_RUNS = 30;
const TROUBLED_LIMIT = 500;
const RULES_LIMIT = 500;

/** One run in the trends: small, so that a dashboard reads one file and not thirty. */
export interface TrendPoint {
  readonly run: string;
  readonly started_at: string;
  readonly score: number | null;
  readonly records: number;
  readonly quarantined: number;
  readonly published_files: number;
  /** Source → what it brought. */
  readonly sources: Readonly<
    Record<string, { readonly records: number; readonly score: number | null; readonly published: number }>
  >;
  /** Failures a rule by `ruleKey`; null where the reports are gone. */
  readonly rules: Readonly<Record<string, number>> | null;
  /** Paths of files held or in error. */
  readonly troubled: readonly string[];
}

interface HistoryOnDisk {
  readonly points: readonly TrendPoint[];
}

export function ruleKey(
  source: string,
  rule: { readonly rule: string; readonly column: string | null },
): string {
  return JSON.stringify([source, rule.column, rule.rule]);
}

/** The point of a run in the trends. */
export function trendPoint(run: RunFile, reports: ReadonlyMap<string, FileReport> | null): TrendPoint {
  const sums = sumFiles(run.files);
  return {
    run: run.run,
    started_at: run.started_at,
    score: passRate(sums),
    records: sums.records,
    quarantined: sums.quarantined,
    published_files: withStatus(run, "published").length,
    sources: Object.fromEntries(
      [...new Set(run.files.map(({ source }) => source))].sort().map((source) => {
        const own = run.files.filter((file) => file.source === source);
        const { records, quarantined } = sumFiles(own);
        const published = own.filter(({ status }) => status === "published").length;
        return [source, { records, score: passRate({ records, quarantined }), published }];
      }),
    ),
    rules: reports === null ? null : ruleSums(run, reports),
    troubled: withStatus(run, "held", "error")
      .map(({ path }) => path)
      .slice(0, TROUBLED_LIMIT),
  };
}

/** The last runs before this one, oldest first, from the kept history and, where it lacks one, from the run files. */
export function readHistory(paths: DataPaths, run: string): readonly TrendPoint[] {
  const kept = new Map(
    (readJsonIfThere<HistoryOnDisk>(historyPath(paths))?.points ?? []).map((point) => [point.run, point]),
  );
  return earlierRuns(paths, run)
    .slice(-(TREND_RUNS - 1))
    .map((id) => kept.get(id) ?? trendPoint(readRun(paths, id), null));
}

export function writeHistory(paths: DataPaths, points: readonly TrendPoint[]): void {
  writeJson(historyPath(paths), { points: points.slice(-TREND_RUNS) } satisfies HistoryOnDisk);
}

/** First run of the unbroken row of runs, up to now, in which a file was held or in error; null if only in this one. */
export function troubledSince(history: readonly TrendPoint[], path: string): TrendPoint | null {
  let since: TrendPoint | null = null;
  for (const point of history.toReversed()) {
    if (!point.troubled.includes(path)) break;
    since = point;
  }
  return since;
}

function historyPath(paths: DataPaths): string {
  return join(paths.quality, "history.json");
}

function ruleSums(run: RunFile, reports: ReadonlyMap<string, FileReport>): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const { path, source } of run.files) {
    for (const rule of reports.get(path)?.rules ?? []) {
      const key = ruleKey(source, rule);
      sums.set(key, (sums.get(key) ?? 0) + rule.count);
    }
  }
  return Object.fromEntries([...sums].sort((a, b) => b[1] - a[1]).slice(0, RULES_LIMIT));
}
