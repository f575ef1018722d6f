import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDuckDb } from "../../../engines/duckdb.js";
import type { Engine } from "../../../engines/engine.js";
import { literal } from "../../../engines/quote.js";
import { loadConfig } from "../../../lib/config.js";
import type { Config, SourceRules } from "../../../lib/config-types.js";
import { writeJson } from "../../../lib/json-file.js";
import { type DataPaths, dataPaths, type StagingPaths, stagingPaths } from "../../../lib/paths.js";
import type { FileResult, JobResult, LedgerEntry, PlannedFile, RunPlan } from "../../../lib/run-types.js";
import { type CheckInput, checkRun } from "../../../quality/checks/check-run.js";
import type { PublishedTables } from "../../../quality/checks/staged-rows.js";

export const RUN = "20260105T020000Z-ab12";

/** A data folder for one test, with an engine; `end` closes and removes it. */
export interface Shop {
  readonly root: string;
  readonly paths: DataPaths;
  readonly staging: StagingPaths;
  readonly engine: Engine;
  end(): void;
}

export async function openShop(run = RUN): Promise<Shop> {
  const root = mkdtempSync(join(tmpdir(), "gristmill-check-"));
  const paths = dataPaths(root);
  const staging = stagingPaths(paths, run);
  mkdirSync(staging.work, { recursive: true });
  const engine = await openDuckDb({ threads: 1, memoryMb: 200, tempDir: staging.temp });
  const end = (): void => {
    engine.close();
    rmSync(root, { recursive: true, force: true });
  };
  return { root, paths, staging, engine, end };
}

const rules = (columns: SourceRules["columns"] = {}): SourceRules => ({
  columns,
  rows: [],
  freshness: null,
  volume: null,
  unique: [],
});

/** The default configuration with only these rules of sales. */
export function configWith(
  sales: Partial<SourceRules> = {},
  partThresholds: Config["partThresholds"] = {},
): Config {
  const config = loadConfig({ configDir: null, environment: {} });
  const source = { worker: "sales", key: ["order_id"], event_time: "sold_at", version_by: null } as const;
  return {
    ...config,
    sources: { ...config.sources, sales: { ...source, partition: "date" } },
    rules: { sales: { ...rules(), ...sales } },
    partThresholds,
  };
}

export function result(path: string, over: Partial<FileResult> = {}): FileResult {
  return {
    path,
    outcome: "judged",
    message: null,
    lines: 11,
    header_lines: 1,
    blank_lines: 0,
    bytes: 100,
    records: 10,
    accepted: 10,
    quarantined: 0,
    stray_quotes: 0,
    header: ["order_id", "user_id"],
    unknown_columns: [],
    lost_columns: [],
    null_counts: { order_id: 0, user_id: 0 },
    rules: [],
    oracle: { judged: 0, disagreements: 0, examples: [] },
    event_time_min: null,
    event_time_max: null,
    ...over,
  };
}

/** Hand over a job's result with its staged rows: accepted `(path, record, order_id, user_id)`, quarantined paths. */
export async function stageJob(
  shop: Shop,
  job: string,
  files: readonly FileResult[],
  accepted: readonly (readonly [string, number, string, string | null])[],
  quarantined: readonly string[] = [],
  source = "sales",
): Promise<void> {
  const folder = join(shop.staging.work, job);
  mkdirSync(folder, { recursive: true });
  const staged: { accepted: string[]; quarantined: string[] } = { accepted: [], quarantined: [] };
  if (accepted.length > 0) {
    const to = join(folder, "accepted.parquet");
    const rows = accepted.map(
      ([path, record, order, user]) =>
        `(${literal(path)}, ${record}, ${literal(order)}, ${user === null ? "null" : literal(user)})`,
    );
    await shop.engine.copy(
      `select order_id, cast(user_id as varchar) as user_id, _file, 'r' as _run, cast(null as varchar) as _rescued,
         0::bigint as _warnings, _record::bigint as _record
       from (values ${rows.join(", ")}) as t(_file, _record, order_id, user_id)`,
      { to },
    );
    staged.accepted.push(to);
  }
  if (quarantined.length > 0) {
    const to = join(folder, "quarantined.parquet");
    const rows = quarantined.map((path, at) => `(${literal(path)}, ${at + 1})`);
    await shop.engine.copy(
      `select path || record as id, 'r' as run, 'sales' as source, 'sales' as feed, path as file, path, 's' as sha256,
         record::bigint as record, 1::bigint as line,
         [{'code': 'wrong_type', 'column': 'quantity', 'rule': 'type', 'value': 'x', 'message': 'm'}] as reasons,
         'error' as severity, 'raw ' || record as raw, cast(null as blob) as raw_bytes
       from (values ${rows.join(", ")}) as t(path, record)`,
      { to },
    );
    staged.quarantined.push(to);
  }
  const handed: JobResult = {
    job,
    source,
    files,
    ...staged,
    profile: { scans: 1, bytes_read: 0, seconds: 0 },
  };
  writeJson(join(folder, "result.json"), handed);
}

export function planOf(files: readonly PlannedFile[], over: Partial<RunPlan> = {}): RunPlan {
  const jobs = [...new Set(files.map((file) => file.job).filter((job) => job !== null))];
  return {
    run: RUN,
    started_at: "2026-01-05T02:00:00.000Z",
    as_of: "2026-01-05",
    engine: "duckdb",
    workers: 1,
    rebuild: false,
    files,
    jobs: jobs.map((job) => ({ job, source: "sales", files: 1, weight: 1 })),
    unclaimed: [],
    ...over,
  };
}

export const noTables: PublishedTables = { relation: () => null, latest: () => null };

export function ledgerEntry(path: string, over: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    path,
    feed: "sales",
    source: "sales",
    sha256: `sha-${path}`,
    bytes: 100,
    lines: 11,
    header_lines: 1,
    blank_lines: 0,
    records: 10,
    accepted: 0,
    quarantined: 4,
    held: 6,
    score: 60,
    stray_quotes: 0,
    status: "held",
    carrier: path,
    contract_hash: "c1",
    threshold: 90,
    run: "20260104T020000Z-aa11",
    seq: 1,
    judged_at: "2026-01-04T02:00:00Z",
    ...over,
  };
}

/** Run the checks of a plan whose workers have handed over. */
export function check(
  shop: Shop,
  plan: RunPlan,
  over: Partial<CheckInput> = {},
): ReturnType<typeof checkRun> {
  return checkRun({
    paths: shop.paths,
    staging: shop.staging,
    config: configWith(),
    plan,
    live: new Map(),
    tables: noTables,
    engine: () => Promise.resolve(shop.engine),
    extract: (_, records) =>
      Promise.resolve(
        records.map((record) => ({ record, line: record + 1, raw: Buffer.from(`raw ${record}`) })),
      ),
    now: "2026-01-05T02:00:09.000Z",
    ...over,
  });
}
