import type { FileResult, JobSpec, RuleCount } from "../lib/run-types.js";
import { nothingFound } from "./whole-files.js";
import type { PartResult } from "./work-job.js";

const SAMPLES = 5;

/** One result of a job from those of its parts. A sliced file of which some slice failed brings no rows. */
export function mergeParts(job: JobSpec, parts: readonly PartResult[]): PartResult {
  const files = job.files.map((file) => {
    const own = parts.flatMap((part) => part.files.filter((result) => result.path === file.path));
    return (
      own.reduce(mergeFile, null) ?? {
        ...nothingFound(file),
        outcome: "error" as const,
        message: "no result came back for this file",
      }
    );
  });
  const dropped = new Set(
    files.filter((file) => file.outcome === "waiting" || file.outcome === "error").map((file) => file.path),
  );
  const refused = new Set(files.filter((file) => file.outcome === "unreadable").map((file) => file.path));
  const streams = parts
    .flatMap((part) => part.streams)
    .filter(({ paths, accepted }) =>
      // Streams of several files hold no sliced file: only those of one file can be half of something.
      paths.length > 1
        ? true
        : !paths.some((path) => dropped.has(path) || (refused.has(path) && accepted.length > 0)),
    );
  return {
    job: job.job,
    source: job.source,
    files,
    accepted: streams.flatMap((stream) => stream.accepted),
    quarantined: streams.flatMap((stream) => stream.quarantined),
    streams,
    profile: {
      scans: parts.reduce((sum, part) => sum + part.profile.scans, 0),
      bytes_read: parts.reduce((sum, part) => sum + part.profile.bytes_read, 0),
      seconds: Math.max(...parts.map((part) => part.profile.seconds)),
    },
  };
}

function mergeFile(before: FileResult | null, slice: FileResult): FileResult {
  if (before === null) return slice;
  // What is wrong with one slice is wrong with the file.
  if (before.outcome !== "judged") return before;
  if (slice.outcome !== "judged") return slice;
  const nulls = Object.keys(before.null_counts).map(
    (name) => [name, (before.null_counts[name] ?? 0) + (slice.null_counts[name] ?? 0)] as const,
  );
  return {
    ...before,
    lines: before.lines === null || slice.lines === null ? null : before.lines + slice.lines,
    header_lines: before.header_lines + slice.header_lines,
    blank_lines: before.blank_lines + slice.blank_lines,
    bytes: before.bytes + slice.bytes,
    records: before.records + slice.records,
    accepted: before.accepted + slice.accepted,
    quarantined: before.quarantined + slice.quarantined,
    stray_quotes: before.stray_quotes + slice.stray_quotes,
    null_counts: Object.fromEntries(nulls),
    rules: mergeRules([...before.rules, ...slice.rules]),
    oracle: {
      judged: before.oracle.judged + slice.oracle.judged,
      disagreements: before.oracle.disagreements + slice.oracle.disagreements,
      examples: [...before.oracle.examples, ...slice.oracle.examples].slice(0, SAMPLES),
    },
    event_time_min: least(before.event_time_min, slice.event_time_min, -1),
    event_time_max: least(before.event_time_max, slice.event_time_max, 1),
  };
}

function mergeRules(rules: readonly RuleCount[]): readonly RuleCount[] {
  const merged = new Map<string, RuleCount>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.rule, rule.code, rule.column, rule.severity]);
    const before = merged.get(key);
    const samples = [...(before?.samples ?? []), ...rule.samples].slice(0, SAMPLES);
    merged.set(key, { ...rule, count: rule.count + (before?.count ?? 0), samples });
  }
  return [...merged.values()];
}

/** The smaller (sign -1) or greater (sign 1) of two ISO times; null counts as none. */
function least(a: string | null, b: string | null, sign: -1 | 1): string | null {
  if (a === null || b === null) return a ?? b;
  return (a < b ? -1 : 1) === sign ? a : b;
}
