import { join } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { ident, literal, literalList } from "../../engines/quote.js";
import { relation } from "../../lake/relation.js";
import { type LiveFile, openTable, type Snapshot } from "../../lake/snapshot.js";
import { writeTableFiles } from "../../lake/write-files.js";
import type { DataPaths, StagingPaths } from "../../lib/paths.js";
import type { RunVerdict, TableChange } from "../../lib/run-types.js";
import { quarantineColumns, quarantineTable, stagedColumns } from "./columns.js";

/**
 * The quarantine table after a run: the rows of the files that it judged, in place of what stood there of the same
 * paths. Files that ended in error or wait keep their rows. null when nothing changes.
 */
export async function quarantineChange(
  engine: Engine,
  paths: DataPaths,
  staging: StagingPaths,
  verdict: RunVerdict,
): Promise<TableChange | null> {
  const judged = verdict.files.filter((file) => file.rejudged).map((file) => file.path);
  if (judged.length === 0) return null;
  const snapshot = await openTable(paths, quarantineTable);
  const stale = await filesHolding(engine, snapshot, judged);
  const selects = [
    ...(stale.length === 0 ? [] : [keptRows(snapshot, stale, judged)]),
    ...(verdict.quarantined.length === 0 ? [] : [await newRows(engine, verdict, judged)]),
  ];
  const adds =
    selects.length === 0
      ? []
      : await writeTableFiles(engine, selects.join(" union all "), {
          folder: join(staging.tables, quarantineTable),
          columns: quarantineColumns,
          partitionBy: [],
        });
  if (adds.length === 0 && stale.length === 0) return null;
  return {
    table: quarantineTable,
    columns: quarantineColumns,
    partition_by: [],
    base_version: snapshot.version,
    adds,
    removes: stale.map((file) => file.path),
    data_change: true,
    operation: "JUDGE",
  };
}

/** Live files that hold a row of one of these paths: by their statistics first, then by a look at the column. */
export async function filesHolding(
  engine: Engine,
  snapshot: Snapshot,
  paths: readonly string[],
): Promise<readonly LiveFile[]> {
  const candidates = snapshot.files.filter((file) => mayHold(file, paths));
  if (candidates.length === 0) return [];
  const rows = await engine.all(
    `select distinct filename from read_parquet([${candidates.map((file) => literal(file.absolute)).join(", ")}],
       filename = true) where path in ${literalList(paths)}`,
  );
  const holding = new Set(rows.map((row) => String(row["filename"])));
  return candidates.filter((file) => holding.has(file.absolute));
}

function mayHold(file: LiveFile, paths: readonly string[]): boolean {
  const stats = file.stats();
  const low = stats?.minValues?.["path"];
  const high = stats?.maxValues?.["path"];
  if (typeof low !== "string" || typeof high !== "string") return true;
  return paths.some((path) => compareUtf8(path, low) >= 0 && compareUtf8(path, high) <= 0);
}

function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function keptRows(snapshot: Snapshot, files: readonly LiveFile[], judged: readonly string[]): string {
  return `select ${columnList()} from ${relation(snapshot, { files, columns: quarantineColumns })}
    where path not in ${literalList(judged)}`;
}

/** A worker's rows are judged now; those of a replay say themselves when they were, and by which run they passed. */
async function newRows(engine: Engine, verdict: RunVerdict, judged: readonly string[]): Promise<string> {
  const scan = `read_parquet([${verdict.quarantined.map(literal).join(", ")}], union_by_name = true)`;
  const described = await engine.all(`describe select * from ${scan}`);
  const isReplay = described.some((row) => row["column_name"] === "replayed_by");
  const staged = stagedColumns.map(([name]) => ident(name)).join(", ");
  const now = `cast(${literal(judgedAt(verdict))} as timestamptz)`;
  const marks = isReplay
    ? `coalesce(judged_at, ${now}) as judged_at, replayed_by`
    : `${now} as judged_at, cast(null as varchar) as replayed_by`;
  return `select ${staged}, ${marks} from ${scan} where path in ${literalList(judged)}`;
}

function columnList(): string {
  return quarantineColumns.map(({ name }) => ident(name)).join(", ");
}

/** The start of the run, which its id tells; so a repeated attempt writes the same. */
function judgedAt({ run, as_of }: RunVerdict): string {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(run);
  if (parts === null) return `${as_of}T00:00:00Z`;
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
