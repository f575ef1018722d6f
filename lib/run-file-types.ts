import type { FeedProfile, Finding } from "./handover/findings.js";

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
  /** Feed → profile of its files in this run, as check found it. */
  readonly profiles: Readonly<Record<string, FeedProfile>>;
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

export interface StageMeasure {
  readonly stage: string;
  /** When the process started, milliseconds since 1970. */
  readonly started_ms: number;
  readonly seconds: number;
  readonly cpu_seconds: number;
  readonly peak_rss_mb: number;
}
