import type { SourceSums } from "../../../lib/run-types.js";
import { bytes, count, moment, percent } from "../../format.js";
import { passRate, sumFiles } from "../../inputs/sums.js";
import { shown } from "../../shown-text.js";
import { sparkline } from "../charts/sparkline.js";
import type { DashboardInput } from "../input.js";
import type { Markup } from "../markup.js";

const LIMIT = 60;

export interface SourceLine {
  readonly source: string;
  readonly files: string;
  readonly volume: string;
  readonly records: string;
  readonly accepted: string;
  readonly quarantined: string;
  readonly held: string;
  readonly duplicates: string;
  readonly superseded: string;
  readonly score: string;
  readonly threshold: string;
  readonly below: boolean;
  readonly trend: Markup;
  readonly fresh: string;
  readonly late: boolean;
  /** Whether this very run brought files. */
  readonly recent: boolean;
}

/** A line a source, the worst score first. */
export function sourceLines(input: DashboardInput): {
  readonly lines: readonly SourceLine[];
  readonly left: number;
} {
  const names = new Set([...Object.keys(input.run.sources), ...input.run.files.map(({ source }) => source)]);
  const scored = [...names].map((source) => {
    const own = input.run.files.filter((file) => file.source === source);
    const sums = sumFiles(own);
    return { source, own, sums, score: passRate(sums) };
  });
  scored.sort((a, b) => (a.score ?? 101) - (b.score ?? 101) || a.source.localeCompare(b.source));
  const lines = scored.slice(0, LIMIT).map(({ source, sums, score, own }): SourceLine => {
    const identity = input.run.sources[source] ?? noIdentity;
    const threshold = input.thresholds[source] ?? null;
    const scores = input.trend.map((point) => point.sources[source]?.score ?? null);
    return {
      source: shown(source),
      files: count(own.length),
      volume: bytes(sums.bytes),
      records: count(sums.records),
      accepted: count(sums.accepted),
      quarantined: count(sums.quarantined),
      held: count(sums.held),
      duplicates: count(identity.duplicates),
      superseded: count(identity.superseded),
      score: percent(score),
      threshold: percent(threshold),
      below: score !== null && threshold !== null && score < threshold,
      trend: sparkline(
        scores,
        `score of ${source} over the last ${scores.length} runs, now ${percent(score)}`,
      ),
      ...freshness(input, source),
    };
  });
  return { lines, left: scored.length - lines.length };
}

const noIdentity: Pick<SourceSums, "duplicates" | "superseded"> = { duplicates: 0, superseded: 0 };

function freshness(input: DashboardInput, source: string): Pick<SourceLine, "fresh" | "late" | "recent"> {
  const late = input.run.findings.some(
    (finding) => finding.kind === "freshness" && finding.source === source,
  );
  const last = input.trend.toReversed().find((point) => (point.sources[source]?.published ?? 0) > 0);
  if (last === undefined)
    return {
      fresh: input.trend.length === 1 ? "not yet" : `over ${input.trend.length - 1} runs ago`,
      late,
      recent: false,
    };
  const recent = last.run === input.run.run;
  return { fresh: recent ? "this run" : moment(last.started_at), late, recent };
}

const FRESH_LIMIT = 12;

/** When each source last brought files, the late ones first; bounded for the first screen. */
export function freshnessLines(lines: readonly SourceLine[]) {
  const sorted = lines.toSorted(
    (a, b) => Number(b.late) - Number(a.late) || Number(a.recent) - Number(b.recent),
  );
  return { lines: sorted.slice(0, FRESH_LIMIT), left: Math.max(0, sorted.length - FRESH_LIMIT) };
}
