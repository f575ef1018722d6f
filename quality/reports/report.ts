import type { FileResult, FileVerdict, RuleCount } from "../../lib/run-types.js";
import { countCells, type FileCounts, type ScoreParts, scoreParts } from "../scores/score.js";

/** `quality/validation_report_*.json`: what became of one file, for people and for `quarantine`. */
export interface ValidationReport {
  readonly filename: string;
  readonly path: string;
  readonly source: string;
  readonly feed: string;
  readonly run: string;
  readonly sha256: string;
  /** Records of the file; as `records`. */
  readonly rows: number;
  /** Columns that the file has. */
  readonly columns: number;
  /** Empty cells of accepted records in the contract's columns that the file has. */
  readonly missing_values: number;
  readonly null_counts: Readonly<Record<string, number>>;
  readonly completeness: number | null;
  readonly threshold: number;
  readonly status: "passed" | "failed";
  readonly outcome: FileVerdict["status"];
  readonly validated_at: string;
  readonly errors: readonly string[];
  readonly records: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly held: number;
  readonly lines: number | null;
  readonly header_lines: number;
  readonly blank_lines: number;
  readonly stray_quotes: number;
  /** The gate value; its parts beside it. */
  readonly score: number | null;
  readonly parts: ScoreParts;
  readonly rules: readonly RuleCount[];
  readonly header: readonly string[];
  readonly unknown_columns: readonly string[];
  readonly lost_columns: readonly string[];
}

/** The report of a file that this run judged. `moved` are rules of dataset checks that moved records of it. */
export function buildReport(
  verdict: FileVerdict,
  result: FileResult | null,
  counts: FileCounts,
  moved: readonly RuleCount[],
  at: { readonly run: string; readonly validated_at: string },
): ValidationReport {
  const rules = [...(result?.rules ?? refusedRules(verdict)), ...moved];
  const parts = scoreParts(verdict, result, counts);
  return {
    filename: verdict.file,
    path: verdict.path,
    source: verdict.source,
    feed: verdict.feed,
    run: at.run,
    sha256: verdict.sha256,
    rows: verdict.records,
    columns: result?.header.length ?? 0,
    missing_values: result === null ? 0 : countCells(result).missing,
    null_counts: result?.null_counts ?? {},
    completeness: parts.completeness,
    threshold: verdict.threshold,
    status: verdict.status === "published" ? "passed" : "failed",
    outcome: verdict.status,
    validated_at: at.validated_at,
    errors: errorsOf(verdict, rules),
    records: verdict.records,
    accepted: verdict.accepted,
    quarantined: verdict.quarantined,
    held: verdict.held,
    lines: verdict.lines,
    header_lines: verdict.header_lines,
    blank_lines: verdict.blank_lines,
    stray_quotes: verdict.stray_quotes,
    score: verdict.score,
    parts,
    rules,
    header: result?.header ?? [],
    unknown_columns: result?.unknown_columns ?? [],
    lost_columns: result?.lost_columns ?? [],
  };
}

/** What failed in words: the verdict's own message first, then a line for each rule that quarantined records. */
function errorsOf(verdict: FileVerdict, rules: readonly RuleCount[]): readonly string[] {
  const failed = rules.filter((rule) => rule.severity === "error" && rule.count > 0);
  const lines = failed.map(
    ({ code, column, rule, count }) => `${code}: ${column ?? "record"} (${rule}): ${count} records`,
  );
  return verdict.message === null ? lines : [verdict.message, ...lines];
}

/** A file that discovery refused has one record, which cannot be read. */
function refusedRules(verdict: FileVerdict): readonly RuleCount[] {
  if (verdict.status !== "held") return [];
  return [
    {
      rule: "unreadable_file",
      code: "unreadable_file",
      column: null,
      severity: "error",
      count: 1,
      samples: [],
    },
  ];
}
