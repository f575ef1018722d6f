import type { Severity } from "../config-types.js";

/** What the files of one feed that a run worked on looked like: volume and drift compare runs by it. */
export interface FeedProfile {
  readonly source: string;
  readonly files: number;
  readonly records: number;
  readonly accepted: number;
  /** Columns found in at least one file: canonical names, and the own names of unknown ones. */
  readonly columns: readonly string[];
  /** Nulls a canonical column among accepted records. */
  readonly nulls: Readonly<Record<string, number>>;
  /** Distinct values a canonical column, in a bounded sample of accepted records. */
  readonly distinct: Readonly<Record<string, number>>;
}

/** What a dataset check found: shown in report, dashboard and alert. */
export interface Finding {
  readonly kind: "reference" | "unique" | "freshness" | "volume" | "drift" | "warning";
  readonly source: string;
  readonly path: string | null;
  readonly column: string | null;
  readonly rule: string;
  readonly severity: Severity;
  readonly count: number;
  readonly message: string;
}
