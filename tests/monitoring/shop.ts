import type { DataPaths } from "../../lib/paths.js";
import type { RunFile, RunFileEntry } from "../../lib/run-types.js";
import { entry, finding, rule, runFile, runId, saveExport, saveReport, saveRun } from "./fixtures.js";

/** A shop with a month of runs behind it and something of everything in the last one: returns that run's id. */
export function saveTroubledShop(paths: DataPaths): string {
  const held = entry("sales/2026-01-30.csv", {
    accepted: 0,
    held: 800,
    quarantined: 200,
    status: "held",
    stray_quotes: 2,
  });
  for (let day = 1; day <= 30; day += 1) {
    const files = [
      entry(`sales/2026-01-${day}.csv`, { quarantined: 6 + ((day * 7) % 11), accepted: 985 }),
      entry(`user_sessions/sessions_${day}.csv`, {
        source: "sessions",
        feed: "sessions",
        accepted: 4_000 + day * 10,
        quarantined: day % 5,
      }),
    ];
    if (day >= 28) files.push(held);
    saveRun(paths, runFile(day, files, { profiles: profiles(day) }));
  }
  const files: RunFileEntry[] = [
    held,
    entry("web_logs/access.log", {
      source: "web_logs",
      feed: "web_logs",
      accepted: 0,
      quarantined: 0,
      status: "error",
      score: null,
    }),
    entry("sales/2026-01-31.csv", { stray_quotes: 1 }),
    entry("user_sessions/sessions_31.csv", {
      source: "sessions",
      feed: "sessions",
      accepted: 4_310,
      quarantined: 4,
    }),
    entry("api_logs.zip/api_logs_1.json.gz", {
      source: "api_logs",
      feed: "api_logs",
      accepted: 60_200,
      quarantined: 310,
      bytes: 18_400_000,
    }),
    entry("products_catalog.csv", { source: "products", feed: "products", accepted: 1_200, quarantined: 3 }),
    entry("users_database.csv", {
      source: "users",
      feed: "users",
      status: "skipped",
      accepted: 0,
      quarantined: 0,
    }),
    entry("events/2026-01-31.csv.part", {
      source: "events",
      feed: "events",
      status: "waiting",
      accepted: 0,
      quarantined: 0,
    }),
  ];
  const run = runFile(31, files, {
    findings: [
      finding(),
      finding({
        kind: "freshness",
        source: "events",
        column: null,
        rule: "freshness",
        count: 1,
        message: "events: the newest record is 52 hours old, 24 allowed",
      }),
      finding({
        kind: "drift",
        source: "sessions",
        column: "referrer",
        rule: "null share",
        count: 1,
        message: "sessions.referrer: 41 % null, 12 % in earlier runs",
      }),
    ],
    unclaimed: ["notes/<script>alert(1)</script>.txt", "old backup.tar"],
    profiles: profiles(31),
  });
  saveRun(paths, {
    ...run,
    sources: Object.fromEntries(
      Object.entries(run.sources).map(([name, sums]) => [
        name,
        { ...sums, duplicates: name === "api_logs" ? 120 : 8, superseded: 5 },
      ]),
    ),
  });
  saveReport(
    paths,
    held,
    [rule({ count: 180 }), rule({ rule: "columns", code: "malformed_row", column: null, count: 20 })],
    ["80.00 % of records pass, 90 % are needed"],
  );
  for (const file of files.slice(2)) saveReport(paths, file, rulesOf(file));
  saveExports(paths);
  return runId(31);
}

function rulesOf(file: RunFileEntry) {
  if (file.quarantined === 0) return [];
  return [
    rule({
      count: file.quarantined,
      column: file.source === "sales" ? "unit_price" : "user_id",
      samples: [
        {
          record: 12,
          line: 14,
          value: "<script>alert(1)</script>",
          raw: `x,<img src=x onerror=alert(1)>,"it's" & 10.1.2.3, lan@service.vn`,
        },
      ],
    }),
    rule({
      rule: "total_spent > 10000",
      code: "rule_failed",
      column: "total_spent",
      severity: "warn",
      count: 3,
    }),
  ];
}

function profiles(day: number): RunFile["profiles"] {
  return {
    sessions: {
      source: "sessions",
      files: 1,
      records: 4_000 + day * 10,
      accepted: 4_000,
      columns: day === 31 ? ["session_id", "user_id", "campaign"] : ["session_id", "user_id", "city"],
      nulls: { referrer: day === 31 ? 1_640 : 480, user_id: 0 },
      distinct: {},
    },
  };
}

function saveExports(paths: DataPaths): void {
  const days = Array.from({ length: 60 }, (_, index) =>
    new Date(Date.UTC(2025, 11, 3 + index)).toISOString().slice(0, 10),
  );
  saveExport(
    paths,
    "sales_by_day",
    days.map((date, i) => ({
      date,
      country: "VN",
      orders: 80 + (i % 7) * 9,
      customers: 60,
      quantity: 200,
      revenue: String(9_000 + 2_500 * Math.sin(i / 3) + 40 * i),
    })),
  );
  saveExport(
    paths,
    "sales_by_month",
    ["2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01"].flatMap((month, m) =>
      Array.from({ length: 12 }, (_, p) => ({
        month,
        product_id: `p_${p}`,
        product_name: p === 3 ? "<script>Lamp</script>" : `Garden lamp ${p}`,
        product_category: "home",
        quantity: 10 * (p + 1),
        revenue: 1_000 * (p + 1) + 300 * m,
      })),
    ),
  );
  saveExport(
    paths,
    "sessions",
    days.map((date, i) => ({
      date,
      device_type: "mobile",
      nb_sessions: 400 + 10 * (i % 9),
      conversion_rate: 0.03 + 0.004 * Math.sin(i),
    })),
  );
  saveExport(
    paths,
    "api_logs",
    ["checkout", "cart", "catalog", "auth", "product", "other"].map((category, i) => ({
      date: "2026-01-30",
      category,
      method: "GET",
      country_code: "VN",
      count_requests: 9_000 - 1_000 * i,
      avg_response_time_ms: 120 + 60 * i,
      nb_errors: 90 * i,
    })),
  );
}
