import type { Severity } from "./config-types.js";
import type { PlannedFile } from "./plan-types.js";
import type { RunFileEntry } from "./run-file-types.js";

/** Check's decision for one file: the run-file entry with what publish and the ledger need. */
export interface FileVerdict extends RunFileEntry {
  readonly contract_hash: string;
  readonly threshold: number;
  /** Job that worked on it in this run; null if none did. */
  readonly job: string | null;
  readonly why: PlannedFile["why"];
  readonly message: string | null;
  readonly twin_of: string | null;
  /** True when its rows in the quarantine table are to be replaced by this run's. */
  readonly rejudged: boolean;
}

/** `verdict.json`. */
export interface RunVerdict {
  readonly run: string;
  readonly as_of: string;
  readonly files: readonly FileVerdict[];
  /** Staged accepted Parquet a source, absolute; hold also rows of files that are not published: filter on `_file`. */
  readonly accepted: Readonly<Record<string, readonly string[]>>;
  readonly quarantined: readonly string[];
  readonly findings: readonly Finding[];
  readonly disagreements: number;
  readonly unclaimed: readonly string[];
  /** Feed → what its files looked like; publish copies it into the run file, later runs compare with it. */
  readonly profiles: Readonly<Record<string, FeedProfile>>;
}

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
