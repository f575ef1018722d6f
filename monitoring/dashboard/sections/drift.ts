import type { FeedProfile, RunFile } from "../../../lib/run-types.js";
import { count, percent, plural } from "../../format.js";
import { shown } from "../../shown-text.js";
import type { DashboardInput } from "../input.js";

const FINDINGS_LIMIT = 100;
const NULLS_LIMIT = 30;
const EARLIER = 10;

export interface FindingLine {
  readonly kind: string;
  readonly severity: string;
  readonly source: string;
  readonly where: string;
  readonly count: string;
  readonly message: string;
}

/** What the dataset checks found, the gravest and the most frequent first. */
export function findingLines(run: RunFile): {
  readonly lines: readonly FindingLine[];
  readonly left: number;
} {
  const rank = { error: 0, warn: 1, info: 2 } as const;
  const sorted = run.findings.toSorted((a, b) => rank[a.severity] - rank[b.severity] || b.count - a.count);
  const lines = sorted.slice(0, FINDINGS_LIMIT).map(
    (finding): FindingLine => ({
      kind: finding.kind,
      severity: finding.severity,
      source: shown(finding.source),
      where: shown([finding.path, finding.column].filter((part) => part !== null).join(" · "), 160),
      count: count(finding.count),
      message: shown(finding.message, 300),
    }),
  );
  return { lines, left: sorted.length - lines.length };
}

export interface FeedDrift {
  readonly feed: string;
  readonly records: string;
  readonly usual: string;
  readonly change: string;
  readonly gained: string;
  readonly lost: string;
}
export interface NullShift {
  readonly feed: string;
  readonly column: string;
  readonly now: string;
  readonly before: string;
  readonly points: string;
}

/** Each feed of this run against its earlier runs: volume, columns and shares of nulls. */
export function drift(input: DashboardInput): {
  readonly feeds: readonly FeedDrift[];
  readonly nulls: readonly NullShift[];
} {
  const feeds: FeedDrift[] = [];
  const shifts: (NullShift & { readonly size: number })[] = [];
  for (const [feed, now] of Object.entries(input.run.profiles ?? {})) {
    const before = earlierProfiles(input.earlier, feed);
    feeds.push(feedDrift(feed, now, before));
    const last = before.at(-1);
    if (last !== undefined) shifts.push(...nullShifts(feed, now, last));
  }
  shifts.sort((a, b) => b.size - a.size);
  return { feeds: feeds.slice(0, FINDINGS_LIMIT), nulls: shifts.slice(0, NULLS_LIMIT) };
}

function earlierProfiles(earlier: readonly RunFile[], feed: string): readonly FeedProfile[] {
  return earlier.flatMap((run) => run.profiles?.[feed] ?? []).slice(-EARLIER);
}

function feedDrift(feed: string, now: FeedProfile, before: readonly FeedProfile[]): FeedDrift {
  const last = before.at(-1);
  const usual = before.length === 0 ? null : before.reduce((sum, p) => sum + p.records, 0) / before.length;
  const change = usual === null || usual === 0 ? null : (100 * (now.records - usual)) / usual;
  return {
    feed: shown(feed),
    records: count(now.records),
    usual: usual === null ? "first run" : `${count(usual)} (mean of ${plural(before.length, "run")})`,
    change: change === null ? "–" : `${change >= 0 ? "+" : "−"}${percent(Math.abs(change))}`,
    gained: last === undefined ? "" : columns(now.columns.filter((name) => !last.columns.includes(name))),
    lost: last === undefined ? "" : columns(last.columns.filter((name) => !now.columns.includes(name))),
  };
}

function columns(names: readonly string[]): string {
  const some = names.slice(0, 12).map((name) => shown(name, 60));
  return names.length > some.length
    ? `${some.join(", ")} and ${names.length - some.length} more`
    : some.join(", ");
}

function nullShifts(
  feed: string,
  now: FeedProfile,
  before: FeedProfile,
): readonly (NullShift & { readonly size: number })[] {
  return Object.keys(now.nulls).flatMap((column) => {
    const share = nullShare(now, column);
    const old = nullShare(before, column);
    if (share === null || old === null || Math.abs(share - old) < 0.5) return [];
    const points = share - old;
    return [
      {
        feed: shown(feed),
        column: shown(column, 80),
        now: percent(share),
        before: percent(old),
        points: `${points > 0 ? "+" : "−"}${Math.abs(points).toFixed(1)}`,
        size: Math.abs(points),
      },
    ];
  });
}

function nullShare(profile: FeedProfile, column: string): number | null {
  const nulls = profile.nulls[column];
  return nulls === undefined || profile.accepted === 0 ? null : (100 * nulls) / profile.accepted;
}
