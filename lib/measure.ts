import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeJson } from "./json-file.js";
import type { StagingPaths } from "./paths.js";
import type { StageMeasure } from "./run-file-types.js";
import { stages as stageNames } from "./stages.js";

/** What this process has used so far. */
export function measureOf(stage: string): StageMeasure {
  const usage = process.resourceUsage();
  const seconds = performance.now() / 1_000;
  return {
    stage,
    started_ms: Math.round(performance.timeOrigin),
    seconds,
    cpu_seconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
    peak_rss_mb: usage.maxRSS / 1_024,
  };
}

/** Leave this process's measure in the run's staging folder, where there still is one. */
export function leaveMeasure(staging: StagingPaths, stage: string): void {
  if (!existsSync(staging.root)) return;
  writeJson(join(staging.stages, `${stage}-${process.pid}.json`), measureOf(stage));
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
