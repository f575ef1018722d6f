import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Engine } from "../../../engines/engine.js";
import { literal, literalList } from "../../../engines/quote.js";
import { readLedger } from "../../../lake/ledger.js";
import { publishRun } from "../../../lake/publish-run.js";
import { recover } from "../../../lake/recover.js";
import { relation } from "../../../lake/relation.js";
import { openTable } from "../../../lake/snapshot.js";
import { columnsOf, writeTableFiles } from "../../../lake/write-files.js";
import type { FileEffects } from "../../../lib/effects.js";
import { type DataPaths, stagingPaths } from "../../../lib/paths.js";
import type { FileVerdict, RunPlan, RunVerdict, TableChange } from "../../../lib/run-types.js";

/** Path → its content: rows `(id, day)`; a negative id is a bad row. */
export type Inputs = Readonly<Record<string, readonly (readonly [number, string])[]>>;

export interface MiniRun {
  readonly run: string;
  readonly inputs: Inputs;
  readonly retentionDays?: number;
}

/**
 * A pipeline in small, on the real lake: it recovers, takes what the ledger does not have, stages a partitioned
 * table of rows, a table derived from it and the quarantine, and publishes.
 */
export async function miniRun(
  paths: DataPaths,
  engine: Engine,
  effects: FileEffects,
  request: MiniRun,
): Promise<void> {
  const { run, inputs } = request;
  await recover(paths, run, effects);
  const ledger = await readLedger(paths);
  const work = Object.keys(inputs).filter(
    (path) => ledger.carried.get(path)?.sha256 !== hashOf(inputs[path]),
  );
  const files = work.map((path) => verdictOf(path, inputs));
  const staging = stagingPaths(paths, run);
  const rows = work.flatMap((path) => (inputs[path] ?? []).map(([id, day]) => ({ id, day, path })));
  const tables: TableChange[] = [];
  const stage = async (
    table: string,
    select: string,
    partitionBy: readonly string[],
    paths_: readonly string[],
  ) => {
    const base = await openTable(paths, table);
    const removes = base.files.filter((file) => mayHold(file.stats(), paths_));
    const kept =
      removes.length === 0
        ? ""
        : ` union all by name select * from ${relation(base, { files: removes })} where path not in ${literalList(paths_)}`;
    const columns = await columnsOf(engine, select);
    const adds = await writeTableFiles(engine, `${select}${kept}`, {
      folder: join(staging.tables, table),
      columns,
      partitionBy,
      effects,
    });
    const change = {
      table,
      columns,
      partition_by: partitionBy,
      base_version: base.version,
      adds,
      removes: removes.map((file) => file.path),
      data_change: true,
      operation: "PUBLISH",
    };
    tables.push(change);
    return change;
  };
  if (work.length > 0) {
    await stage("processed/sales", rowsSelect(rows.filter((row) => row.id >= 0)), ["date"], work);
    await stage("quality/quarantine", rowsSelect(rows.filter((row) => row.id < 0)), [], work);
  }
  await publishRun(paths, {
    plan: planOf(run),
    verdict: { ...emptyVerdict, run, files },
    changes: { run, tables, identities: {} },
    moved: new Map(),
    now: Date.now(),
    retentionDays: request.retentionDays ?? 30,
    engine: async () => engine,
    effects,
  });
}

function mayHold(
  stats: {
    minValues?: Readonly<Record<string, unknown>>;
    maxValues?: Readonly<Record<string, unknown>>;
  } | null,
  paths: readonly string[],
): boolean {
  const low = String(stats?.minValues?.["path"]);
  const high = String(stats?.maxValues?.["path"]);
  return paths.some((path) => path >= low && path <= high);
}

function rowsSelect(rows: readonly { id: number; day: string; path: string }[]): string {
  const values = rows.map((row) => `(${row.id}, date ${literal(row.day)}, ${literal(row.path)})`);
  const from =
    values.length === 0
      ? "(select 0 as id, date '2026-01-01' as date, '' as path where false)"
      : `(values ${values.join(", ")}) t(id, date, path)`;
  return `select cast(id as bigint) as id, date, path from ${from}`;
}

export function hashOf(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

function verdictOf(path: string, inputs: Inputs): FileVerdict {
  const content = inputs[path] ?? [];
  const quarantined = content.filter(([id]) => id < 0).length;
  return {
    source: "sales",
    feed: "sales",
    file: path,
    path,
    sha256: hashOf(content),
    bytes: 10,
    lines: content.length,
    header_lines: 0,
    blank_lines: 0,
    records: content.length,
    accepted: content.length - quarantined,
    quarantined,
    held: 0,
    score: 100,
    status: "published",
    stray_quotes: 0,
    contract_hash: "c",
    threshold: 90,
    job: "j",
    why: "new",
    message: null,
    twin_of: null,
    rejudged: true,
  };
}

export const emptyVerdict: Omit<RunVerdict, "run" | "files"> = {
  as_of: "2026-01-01",
  accepted: {},
  quarantined: [],
  findings: [],
  disagreements: 0,
  unclaimed: [],
  profiles: {},
};

export function planOf(run: string): RunPlan {
  return {
    run,
    started_at: "2026-01-01T00:00:00.000Z",
    as_of: "2026-01-01",
    engine: "duckdb",
    workers: 1,
    rebuild: false,
    files: [],
    jobs: [],
    unclaimed: [],
  };
}
