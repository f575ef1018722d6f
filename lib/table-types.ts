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
  /** It holds personal values in clear: its least and greatest value stay out of the log. */
  readonly personal?: true;
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
