import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";
import { putCommit, tableCommit } from "../../lake/commit.js";
import { openTable, type Snapshot } from "../../lake/snapshot.js";
import { columnsOf, writeTableFiles } from "../../lake/write-files.js";
import { type DataPaths, dataPaths } from "../../lib/paths.js";
import type { TableChange } from "../../lib/run-types.js";

/** A data folder of its own, with an engine, that tests fill table by table. */
export interface TemporaryLake {
  readonly paths: DataPaths;
  readonly engine: DuckDbEngine;
  /** Stage the rows of a SELECT for a table, without a commit. */
  stage(table: string, select: string, options?: StageOptions): Promise<TableChange>;
  /** The same and commit it, without a plan. */
  commit(table: string, select: string, options?: StageOptions): Promise<Snapshot>;
  close(): void;
}

export interface StageOptions {
  readonly partitionBy?: readonly string[];
  /** Paths to remove, or all live files. */
  readonly removes?: readonly string[] | "all";
  readonly run?: string;
  readonly now?: number;
}

export async function temporaryLake(): Promise<TemporaryLake> {
  const root = mkdtempSync(join(tmpdir(), "lake-"));
  const paths = dataPaths(root);
  const engine = await openDuckDb({ threads: 1, memoryMb: 500, tempDir: join(root, "temp") });
  const stage = async (table: string, select: string, options: StageOptions = {}): Promise<TableChange> => {
    const base = await openTable(paths, table);
    const partitionBy = options.partitionBy ?? base.partitionBy;
    const columns = await columnsOf(engine, select);
    const folder = join(paths.staging, options.run ?? "test", "tables", table);
    const adds = await writeTableFiles(engine, select, { folder, columns, partitionBy });
    return {
      table,
      columns,
      partition_by: partitionBy,
      base_version: base.version,
      adds,
      removes: options.removes === "all" ? base.files.map((file) => file.path) : (options.removes ?? []),
      data_change: true,
      operation: "WRITE",
    };
  };
  return {
    paths,
    engine,
    stage,
    commit: async (table, select, options = {}) => {
      const change = await stage(table, select, options);
      const run = options.run ?? "test";
      const commit = tableCommit(await openTable(paths, table), change, {
        run,
        now: options.now ?? Date.now(),
      });
      for (const path of commit.moves) {
        const target = join(paths.table(table), path);
        mkdirSync(dirname(target), { recursive: true });
        renameSync(join(paths.staging, run, "tables", table, path), target);
      }
      await putCommit(paths.table(table), commit);
      return openTable(paths, table);
    },
    close: () => {
      engine.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
