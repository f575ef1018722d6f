import type { FeedConfig, Severity } from "./config-types.js";

/** What discover decided for one file. Written into `plan.json`. */
export interface PlannedFile {
  /** Relative to raw/, `/`-separated; a zip's member is `api_logs.zip/<member>`. */
  readonly path: string;
  /** Base name. */
  readonly file: string;
  readonly feed: string;
  readonly source: string;
  /** Hash of the file as it lies, of the member for a zip; hex. Empty for a waiting file that vanished. */
  readonly sha256: string;
  /** Size in bytes as it lies. */
  readonly size: number;
  /**
   * work: a job holds it · skip: the ledger has its content · held: waits as before, is not worked on ·
   * waiting: still being written · refused: unreadable before any work (`fault` says why).
   */
  readonly action: "work" | "skip" | "held" | "waiting" | "refused";
  readonly why:
    | "new"
    | "changed"
    | "released"
    | "rework"
    | "contract_changed"
    | "threshold_changed"
    | "done"
    | "twin"
    | "held"
    | "settling"
    | "refused";
  /** Absolute path to read from: under raw/, or the unpacked member in staging. null unless action is work. */
  readonly location: string | null;
  /** mtime (ms) and inode at discovery: work compares them to notice a file that is still being written. */
  readonly mtime_ms: number;
  readonly inode: number;
  readonly contract_hash: string;
  /** Gate in per cent for this file at this run; 0 when released. */
  readonly threshold: number;
  readonly job: string | null;
  /** Path of the file that already carries this content (why done or twin), else null. */
  readonly twin_of: string | null;
  readonly fault: {
    readonly code: QuarantineCode;
    readonly message: string;
    readonly raw_base64: string;
  } | null;
}

/** A chunk of work for one worker process. `jobs/<job>.json`. */
export interface JobSpec {
  readonly job: string;
  readonly run: string;
  readonly source: string;
  readonly feed: FeedConfig;
  readonly files: readonly PlannedFile[];
  /** Engine threads of the worker. */
  readonly threads: number;
  readonly memory_mb: number;
  /** Bytes as they lie, for the order of jobs. */
  readonly weight: number;
}

/** The whole plan of a run: `plan.json`. */
export interface RunPlan {
  readonly run: string;
  readonly started_at: string;
  /** YYYY-MM-DD, UTC. */
  readonly as_of: string;
  readonly engine: "duckdb" | "spark";
  readonly workers: number;
  readonly rebuild: boolean;
  readonly files: readonly PlannedFile[];
  readonly jobs: readonly {
    readonly job: string;
    readonly source: string;
    readonly files: number;
    readonly weight: number;
  }[];
  readonly unclaimed: readonly string[];
}

/** Closed set of reasons' codes. */
export type QuarantineCode =
  | "malformed_row"
  | "invalid_json"
  | "invalid_encoding"
  | "missing_required"
  | "wrong_type"
  | "out_of_range"
  | "not_allowed"
  | "pattern_mismatch"
  | "rule_failed"
  | "duplicate_key"
  | "unknown_reference"
  | "missing_column"
  | "unreadable_file";

export interface Reason {
  readonly code: QuarantineCode;
  readonly column: string | null;
  readonly rule: string;
  readonly value: string | null;
  readonly message: string;
}

/** Count of one rule in one file. */
export interface RuleCount {
  readonly rule: string;
  readonly code: QuarantineCode;
  readonly column: string | null;
  readonly severity: Severity;
  readonly count: number;
  /** Up to 5, personal columns masked. */
  readonly samples: readonly {
    readonly record: number;
    readonly line: number | null;
    readonly value: string | null;
    readonly raw: string | null;
  }[];
}

/** What a worker found in one file. lines = header_lines + blank_lines + lines of records where it has lines. */
export interface FileResult {
  readonly path: string;
  /** judged: balanced and complete · unreadable, missing_column: one record, quarantined · waiting: changed or vanished · error: our fault. */
  readonly outcome: "judged" | "unreadable" | "missing_column" | "waiting" | "error";
  readonly message: string | null;
  /** Of the unpacked text. null where the format has no lines. */
  readonly lines: number | null;
  readonly header_lines: number;
  readonly blank_lines: number;
  /** Bytes of the unpacked text. */
  readonly bytes: number;
  readonly records: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly stray_quotes: number;
  /** Header as found (foreign names), in order. */
  readonly header: readonly string[];
  readonly unknown_columns: readonly string[];
  readonly lost_columns: readonly string[];
  /** Nulls a canonical column among accepted records. */
  readonly null_counts: Readonly<Record<string, number>>;
  readonly rules: readonly RuleCount[];
  readonly oracle: {
    readonly judged: number;
    readonly disagreements: number;
    readonly examples: readonly string[];
  };
  /** Smallest and greatest event time among accepted records (ISO, UTC). */
  readonly event_time_min: string | null;
  readonly event_time_max: string | null;
}

/**
 * `work/<job>/result.json`. Beside it, in the same folder:
 * accepted Parquet: canonical columns in schema order typed at rest, then `_file` VARCHAR, `_run` VARCHAR,
 * `_rescued` VARCHAR (JSON or null), `_warnings` BIGINT (bits of warn and info rules, 0 = none), and, where the
 * contract needs it (`unique` or `references` of severity error), `_record` BIGINT.
 * quarantined Parquet: the columns of the quarantine table but `judged_at` and `replayed_by`.
 */
export interface JobResult {
  readonly job: string;
  readonly source: string;
  readonly files: readonly FileResult[];
  /** Absolute paths. */
  readonly accepted: readonly string[];
  readonly quarantined: readonly string[];
  /** Scans a file made, for the profile and the regression guard. */
  readonly profile: { readonly scans: number; readonly bytes_read: number; readonly seconds: number };
}

/** Status of a file at the end of a run. */
export type FileStatus = "published" | "held" | "skipped" | "unclaimed" | "error" | "waiting";

/** One file in the run file: quality/runs/<run>.json. */
export interface RunFileEntry {
  readonly source: string;
  readonly feed: string;
  readonly file: string;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly lines: number | null;
  readonly header_lines: number;
  readonly blank_lines: number;
  readonly records: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly held: number;
  /** Gate value in per cent, null for 0 records. */
  readonly score: number | null;
  readonly status: FileStatus;
  readonly stray_quotes: number;
}

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

/** One Parquet file of a table, as `COPY … (RETURN_STATS)` told it, in Delta's terms. */
export interface AddFile {
  /** Relative to the table's folder, not URL-encoded: `date=2026-01-02/p-<uuid>.parquet`. */
  readonly path: string;
  readonly partition_values: Readonly<Record<string, string | null>>;
  readonly size: number;
  readonly rows: number;
  /** Delta statistics, as the JSON text of `add.stats`. */
  readonly stats: string;
}

export interface TableColumn {
  readonly name: string;
  /** Delta type: string, long, integer, double, boolean, date, timestamp, decimal(p,s), or JSON for nested. */
  readonly type: string | Readonly<Record<string, unknown>>;
}

/** The new state of one table: what transform hands to publish. Files lie in staging `tables/<name>/<path>`. */
export interface TableChange {
  /** `processed/sales`, `processed/enriched/sales`, `quality/ledger` … */
  readonly table: string;
  readonly columns: readonly TableColumn[];
  readonly partition_by: readonly string[];
  /** Version that the change was computed from; -1 = the table did not exist. */
  readonly base_version: number;
  readonly adds: readonly AddFile[];
  /** Paths of live files that go. */
  readonly removes: readonly string[];
  /** False for mere compaction. */
  readonly data_change: boolean;
  readonly operation: string;
}

/** `changes.json`: all tables of a run. */
export interface ChangeSet {
  readonly run: string;
  readonly tables: readonly TableChange[];
  /** Sources → identities: for the run file. */
  readonly identities: Readonly<Record<string, { readonly duplicates: number; readonly superseded: number }>>;
}

/** One line of the ledger table quality/ledger/. Appended; the entry with the greatest (run, seq) of a path is live. */
export interface LedgerEntry {
  readonly path: string;
  readonly feed: string;
  readonly source: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly lines: number | null;
  readonly header_lines: number;
  readonly blank_lines: number;
  readonly records: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly held: number;
  readonly score: number | null;
  readonly stray_quotes: number;
  /** twin: another path carries its content; released: waits for the next run to publish it whatever its score. */
  readonly status: "published" | "held" | "twin" | "rolled_back" | "released";
  /** Path whose `_file` carries the content in processed/: its own, or that of its twin. */
  readonly carrier: string;
  readonly contract_hash: string;
  readonly threshold: number;
  readonly run: string;
  readonly seq: number;
  readonly judged_at: string;
}

export interface StageMeasure {
  readonly stage: string;
  readonly seconds: number;
  readonly cpu_seconds: number;
  readonly peak_rss_mb: number;
}

/** quality/runs/<run>.json. */
export interface RunFile {
  readonly run: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly as_of: string;
  readonly engine: string;
  readonly workers: number;
  readonly exit_code: number | null;
  readonly files: readonly RunFileEntry[];
  readonly sources: Readonly<Record<string, SourceSums>>;
  readonly tables: Readonly<
    Record<
      string,
      { readonly version: number; readonly rows: number; readonly files: number; readonly bytes: number }
    >
  >;
  readonly stages: Readonly<
    Record<string, { readonly seconds: number; readonly cpu_seconds: number; readonly peak_rss_mb: number }>
  >;
  readonly unclaimed: readonly string[];
  readonly disagreements: number;
  readonly alerts: readonly { readonly channel: string; readonly outcome: string }[];
  readonly findings: readonly Finding[];
}

export interface SourceSums {
  readonly files: number;
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly held: number;
  readonly score: number | null;
  readonly stray_quotes: number;
  readonly duplicates: number;
  readonly superseded: number;
}
