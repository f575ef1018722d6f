import type { FeedConfig, FeedOptions, SourceConfig } from "./config-types.js";
import { GristmillError } from "./errors.js";

/** A source as the file has it, checked against its schema. */
export interface RawSource {
  readonly worker?: string;
  readonly key?: readonly string[];
  readonly event_time?: string | null;
  readonly version_by?: string | null;
  readonly partition?: SourceConfig["partition"];
}

type OneOrMore = string | readonly string[];

/** A feed as the file has it, checked against its schema. */
export interface RawFeed {
  readonly source: string;
  readonly files: OneOrMore;
  readonly members?: OneOrMore;
  readonly format?: FeedConfig["format"];
  readonly options?: Partial<Omit<FeedOptions, "pattern">> & { readonly pattern?: OneOrMore };
  readonly columns?: Readonly<Record<string, OneOrMore>>;
  readonly constants?: Readonly<Record<string, string | number | boolean>>;
}

const workers: ReadonlySet<string> = new Set([
  "api_logs",
  "sessions",
  "products",
  "users",
  "sales",
  "web_logs",
  "events",
]);

const defaultOptions: FeedOptions = {
  delimiter: null,
  quote: '"',
  encoding: null,
  header: true,
  names: [],
  sheet: null,
  header_row: null,
  pattern: ["combined", "app"],
  null_values: [],
  timezone: "UTC",
  date_formats: [],
  decimal: ".",
  thousands: null,
};

export function sourceConfig(name: string, raw: RawSource): SourceConfig {
  const eventTime = raw.event_time ?? null;
  return {
    worker: raw.worker ?? (workers.has(name) ? name : "records"),
    key: raw.key ?? [],
    event_time: eventTime,
    version_by: raw.version_by ?? eventTime,
    partition: raw.partition ?? (eventTime === null ? "none" : "date"),
  };
}

export function feedConfig(name: string, raw: RawFeed): FeedConfig {
  const { pattern, ...options } = raw.options ?? {};
  return {
    name,
    source: raw.source,
    files: list(raw.files),
    members: list(raw.members ?? "**"),
    format: raw.format ?? null,
    options: {
      ...defaultOptions,
      ...options,
      pattern: pattern === undefined ? defaultOptions.pattern : list(pattern),
    },
    columns: foreignToCanonical(name, raw.columns ?? {}),
    constants: Object.fromEntries(
      Object.entries(raw.constants ?? {}).map(([column, value]) => [column, String(value)]),
    ),
  };
}

/** Both spellings of `columns` (foreign: canonical, canonical: [foreign, …]) as foreign → canonical. */
function foreignToCanonical(
  feed: string,
  columns: Readonly<Record<string, OneOrMore>>,
): Readonly<Record<string, string>> {
  const mapping: Record<string, string> = {};
  const add = (foreign: string, canonical: string): void => {
    if (mapping[foreign] !== undefined && mapping[foreign] !== canonical) {
      throw new GristmillError(
        "bad_configuration",
        `pipeline_config.yaml: feeds.${feed}.columns: ${foreign} is mapped to both ${mapping[foreign]} and ${canonical}`,
      );
    }
    mapping[foreign] = canonical;
  };
  for (const [key, value] of Object.entries(columns)) {
    if (typeof value === "string") add(key, value);
    else for (const foreign of value) add(foreign, key);
  }
  return mapping;
}

function list(value: OneOrMore): readonly string[] {
  return typeof value === "string" ? [value] : value;
}
