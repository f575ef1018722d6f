import type { RuleCount } from "./reason-types.js";

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
