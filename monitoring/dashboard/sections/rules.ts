import type { RuleCount, RunFileEntry } from "../../../lib/run-types.js";
import { count, percent } from "../../format.js";
import { ruleKey } from "../../inputs/history.js";
import { shown, shownExample } from "../../shown-text.js";
import { sparkline } from "../charts/sparkline.js";
import type { DashboardInput } from "../input.js";
import type { Markup } from "../markup.js";

const LIMIT = 100;
const WORST_FILES = 3;

export interface RuleLine {
  readonly source: string;
  readonly column: string;
  readonly rule: string;
  readonly code: string;
  readonly severity: string;
  readonly failures: string;
  readonly share: string;
  readonly trend: Markup;
  readonly files: readonly { readonly path: string; readonly failures: string; readonly report: string }[];
  /** The file with most failures, and how many more have some. */
  readonly worst: string;
  readonly moreFiles: number;
  readonly example: { readonly where: string; readonly value: string; readonly raw: string } | null;
}

interface Gathered {
  readonly source: string;
  readonly key: string;
  readonly rule: RuleCount;
  failures: number;
  readonly files: { readonly path: string; readonly failures: number; readonly report: string }[];
  sample: { readonly path: string; readonly sample: RuleCount["samples"][number] } | null;
}

/** A line a rule that failed somewhere: what quarantines comes before what warns, the most failures first. */
export function ruleLines(input: DashboardInput): {
  readonly lines: readonly RuleLine[];
  readonly left: number;
} {
  const rules = gather(input);
  const records = recordsOf(input.run.files);
  const lines = rules.slice(0, LIMIT).map((entry): RuleLine => {
    const trend = input.trend.map((point) => (point.rules === null ? null : (point.rules[entry.key] ?? 0)));
    const whole = records.get(entry.source) ?? 0;
    const worst = entry.files.toSorted((a, b) => b.failures - a.failures);
    return {
      source: shown(entry.source),
      column: shown(entry.rule.column ?? "record", 80),
      rule: shown(entry.rule.rule, 120),
      code: entry.rule.code,
      severity: entry.rule.severity,
      failures: count(entry.failures),
      share: percent(whole === 0 ? null : (100 * entry.failures) / whole),
      trend: sparkline(trend, `failures over the last ${trend.length} runs, now ${count(entry.failures)}`),
      files: worst.slice(0, WORST_FILES).map((file) => ({
        path: shown(file.path, 120),
        failures: count(file.failures),
        report: file.report,
      })),
      worst: worstOf(worst),
      moreFiles: Math.max(0, worst.length - WORST_FILES),
      example: exampleOf(entry),
    };
  });
  return { lines, left: rules.length - lines.length };
}

function worstOf(files: Gathered["files"]): string {
  const [first] = files;
  if (first === undefined) return "";
  const name = shown(first.path.slice(first.path.lastIndexOf("/") + 1), 60);
  return files.length === 1 ? name : `${name} and ${count(files.length - 1)} more`;
}

function gather(input: DashboardInput): readonly Gathered[] {
  const rules = new Map<string, Gathered>();
  for (const { path, source } of input.run.files) {
    const report = input.reports.get(path);
    for (const rule of report?.rules ?? []) {
      if (rule.count === 0) continue;
      const key = ruleKey(source, rule);
      const entry = rules.get(key) ?? { source, key, rule, failures: 0, files: [], sample: null };
      rules.set(key, entry);
      entry.failures += rule.count;
      entry.files.push({ path, failures: rule.count, report: encodeURIComponent(report?.report ?? "") });
      const [sample] = rule.samples;
      if (entry.sample === null && sample !== undefined) entry.sample = { path, sample };
    }
  }
  const rank = { error: 0, warn: 1, info: 2 } as const;
  return [...rules.values()].sort(
    (a, b) => rank[a.rule.severity] - rank[b.rule.severity] || b.failures - a.failures,
  );
}

function recordsOf(files: readonly RunFileEntry[]): ReadonlyMap<string, number> {
  const records = new Map<string, number>();
  for (const file of files) records.set(file.source, (records.get(file.source) ?? 0) + file.records);
  return records;
}

function exampleOf(entry: Gathered): RuleLine["example"] {
  if (entry.sample === null) return null;
  const { path, sample } = entry.sample;
  const place = sample.line === null ? `record ${count(sample.record)}` : `line ${count(sample.line)}`;
  return {
    where: `${shown(path, 120)}, ${place}`,
    value: sample.value === null ? "(nothing)" : shownExample(sample.value, 120),
    raw: sample.raw === null ? "(not text)" : shownExample(sample.raw),
  };
}
