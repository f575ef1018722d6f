import type { Config } from "../../lib/config-types.js";
import type { FileVerdict, Finding, RunPlan } from "../../lib/run-types.js";
import type { StagedResults } from "./staged-results.js";
import type { PublishedTables } from "./staged-rows.js";

const HOUR_MS = 3_600_000;

/** Age of a source that has a freshness rule. */
export interface Freshness {
  readonly source: string;
  readonly limitHours: number;
  /** Hours since its latest event; null when it has none. */
  readonly ageHours: number | null;
}

/**
 * The instant that ages are counted from: the run's start when the run is dated its own day, else the end of
 * that day, so that a run for a past date does not depend on the clock.
 */
export function ageReference(plan: Pick<RunPlan, "as_of" | "started_at">): number {
  const endOfDay = Date.parse(`${plan.as_of}T00:00:00Z`) + 24 * HOUR_MS;
  return plan.started_at.startsWith(plan.as_of) ? Date.parse(plan.started_at) : endOfDay;
}

/** Age of every source with a freshness rule, by the tables' statistics and the files that this run publishes. */
export function measureFreshness(
  config: Config,
  plan: RunPlan,
  tables: PublishedTables,
  results: StagedResults,
  files: readonly FileVerdict[],
): readonly Freshness[] {
  const measured: Freshness[] = [];
  for (const [source, { freshness }] of Object.entries(config.rules)) {
    const column = config.sources[source]?.event_time ?? null;
    if (freshness === null) continue;
    const times = files
      .filter((file) => file.source === source && file.status === "published")
      .map((file) => results.files.get(file.path)?.result.event_time_max ?? null);
    const latest = [column === null ? null : tables.latest(source, column), ...times]
      .filter((time) => time !== null)
      .map((time) => Date.parse(time));
    const age = latest.length === 0 ? null : (ageReference(plan) - Math.max(...latest)) / HOUR_MS;
    measured.push({ source, limitHours: freshness.hours, ageHours: age === null ? null : Math.max(0, age) });
  }
  return measured;
}

/** 100 within the limit, then falling as limit / age; null for a source without a rule or without events. */
export function freshnessScore(freshness: Freshness | undefined): number | null {
  if (freshness === undefined || freshness.ageHours === null) return null;
  if (freshness.ageHours <= freshness.limitHours) return 100;
  return (100 * freshness.limitHours) / freshness.ageHours;
}

export function freshnessFindings(config: Config, measured: readonly Freshness[]): readonly Finding[] {
  return measured.flatMap(({ source, limitHours, ageHours }): readonly Finding[] => {
    if (ageHours !== null && ageHours <= limitHours) return [];
    const rule = config.rules[source]?.freshness;
    const column = config.sources[source]?.event_time ?? null;
    const none = column === null ? "has no event_time to tell its age by" : "has no event yet";
    const said = ageHours === null ? none : `latest event is ${ageHours.toFixed(1)} hours old`;
    return [
      {
        kind: "freshness",
        source,
        path: null,
        column,
        rule: `freshness ${limitHours}h`,
        severity: rule?.severity ?? "warn",
        count: 1,
        message: rule?.message ?? `${source}: ${said}; expected within ${limitHours} hours`,
      },
    ];
  });
}
