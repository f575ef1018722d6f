import type { RawFeed, RawSource } from "./config-feeds.js";
import type { AlertsConfig, ArchiveConfig, Config, RetentionConfig, Settings } from "./config-types.js";

/** pipeline_config.yaml, checked against its schema: settings stand at the top. */
export interface RawPipeline extends Partial<Settings> {
  readonly sources?: Readonly<Record<string, RawSource>>;
  readonly feeds?: Readonly<Record<string, RawFeed>>;
  readonly alerts?: Partial<AlertsConfig>;
  readonly archive?: Partial<ArchiveConfig>;
  readonly retention?: Partial<RetentionConfig>;
}

const defaultSettings: Settings = {
  data_workers: "auto",
  chunk_size_rows: 100_000,
  max_files: 5_000,
  quality_threshold: 90,
  processing_timeout: 3_600,
  settle_seconds: 0,
  joined_window_days: 0,
  memory_budget_mb: "auto",
  worker_memory_mb: "auto",
  max_inflated_mb: 4_096,
  max_inflate_ratio: 200,
  default_vat: 0.1,
  guess_stray_quotes: true,
  volume_tolerance_pct: 50,
  drift_null_points: 20,
};

const defaultAlerts: AlertsConfig = { channels: [], timeout_seconds: 30, retries: 2 };
const defaultArchive: ArchiveConfig = { enabled: true, clean_raw: false };
const defaultRetention: RetentionConfig = {
  table_days: 30,
  archive_count: 30,
  archive_days: 0,
  quarantine_days: 0,
  log_count: 60,
  run_count: 400,
};

/** The settings and the three small sections, with defaults where the file says nothing. */
export function settingsOf(raw: RawPipeline): Pick<Config, "settings" | "alerts" | "archive" | "retention"> {
  const { sources, feeds, alerts, archive, retention, ...settings } = raw;
  return {
    settings: { ...defaultSettings, ...settings },
    alerts: { ...defaultAlerts, ...alerts },
    archive: { ...defaultArchive, ...archive },
    retention: { ...defaultRetention, ...retention },
  };
}
