/** The configuration after defaults, files, environment and flags; frozen. Names as in the files. */
export interface Config {
  readonly settings: Settings;
  readonly sources: Readonly<Record<string, SourceConfig>>;
  readonly feeds: Readonly<Record<string, FeedConfig>>;
  readonly alerts: AlertsConfig;
  readonly archive: ArchiveConfig;
  readonly retention: RetentionConfig;
  /** data_schemas.json: source → JSON Schema (draft 2020-12) of one record by canonical column. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** `$defs` of data_schemas.json, for $ref within the file. */
  readonly defs: Readonly<Record<string, JsonSchema>>;
  /** business_rules.yaml: source → rules. */
  readonly rules: Readonly<Record<string, SourceRules>>;
  /** Threshold of each source in per cent, the global one already filled in. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Thresholds of completeness, uniqueness, consistency, freshness where configured: they gate only then. */
  readonly partThresholds: Readonly<Record<string, Readonly<Partial<Record<ScorePart, number>>>>>;
  /** Absolute folder that the given files came from, or null when only the defaults serve. */
  readonly configDir: string | null;
  /** Hash of everything the configuration was read from. */
  readonly fingerprint: string;
}

export type ScorePart = "completeness" | "uniqueness" | "consistency" | "freshness";
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
export type Severity = "error" | "warn" | "info";

export interface Settings {
  readonly data_workers: number | "auto";
  readonly chunk_size_rows: number;
  readonly max_files: number;
  readonly quality_threshold: number;
  /** Seconds, one worker. */
  readonly processing_timeout: number;
  readonly settle_seconds: number;
  /** Days back that joined tables follow their dimensions; 0 = all. */
  readonly joined_window_days: number;
  /** Megabytes for transform and publish; "auto" = a quarter of the machine's or cgroup's memory. */
  readonly memory_budget_mb: number | "auto";
  /** Megabytes for one worker's engine. */
  readonly worker_memory_mb: number | "auto";
  /** Largest inflated size of one zip member or gz file, in megabytes. */
  readonly max_inflated_mb: number;
  /** Largest ratio inflated : packed of one zip member or gz file. */
  readonly max_inflate_ratio: number;
  /** Share, 0–1, used where a sale has no VAT rate of its own. */
  readonly default_vat: number;
  /** Whether the stray-quote guard may judge records that span lines by their column counts (rule R3). */
  readonly guess_stray_quotes: boolean;
  /** Per cent of the mean of earlier runs beyond which a volume is reported. */
  readonly volume_tolerance_pct: number;
  /** Percentage points by which a column's null share may move before it is reported. */
  readonly drift_null_points: number;
}

export interface SourceConfig {
  /** Worker of processing/workers that reads it; `records` is the generic one. */
  readonly worker: string;
  /** Columns of the identity; [] = identified by content. A row with a null key column is identified by content. */
  readonly key: readonly string[];
  readonly event_time: string | null;
  readonly version_by: string | null;
  readonly partition: "date" | "month" | "none";
}

export type InputFormat = "csv" | "json" | "xlsx" | "text";

export interface FeedConfig {
  readonly name: string;
  readonly source: string;
  /** Globs relative to raw/. A zip is named itself (`api_logs.zip`); `members` says which of its members count. */
  readonly files: readonly string[];
  /** Globs of zip members (default `**`). */
  readonly members: readonly string[];
  /** Absent: told from the file's name and content. */
  readonly format: InputFormat | null;
  readonly options: FeedOptions;
  /** Foreign column name → canonical column name (normalised from both spellings of the file). */
  readonly columns: Readonly<Record<string, string>>;
  /** Canonical column → text that every record of the feed gets where it has none of its own. */
  readonly constants: Readonly<Record<string, string>>;
}

/** Dialect of a feed, defaults filled in. */
export interface FeedOptions {
  /** null = found by the preflight. */
  readonly delimiter: string | null;
  readonly quote: string;
  /** utf-8, utf-16le, utf-16be, latin-1 …; null = by BOM, else UTF-8. */
  readonly encoding: string | null;
  readonly header: boolean;
  /** Column names where `header` is false, in the order of the fields. */
  readonly names: readonly string[];
  /** XLSX sheets by name or 1-based number; null = the first; "*" = all. */
  readonly sheet: string | number | readonly (string | number)[] | null;
  /** XLSX: 1-based header row; null = found below title rows. */
  readonly header_row: number | null;
  /** text: `combined`, `app`, or a regular expression with named groups; several are tried in order. */
  readonly pattern: readonly string[];
  readonly null_values: readonly string[];
  /** IANA zone of times without one. */
  readonly timezone: string;
  /** strptime-style formats (`%d/%m/%Y %H:%M`) tried in order after ISO 8601. */
  readonly date_formats: readonly string[];
  readonly decimal: string;
  readonly thousands: string | null;
}

export interface RuleOptions {
  readonly severity?: Severity;
  readonly message?: string;
}
/** Rules of one column. A rule is its bare value or `{ value, severity, message }`. */
export interface ColumnRules {
  readonly allowed_range?: RuleValue<readonly [number, number]>;
  readonly min_value?: RuleValue<number>;
  readonly max_value?: RuleValue<number>;
  readonly allowed_values?: RuleValue<readonly (string | number | boolean)[]>;
  readonly not_allowed_values?: RuleValue<readonly (string | number | boolean)[]>;
  readonly unique?: RuleValue<boolean>;
  /** `products.product_id`. */
  readonly references?: RuleValue<string>;
}
export type RuleValue<T> = T | ({ readonly value: T } & RuleOptions);
export interface RowRule extends RuleOptions {
  readonly name: string;
  readonly expression: string;
}
export interface SourceRules {
  readonly columns: Readonly<Record<string, ColumnRules>>;
  readonly rows: readonly RowRule[];
  /** Dataset rules of the source: `freshness: 24h`, `volume: { tolerance_pct }`, `unique: [a, b]`. */
  readonly freshness: ({ readonly hours: number } & RuleOptions) | null;
  readonly volume: ({ readonly tolerance_pct: number } & RuleOptions) | null;
  readonly unique: readonly ({ readonly columns: readonly string[] } & RuleOptions)[];
}

export interface AlertsConfig {
  readonly channels: readonly AlertChannel[];
  /** Seconds that all deliveries together may take. */
  readonly timeout_seconds: number;
  readonly retries: number;
}
export interface AlertChannel {
  readonly name: string;
  readonly type: "email" | "slack" | "webhook";
  readonly to?: readonly string[];
  readonly from?: string;
  /** Name of the environment variable that holds the URL (secrets never stand in files). */
  readonly url_env?: string;
  /** Name of the environment variable that holds the signing key. */
  readonly secret_env?: string;
  readonly sources?: readonly string[];
  readonly min_severity?: Severity;
}
export interface ArchiveConfig {
  readonly enabled: boolean;
  readonly clean_raw: boolean;
}
export interface RetentionConfig {
  /** Days that a Delta table's old files stay readable. */
  readonly table_days: number;
  readonly archive_count: number;
  readonly archive_days: number;
  readonly quarantine_days: number;
  readonly log_count: number;
  readonly run_count: number;
}
