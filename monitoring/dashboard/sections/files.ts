import type { FileStatus, RunFileEntry } from "../../../lib/run-types.js";
import { count, moment, percent } from "../../format.js";
import { troubledSince } from "../../inputs/history.js";
import { balances } from "../../inputs/sums.js";
import { shown } from "../../shown-text.js";
import type { DashboardInput } from "../input.js";

const LIMIT = 400;
const PATHS_LIMIT = 100;
const ERRORS_LIMIT = 3;

export interface FileLine {
  readonly status: FileStatus;
  readonly path: string;
  readonly source: string;
  readonly records: string;
  readonly accepted: string;
  readonly quarantined: string;
  readonly held: string;
  readonly score: string;
  readonly threshold: string;
  readonly parts: string;
  readonly since: string;
  readonly notes: readonly string[];
  /** Link to the report beside the page, percent-encoded; empty without one. */
  readonly report: string;
}

const rank: Readonly<Record<FileStatus, number>> = {
  error: 0,
  held: 1,
  waiting: 2,
  unclaimed: 3,
  published: 4,
  skipped: 5,
};

/** A line a file that this run judged or that waits, the worst first; skipped files are only counted. */
export function fileLines(input: DashboardInput): {
  readonly lines: readonly FileLine[];
  readonly left: number;
  readonly skipped: number;
} {
  const listed = input.run.files.filter(({ status }) => status !== "skipped");
  const sorted = listed.toSorted(
    (a, b) =>
      rank[a.status] - rank[b.status] ||
      (a.score ?? 101) - (b.score ?? 101) ||
      b.quarantined - a.quarantined ||
      (a.path < b.path ? -1 : 1),
  );
  const lines = sorted.slice(0, LIMIT).map((file) => fileLine(input, file));
  return { lines, left: listed.length - lines.length, skipped: input.run.files.length - listed.length };
}

function fileLine(input: DashboardInput, file: RunFileEntry): FileLine {
  const report = input.reports.get(file.path);
  const since = troubledSince(input.trend.slice(0, -1), file.path);
  return {
    status: file.status,
    path: shown(file.path),
    source: shown(file.source),
    records: count(file.records),
    accepted: count(file.accepted),
    quarantined: count(file.quarantined),
    held: count(file.held),
    score: percent(file.score),
    threshold: percent(report?.threshold ?? input.thresholds[file.source] ?? null),
    parts: partsOf(report?.parts ?? {}),
    since: since !== null && rank[file.status] < 2 ? moment(since.started_at) : "",
    notes: notesOf(file, report?.errors ?? []),
    report: report === undefined ? "" : encodeURIComponent(report.report),
  };
}

function partsOf(parts: Readonly<Record<string, number | null>>): string {
  return Object.entries(parts)
    .filter((entry): entry is [string, number] => entry[1] !== null && entry[0] !== "validity")
    .map(([name, value]) => `${name} ${percent(value)}`)
    .join(" · ");
}

function notesOf(file: RunFileEntry, errors: readonly string[]): readonly string[] {
  const notes =
    file.status === "published" ? [] : errors.slice(0, ERRORS_LIMIT).map((error) => shown(error, 240));
  if (!balances(file)) notes.push("does not add up: records ≠ accepted + quarantined + held");
  if (file.stray_quotes > 0) notes.push(`${count(file.stray_quotes)} stray quotes cost one line each`);
  return notes;
}

/** Paths that no feed claims, bounded. */
export function unclaimedPaths(input: DashboardInput): {
  readonly paths: readonly string[];
  readonly left: number;
} {
  const paths = input.run.unclaimed.slice(0, PATHS_LIMIT).map((path) => shown(path));
  return { paths, left: input.run.unclaimed.length - paths.length };
}

/** Good records kept although their file has malformed rows, and those rows. */
export function keptInSpite(input: DashboardInput): {
  readonly files: string;
  readonly kept: string;
  readonly malformed: string;
  readonly strayQuotes: string;
} | null {
  let files = 0;
  let kept = 0;
  let malformed = 0;
  let strayQuotes = 0;
  for (const file of input.run.files) {
    const rows = (input.reports.get(file.path)?.rules ?? [])
      .filter(
        ({ code }) => code === "malformed_row" || code === "invalid_json" || code === "invalid_encoding",
      )
      .reduce((sum, rule) => sum + rule.count, 0);
    if (rows === 0 && file.stray_quotes === 0) continue;
    files += 1;
    kept += file.accepted;
    malformed += rows;
    strayQuotes += file.stray_quotes;
  }
  if (files === 0) return null;
  return {
    files: count(files),
    kept: count(kept),
    malformed: count(malformed),
    strayQuotes: count(strayQuotes),
  };
}
