import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "../../lib/config.js";
import { variableWarnings } from "../../lib/config-variables.js";
import { GristmillError } from "../../lib/errors.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gristmill-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const give = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const load = (environment: Record<string, string> = {}): ReturnType<typeof loadConfig> =>
  loadConfig({ configDir: folder, environment });

function refusal(environment: Record<string, string> = {}): string {
  try {
    load(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(GristmillError);
    expect((error as GristmillError).exitCode).toBe(78);
    return (error as Error).message;
  }
  throw new Error("the configuration was taken");
}

describe("the defaults", () => {
  // the sources and thresholds of the job, as its description has them
  test("name the seven sources, their keys and their thresholds", () => {
    const config = loadConfig({ configDir: null, environment: {} });
    expect(Object.keys(config.sources)).toEqual([
      "api_logs",
      "sessions",
      "products",
      "users",
      "sales",
      "web_logs",
      "events",
    ]);
    expect(config.sources["users"]).toMatchObject({
      key: ["user_id"],
      version_by: "last_login",
      partition: "none",
    });
    expect(config.sources["api_logs"]).toMatchObject({ key: ["request_id"], version_by: "timestamp" });
    expect(config.thresholds).toMatchObject({
      api_logs: 97,
      sessions: 95,
      products: 96,
      users: 95,
      sales: 90,
    });
    expect(config.settings).toMatchObject({
      max_files: 5000,
      chunk_size_rows: 100_000,
      processing_timeout: 3600,
    });
  });

  test("are frozen all the way down", () => {
    const config = loadConfig({ configDir: null, environment: {} });
    expect(Object.isFrozen(config.feeds["sales"]?.options)).toBe(true);
  });

  test("pass the check that given files must pass", () => {
    // an override makes the loader check the default pipeline file too
    expect(() => loadConfig({ configDir: null, environment: { GRISTMILL_MAX_FILES: "7" } })).not.toThrow();
  });
});

describe("a given file", () => {
  test("replaces the default one whole, defaults serve for the rest", () => {
    give("pipeline_config.yaml", "max_files: 3\nfeeds:\n  till: { source: sales, files: till/*.csv }\n");
    const config = load();
    expect(Object.keys(config.feeds)).toEqual(["till"]);
    expect(Object.keys(config.sources)).toEqual(["sales"]);
    expect(config.settings.max_files).toBe(3);
    expect(config.settings.chunk_size_rows).toBe(100_000);
    expect(config.thresholds["sales"]).toBe(90);
    expect(config.feeds["till"]?.files).toEqual(["till/*.csv"]);
  });

  test("with an unknown key is refused with file, key path and the nearest known key", () => {
    give("pipeline_config.yaml", "max_file: 3\nfeeds:\n  till: { source: sales, fils: [a] , files: [b] }\n");
    const message = refusal();
    expect(message).toContain("pipeline_config.yaml: max_file: unknown key; did you mean max_files?");
    expect(message).toContain("pipeline_config.yaml: feeds.till.fils: unknown key; did you mean files?");
  });

  test("with a wrong type is refused with the value", () => {
    give("pipeline_config.yaml", "max_files: many\nfeeds: {}\n");
    expect(refusal()).toBe('pipeline_config.yaml: max_files: is "many", must be integer');
  });

  test("that is no YAML is refused", () => {
    give("business_rules.yaml", "sales: [\n");
    expect(refusal()).toContain("business_rules.yaml cannot be parsed");
  });

  test("with a name that is almost ours is not passed over", () => {
    give("business_rule.yaml", "{}");
    expect(refusal()).toContain("call it business_rules.yaml");
  });

  test("of thresholds knows parts of the score, and falls back to the global one", () => {
    give(
      "quality_thresholds.yaml",
      "global_threshold: 80\nthresholds:\n  sales: 50\n  users: { gate: 70, completeness: 99 }\n",
    );
    const config = load();
    expect(config.thresholds).toMatchObject({ sales: 50, users: 70, events: 80 });
    expect(config.partThresholds).toEqual({ users: { completeness: 99 } });
  });

  test("of thresholds without any leaves quality_threshold", () => {
    give("quality_thresholds.yaml", "thresholds: { users: 70 }\n");
    expect(load({ GRISTMILL_QUALITY_THRESHOLD: "33" }).thresholds).toMatchObject({ users: 70, sales: 33 });
  });

  test("of rules takes every short form", () => {
    give(
      "business_rules.yaml",
      [
        "sales:",
        "  quantity: { min_value: { value: 1, severity: warn } }",
        "  unique: [order_id, product_id]",
        "  freshness: 90m",
        "  volume: { tolerance_pct: 10, severity: error }",
        "events: { freshness: 2d, unique: [{ columns: [user_id] }, session_id] }",
      ].join("\n"),
    );
    const { rules } = load();
    expect(rules["sales"]).toEqual({
      columns: { quantity: { min_value: { value: 1, severity: "warn" } } },
      rows: [],
      unique: [{ columns: ["order_id", "product_id"] }],
      freshness: { hours: 1.5 },
      volume: { tolerance_pct: 10, severity: "error" },
    });
    expect(rules["events"]).toMatchObject({
      freshness: { hours: 48 },
      unique: [{ columns: ["user_id"] }, { columns: ["session_id"] }],
    });
  });
});

describe("columns of a feed", () => {
  const feed = (columns: string): string =>
    `feeds:\n  till: { source: sales, files: [x.csv], columns: ${columns} }\n`;

  test("are foreign: canonical or canonical: [foreign, …]", () => {
    give("pipeline_config.yaml", feed("{ InvoiceNo: order_id, product_id: [StockCode, Stock] }"));
    expect(load().feeds["till"]?.columns).toEqual({
      InvoiceNo: "order_id",
      StockCode: "product_id",
      Stock: "product_id",
    });
  });

  test("must exist, and one name cannot mean two", () => {
    give("pipeline_config.yaml", feed("{ InvoiceNo: order_ids }"));
    expect(refusal()).toBe(
      'pipeline_config.yaml: feeds.till.columns.InvoiceNo: there is no column "order_ids"; did you mean order_id?',
    );
    give("pipeline_config.yaml", feed("{ A: order_id, product_id: [A] }"));
    expect(refusal()).toContain("A is mapped to both order_id and product_id");
  });
});

describe("what one file says about another", () => {
  test.each([
    ["feeds:\n  a: { source: sale, files: [x] }", 'feeds.a.source: there is no source "sale"'],
    ["sources: { sales: { key: [nr] } }\nfeeds: {}", 'sources.sales.key: there is no column "nr"'],
    ["sources: { shops: {} }\nfeeds: {}", "sources.shops: has no schema in data_schemas.json"],
    [
      "sources: { sales: { partition: date } }\nfeeds: {}",
      "sources.sales.partition: date needs an event_time",
    ],
    [
      "feeds:\n  a: { source: sales, files: [x], options: { timezone: Mars/Olympus } }",
      "is no IANA time zone",
    ],
    [
      "feeds:\n  a: { source: sales, files: [x], options: { encoding: latin-2 } }",
      "feeds.a.options.encoding: latin-2 is not known; name one such as utf-8",
    ],
    [
      "feeds:\n  a: { source: sales, files: [x], options: { delimiter: x } }",
      'feeds.a.options.delimiter: "x" is a letter or a digit',
    ],
    [
      "feeds:\n  a: { source: sales, files: [x], options: { header: false } }",
      "feeds.a.options.names: is missing",
    ],
  ])("%s", (text, message) => {
    give("pipeline_config.yaml", text);
    expect(refusal()).toContain(message);
  });

  test("a given rule for an unknown column or a reference to nowhere is refused", () => {
    give("business_rules.yaml", "sales: { quantty: { min_value: 1 }, user_id: { references: users.id } }");
    expect(refusal()).toContain(
      'business_rules.yaml: sales.quantty: there is no column "quantty"; did you mean quantity?',
    );
    expect(refusal()).toContain('sales.user_id.references: there is no column "id"');
  });
});

test.each(["latin-1", "latin1", "windows-1252", "shift_jis"])("the encoding %s is taken", (encoding) => {
  give(
    "pipeline_config.yaml",
    `feeds:\n  a: { source: sales, files: [x], options: { encoding: ${encoding} } }`,
  );
  expect(load().feeds["a"]?.options.encoding).toBe(encoding);
});

describe("the environment", () => {
  test("overrides settings, nested by two underscores, as YAML values", () => {
    const config = load({
      GRISTMILL_MAX_FILES: "12",
      GRISTMILL_ARCHIVE__ENABLED: "false",
      GRISTMILL_FEEDS__SALES__FILES: "[a.csv, b.csv]",
    });
    expect(config.settings.max_files).toBe(12);
    expect(config.archive).toEqual({ enabled: false, clean_raw: false });
    expect(config.feeds["sales"]?.files).toEqual(["a.csv", "b.csv"]);
  });

  test("is refused by the variable's name", () => {
    expect(load({ GRISTMILL_MAX_FILS: "1" }).settings.max_files).toBe(load().settings.max_files);
    expect(
      variableWarnings({
        configDir: folder,
        environment: { GRISTMILL_MAX_FILS: "1", GRISTMILL_ARCHIVE__ENABELD: "x", GRISTMILL_RUN: "r" },
      }),
    ).toEqual([
      "GRISTMILL_ARCHIVE__ENABELD is not a setting and has no effect; did you mean GRISTMILL_ARCHIVE__ENABLED?",
      "GRISTMILL_MAX_FILS is not a setting and has no effect; did you mean GRISTMILL_MAX_FILES?",
    ]);
    expect(variableWarnings({ configDir: folder, environment: { GRISTMILL_HOME: "/opt" } })).toEqual([
      expect.stringMatching(/^GRISTMILL_HOME is not a setting and has no effect; did you mean GRISTMILL_/),
    ]);
    expect(
      variableWarnings({ configDir: null, environment: { GRISTMILL_FEEDS__SALES__FILES: "[a]" } }),
    ).toEqual([]);
    expect(refusal({ GRISTMILL_MAX_FILES: "0" })).toContain("GRISTMILL_MAX_FILES: max_files: is 0");
  });

  test("leaves alone what steers the program and what an alert names as a secret", () => {
    give(
      "pipeline_config.yaml",
      "feeds: {}\nalerts: { channels: [{ name: a, type: webhook, url_env: GRISTMILL_MY_HOOK }] }\n",
    );
    expect(() =>
      load({ GRISTMILL_RUN: "r", GRISTMILL_DEBUG: "1", GRISTMILL_MY_HOOK: "https://x" }),
    ).not.toThrow();
  });
});

test("a configuration that discover has checked is not checked again, one that changed is", () => {
  give("pipeline_config.yaml", "max_files: 3\nfeeds: {}\n");
  const { fingerprint } = load();
  give("pipeline_config.yaml", "max_filez: 3\nfeeds: {}\n");
  expect(refusal({ GRISTMILL_CHECKED_CONFIG: fingerprint })).toContain("max_filez");
});
