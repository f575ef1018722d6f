import type { Config } from "../../lib/config-types.js";
import type { FeedProfile, Finding } from "../../lib/run-types.js";
import type { ProfileHistory } from "./history.js";

/** Fewer earlier runs than this tell nothing about what is usual. */
const LEAST_RUNS = 3;

/** Sources whose records lie further from the mean of earlier runs than their tolerance. */
export function volumeFindings(
  config: Config,
  profiles: Readonly<Record<string, FeedProfile>>,
  history: ProfileHistory,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [source, records] of recordsBySource(profiles)) {
    const earlier = history.map((run) => recordsBySource(run).get(source)).filter((n) => n !== undefined);
    if (earlier.length < LEAST_RUNS) continue;
    const mean = earlier.reduce((sum, n) => sum + n, 0) / earlier.length;
    const rule = config.rules[source]?.volume ?? null;
    const tolerance = rule?.tolerance_pct ?? config.settings.volume_tolerance_pct;
    if (mean === 0 || (100 * Math.abs(records - mean)) / mean <= tolerance) continue;
    findings.push({
      kind: "volume",
      source,
      path: null,
      column: null,
      rule: `volume ${tolerance}%`,
      severity: rule?.severity ?? "warn",
      count: records,
      message:
        rule?.message ??
        `${source}: ${records} records, ${Math.round((100 * records) / mean)} % of the mean of ${earlier.length} earlier runs (${Math.round(mean)})`,
    });
  }
  return findings;
}

function recordsBySource(profiles: Readonly<Record<string, FeedProfile>>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { source, records } of Object.values(profiles)) {
    sums.set(source, (sums.get(source) ?? 0) + records);
  }
  return sums;
}
