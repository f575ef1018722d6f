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
    ...(verdict.quarantined.length === 0 ? [] : [newRows(verdict, judged)]),
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

function newRows(verdict: RunVerdict, judged: readonly string[]): string {
  const staged = stagedColumns.map(([name]) => ident(name)).join(", ");
  return `select ${staged}, cast(${literal(judgedAt(verdict))} as timestamptz) as judged_at,
      cast(null as varchar) as replayed_by
    from read_parquet([${verdict.quarantined.map(literal).join(", ")}]) where path in ${literalList(judged)}`;
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
