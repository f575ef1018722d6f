import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";
import { ident, literal } from "../../engines/quote.js";
import { putCommit, tableCommit } from "../../lake/commit.js";
import { relation } from "../../lake/relation.js";
import { openTable } from "../../lake/snapshot.js";
import { loadConfig } from "../../lib/config.js";
import type { LedgerEntry } from "../../lib/ledger-types.js";
import { dataPaths, stagingPaths } from "../../lib/paths.js";
import type { ChangeSet } from "../../lib/table-types.js";
import type { FileVerdict, RunVerdict } from "../../lib/verdict-types.js";
import { sourceSpecs } from "../../runs/transform/source-specs.js";
import { replacedPaths } from "../../transformations/bronze/replaced-paths.js";
import { limitsOf } from "../../transformations/planner/limits.js";
import type { SourceSpec } from "../../transformations/sources/source-spec.js";
import { type TransformInput, transform } from "../../transformations/transform.js";

export type Row = Readonly<Record<string, string | number | boolean | null>>;
/** One input file of a run: its rows, or the path whose content it repeats. */
export interface InputFile {
  readonly source: string;
  readonly path: string;
  readonly rows: readonly Row[];
}
export type RunOptions = Partial<
  Pick<TransformInput, "configDir" | "hashKey" | "windowDays" | "limits" | "rebuild" | "sources">
> & { readonly asOf?: string };

export const defaultSources: readonly SourceSpec[] = sourceSpecs(
  loadConfig({ configDir: null, environment: {} }),
);

/** A data folder that runs transform on staged rows and commits what it says, with a ledger in memory. */
export interface SmallLake {
  readonly folder: string;
  readonly engine: DuckDbEngine;
  run(files: readonly InputFile[], options?: RunOptions): Promise<Pick<ChangeSet, "tables" | "identities">>;
  /** Rows of a table, as text, sorted. */
  rows(table: string, columns?: string): Promise<readonly Record<string, unknown>[]>;
  versions(): Promise<Record<string, number>>;
  /** Table → order-free hash of its content, without `_run`. */
  hashes(): Promise<Record<string, string>>;
  close(): void;
}

const layers = ["enriched", "joined", "aggregated"];

export async function smallLake(): Promise<SmallLake> {
  const folder = mkdtempSync(join(tmpdir(), "gristmill-transform-"));
  const paths = dataPaths(folder);
  const open = () => openDuckDb({ threads: 1, memoryMb: 500, tempDir: join(folder, "temp") });
  let engine = await open();
  const ledger: LedgerEntry[] = [];
  let runs = 0;

  const stage = async (run: string, file: InputFile, at: number, spec: SourceSpec): Promise<string> => {
    const target = join(stagingPaths(paths, run).work, `${at}`, "accepted.parquet");
    mkdirSync(dirname(target), { recursive: true });
    const columns = spec.columns.map(({ name, sqlType }) => ({ name, sqlType }));
    const value = (row: Row, name: string, type: string): string => {
      const given = row[name] ?? null;
      return given === null ? `cast(null as ${type})` : `cast(${literal(String(given))} as ${type})`;
    };
    const tail = `${literal(file.path)} as _file, ${literal(run)} as _run, cast(null as varchar) as _rescued, 0::bigint as _warnings`;
    const selects = file.rows.map(
      (row) =>
        `select ${columns.map(({ name, sqlType }) => `${value(row, name, sqlType)} as ${ident(name)}`).join(", ")}, ${tail}`,
    );
    const empty = `select ${columns.map(({ name, sqlType }) => `cast(null as ${sqlType}) as ${ident(name)}`).join(", ")}, ${tail} limit 0`;
    await engine.copy(selects.length === 0 ? empty : selects.join(" union all "), { to: target });
    return target;
  };

  const tables = async (): Promise<string[]> => {
    const names = defaultSources.map(({ name }) => `processed/${name}`);
    const found =
      await engine.all(`select distinct regexp_extract(file, '.*/(processed/.*)/_delta_log/.*', 1) as t
      from glob(${literal(join(folder, "processed", "**", "_delta_log", "*.json"))})`);
    return [...new Set([...names, ...found.map((row) => String(row["t"]))])].sort();
  };

  return {
    folder,
    get engine() {
      return engine;
    },
    run: async (files, options = {}) => {
      runs += 1;
      const run = `202601${String(runs).padStart(2, "0")}T000000Z-test`;
      const specs = options.sources ?? defaultSources;
      const verdicts: FileVerdict[] = [];
      const accepted: Record<string, string[]> = {};
      const ordered = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
      for (const [at, file] of ordered.entries()) {
        const sha256 = JSON.stringify([file.source, file.rows]);
        const live = liveContent(ledger, verdicts, sha256, file.path);
        if (live === file.path) continue;
        verdicts.push(fileVerdict(file, sha256, live));
        if (live !== null) continue;
        const spec = specs.find(({ name }) => name === file.source);
        if (spec === undefined) throw new Error(`no source ${file.source}`);
        accepted[file.source] = [...(accepted[file.source] ?? []), await stage(run, file, at, spec)];
      }
      const verdict: RunVerdict = {
        run,
        as_of: options.asOf ?? "2026-01-31",
        files: verdicts,
        accepted,
        quarantined: [],
        findings: [],
        disagreements: 0,
        unclaimed: [],
        profiles: {},
      };
      engine.close();
      engine = await open();
      const staging = stagingPaths(paths, run);
      const changes = await transform({
        engine,
        paths,
        staging,
        verdict,
        ledger: [...ledger],
        sources: specs,
        defaults: defaultSources,
        configDir: options.configDir ?? null,
        hashKey: options.hashKey,
        defaultVat: 0.1,
        windowDays: options.windowDays ?? 0,
        limits: options.limits ?? limitsOf(500),
        rebuild: options.rebuild ?? false,
      });
      for (const change of changes.tables) {
        const commit = tableCommit(await openTable(paths, change.table), change, { run, now: runs * 1_000 });
        for (const path of commit.moves) {
          const to = join(paths.table(change.table), path);
          mkdirSync(dirname(to), { recursive: true });
          renameSync(join(staging.tables, change.table, path), to);
        }
        mkdirSync(join(paths.table(change.table), "_delta_log"), { recursive: true });
        if ((await putCommit(paths.table(change.table), commit)) !== "committed") throw new Error("conflict");
      }
      note(ledger, verdicts, run);
      return changes;
    },
    rows: async (table, columns = "*") => {
      const snapshot = await openTable(paths, table);
      const rows = await engine.all(`select ${columns} from ${relation(snapshot)} order by all`);
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([k, v]) => [k, typeof v === "bigint" ? Number(v) : v])),
      );
    },
    versions: async () => {
      const found: Record<string, number> = {};
      for (const name of await tables()) found[name] = (await openTable(paths, name)).version;
      return found;
    },
    hashes: async () => {
      const found: Record<string, string> = {};
      for (const name of await tables()) {
        const snapshot = await openTable(paths, name);
        // an emptied table is as good as none
        if (snapshot.files.length === 0) continue;
        const columns = snapshot.columns
          .map(({ name: column }) => column)
          .filter((column) => column !== "_run");
        const rows = await engine.all(
          `select count(*) as n, sum(hash(${columns.map(ident).join(", ")})::hugeint) as h from ${relation(snapshot)}`,
        );
        found[name] = `${rows[0]?.["n"]}:${rows[0]?.["h"]}`;
      }
      return found;
    },
    close: () => {
      engine.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export function derived(hashes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(hashes).filter(([name]) => layers.includes(name.split("/")[1] ?? "")),
  );
}

/** Path that has this content now, in the tables or earlier in this run; null = it is new. */
function liveContent(
  ledger: readonly LedgerEntry[],
  run: readonly FileVerdict[],
  sha256: string,
  path: string,
): string | null {
  const own = liveEntries(ledger).get(path);
  if (own?.sha256 === sha256) return path;
  const inRun = run.find((file) => file.sha256 === sha256 && file.twin_of === null);
  if (inRun !== undefined) return inRun.path;
  const twin = [...liveEntries(ledger).values()].find((entry) => entry.sha256 === sha256);
  return twin?.carrier ?? null;
}

function liveEntries(ledger: readonly LedgerEntry[]): ReadonlyMap<string, LedgerEntry> {
  return new Map(ledger.map((entry) => [entry.path, entry]));
}

function fileVerdict(file: InputFile, sha256: string, twin: string | null): FileVerdict {
  return {
    source: file.source,
    feed: file.source,
    file: file.path.split("/").at(-1) ?? "",
    path: file.path,
    sha256,
    bytes: 0,
    lines: null,
    header_lines: 0,
    blank_lines: 0,
    records: file.rows.length,
    accepted: file.rows.length,
    quarantined: 0,
    held: 0,
    score: 100,
    status: twin === null ? "published" : "skipped",
    stray_quotes: 0,
    contract_hash: "",
    threshold: 0,
    job: twin === null ? "1" : null,
    why: twin === null ? "new" : "twin",
    message: null,
    twin_of: twin,
    rejudged: twin === null,
  };
}

/** What publish writes into the ledger. */
function note(ledger: LedgerEntry[], files: readonly FileVerdict[], run: string): void {
  const { moved } = replacedPaths(files, ledger);
  let seq = ledger.length;
  const write = (path: string, sha256: string, carrier: string, like: FileVerdict): void => {
    const status = carrier === path ? "published" : "twin";
    const { feed, source, threshold } = like;
    seq += 1;
    ledger.push({
      ...like,
      path,
      feed,
      source,
      sha256,
      carrier,
      status,
      run,
      seq,
      threshold,
      judged_at: run,
    });
  };
  const before = liveEntries(ledger);
  for (const file of files) {
    const heir = moved.get(file.path);
    const old = before.get(file.path);
    if (heir !== undefined && old !== undefined)
      for (const entry of before.values())
        if (entry.carrier === file.path && entry.path !== file.path)
          write(entry.path, entry.sha256, heir, file);
  }
  for (const file of files)
    write(file.path, file.sha256, moved.get(file.twin_of ?? "") ?? file.twin_of ?? file.path, file);
}
