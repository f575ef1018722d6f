import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeJson } from "./json-file.js";
import type { StagingPaths } from "./paths.js";
import type { StageMeasure } from "./run-file-types.js";
import { stages as stageNames } from "./stages.js";

/** Start a stage's clock; the returned function says what it has used since. */
export function measuring(stage: string): () => StageMeasure {
  const started = { ms: performance.now(), cpu: cpuSeconds() };
  return () => measureSince(stage, started);
}

/** What this process has used so far. */
export function measureOf(stage: string): StageMeasure {
  return measureSince(stage, { ms: 0, cpu: 0 });
}

function measureSince(stage: string, started: { readonly ms: number; readonly cpu: number }): StageMeasure {
  return {
    stage,
    started_ms: Math.round(performance.timeOrigin + started.ms),
    seconds: (performance.now() - started.ms) / 1_000,
    cpu_seconds: cpuSeconds() - started.cpu,
    peak_rss_mb: process.resourceUsage().maxRSS / 1_024,
  };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Leave a measure in the run's staging folder, where there still is one. */
export function leaveMeasure(staging: StagingPaths, measure: StageMeasure): void {
  if (!existsSync(staging.root)) return;
  writeJson(join(staging.stages, `${measure.stage}-${process.pid}.json`), measure);
}

/** Measures of all processes of a run, one a stage and in their order: wall from the first start to the last end, the largest process. */
export function stageSums(
  measures: readonly StageMeasure[],
): Readonly<Record<string, { seconds: number; cpu_seconds: number; peak_rss_mb: number }>> {
  const stages = new Map<string, readonly StageMeasure[]>();
  for (const stage of stageNames) {
    const own = measures.filter((measure) => measure.stage === stage);
    if (own.length > 0) stages.set(stage, own);
  }
  return Object.fromEntries(
    [...stages].map(([stage, own]) => {
      const start = Math.min(...own.map((m) => m.started_ms));
      const end = Math.max(...own.map((m) => m.started_ms + m.seconds * 1_000));
      return [
        stage,
        {
          seconds: round((end - start) / 1_000),
          cpu_seconds: round(own.reduce((sum, m) => sum + m.cpu_seconds, 0)),
          peak_rss_mb: round(Math.max(...own.map((m) => m.peak_rss_mb))),
        },
      ];
    }),
  );
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
