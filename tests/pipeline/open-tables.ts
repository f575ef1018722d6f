import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openDuckDb } from "../../engines/duckdb.js";
import type { Engine } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";

/** A second reader of Delta tables, which knows nothing of ours: the log's lines, in order. For tables without checkpoint. */
export interface OpenTables {
  readonly engine: Engine;
  /** SQL of a table by its name, such as `processed/sales`. */
  relation(table: string): string;
  /** Newest version of each table of the data folder. */
  versions(): Readonly<Record<string, number>>;
  close(): void;
}

interface LogLine {
  readonly add?: { readonly path: string };
  readonly remove?: { readonly path: string };
}

export async function openTables(dataDir: string): Promise<OpenTables> {
  const engine = await openDuckDb({ threads: 2, memoryMb: 600, tempDir: join(dataDir, "temp") });
  return {
    engine,
    relation: (table) => {
      const files = liveFiles(join(dataDir, table));
      if (files.length === 0) throw new Error(`${table} has no live file`);
      return `read_parquet([${files.map(literal).join(", ")}], hive_partitioning = true, union_by_name = true)`;
    },
    versions: () =>
      Object.fromEntries(
        tableFolders(dataDir).map((table) => [table, commits(join(dataDir, table)).length - 1]),
      ),
    close: () => engine.close(),
  };
}

function commits(folder: string): readonly string[] {
  const log = join(folder, "_delta_log");
  return readdirSync(log)
    .filter((name) => /^[0-9]{20}\.json$/.test(name))
    .sort()
    .map((name) => join(log, name));
}

function liveFiles(folder: string): readonly string[] {
  const live = new Set<string>();
  for (const commit of commits(folder))
    for (const text of readFileSync(commit, "utf8").trimEnd().split("\n")) {
      const line = JSON.parse(text) as LogLine;
      if (line.remove !== undefined) live.delete(line.remove.path);
      if (line.add !== undefined) live.add(line.add.path);
    }
  return [...live].map((path) => join(folder, decodeURIComponent(path)));
}

function tableFolders(dataDir: string): readonly string[] {
  return ["processed", "quality"]
    .flatMap((top) => (existsSync(join(dataDir, top)) ? deltaFolders(dataDir, top) : []))
    .sort();
}

function deltaFolders(dataDir: string, folder: string): readonly string[] {
  const entries = readdirSync(join(dataDir, folder), { withFileTypes: true }).filter((e) => e.isDirectory());
  if (entries.some((entry) => entry.name === "_delta_log")) return [folder];
  return entries.flatMap((entry) => deltaFolders(dataDir, `${folder}/${entry.name}`));
}
