import { parquetRelation } from "../../engines/parquet.js";
import { ident, literal } from "../../engines/quote.js";
import type { LiveFile, Snapshot } from "../../lake/snapshot.js";
import type { AddFile, TableChange, TableColumn } from "../../lib/table-types.js";
import type { TransformContext } from "../planner/context.js";
import { chunks, inPartitions, type PartitionValue } from "../planner/partitions.js";
import { partitionOf, relationOf } from "../planner/tables.js";
import { writeTable } from "../planner/write-table.js";
import { partitionColumn, type SourceSpec } from "../sources/source-spec.js";
import { bronzeColumns, keptRows, liveRows, ofPaths, refuseOtherTypes, stagedRows } from "./bronze-select.js";
import { type ReplacedPaths, replacedPaths } from "./replaced-paths.js";

/** What a run does to `processed/<source>`. */
export interface BronzeDelta {
  readonly change: TableChange;
  /** Partitions with rows added, removed or given to another path. */
  readonly partitions: ReadonlySet<PartitionValue>;
  /** SELECT of all rows added, removed or given to another path, with the table's columns. */
  readonly changedRows: string;
}

/** The change of one source's bronze table by the files that the run publishes; null when there is none. */
export async function bronzeChange(
  context: TransformContext,
  source: SourceSpec,
): Promise<BronzeDelta | null> {
  const name = `processed/${source.name}`;
  const { before } = context.tables.state(name);
  const replaced = replacedPaths(
    context.verdict.files.filter((file) => file.source === source.name),
    context.ledger,
  );
  const partition = partitionColumn(source);
  const laidOutAnew = before !== null && (before.partitionBy[0] ?? null) !== partition;
  const rewritten =
    before === null ? [] : laidOutAnew ? before.files : await filesOfPaths(context, before, replaced);
  if (before !== null && rewritten.length < before.files.length) refuseOtherTypes(source, before);

  const columns = bronzeColumns(source, before);
  const staged = await stagedSelect(context, source, columns);
  const live = relationOf(before, rewritten);
  const old = live === null || before === null ? null : liveRows(source, columns, live, before);
  const kept = old === null ? null : keptRows(columns, old, replaced);
  const rows = [staged, kept].filter((select) => select !== null);
  if (rows.length === 0) return null;

  const adds = await writeBronze(context, source, columns, rows.join(" union all "));
  if (adds.length === 0 && rewritten.length === 0) return null;
  const partitions = new Set<PartitionValue>(
    adds.map((file) => (partition === null ? null : (file.partition_values[partition] ?? null))),
  );
  if (before !== null) for (const file of rewritten) partitions.add(partitionOf(before, file));
  const gone = old === null ? null : `select * from (${old}) where ${ofPaths(movedOrDropped(replaced))}`;
  return {
    change: {
      table: name,
      columns,
      partition_by: partition === null ? [] : [partition],
      base_version: before?.version ?? -1,
      adds,
      removes: rewritten.map((file) => file.path),
      data_change: true,
      operation: "publish",
    },
    partitions,
    changedRows: [staged, gone].filter((select) => select !== null).join(" union all "),
  };
}

function movedOrDropped(replaced: ReplacedPaths): ReadonlySet<string> {
  return new Set([...replaced.dropped, ...replaced.moved.keys()]);
}

/** Live files that hold a row of a path whose rows go or move: pruned by statistics, then looked into. */
async function filesOfPaths(
  context: TransformContext,
  before: Snapshot,
  replaced: ReplacedPaths,
): Promise<readonly LiveFile[]> {
  const paths = movedOrDropped(replaced);
  if (paths.size === 0) return [];
  const candidates = before.files.filter((file) => mayHold(file, paths));
  if (candidates.length === 0) return [];
  const found = await context.engine.all(
    `select distinct filename from ${parquetRelation(
      candidates.map((file) => file.absolute),
      { filename: true },
    )} where ${ofPaths(paths)}`,
  );
  const names = new Set(found.map((row) => String(row["filename"])));
  return candidates.filter((file) => names.has(file.absolute));
}

function mayHold(file: LiveFile, paths: ReadonlySet<string>): boolean {
  const stats = file.stats();
  const min = stats?.minValues?.["_file"];
  const max = stats?.maxValues?.["_file"];
  if (typeof min !== "string" || typeof max !== "string") return true;
  const [low, high] = [Buffer.from(min), Buffer.from(max)];
  return [...paths].some((path) => {
    const bytes = Buffer.from(path);
    return Buffer.compare(low, bytes) <= 0 && Buffer.compare(bytes, high) <= 0;
  });
}

/** SELECT of the staged rows of published files; their paths go into `scratch.published`. */
async function stagedSelect(
  context: TransformContext,
  source: SourceSpec,
  columns: readonly TableColumn[],
): Promise<string | null> {
  const staged = context.verdict.accepted[source.name] ?? [];
  const published = context.verdict.files.filter(
    (file) => file.source === source.name && file.status === "published" && file.job !== null,
  );
  if (staged.length === 0 || published.length === 0) return null;
  const table = `scratch.${ident(`published_${source.name}`)}`;
  await context.engine.run(`create or replace table ${table} (path varchar)`);
  for (let from = 0; from < published.length; from += 1_000) {
    const values = published.slice(from, from + 1_000).map((file) => `(${literal(file.path)})`);
    await context.engine.run(`insert into ${table} values ${values.join(", ")}`);
  }
  return stagedRows(source, columns, parquetRelation(staged), table);
}

async function writeBronze(
  context: TransformContext,
  source: SourceSpec,
  columns: readonly TableColumn[],
  rows: string,
): Promise<readonly AddFile[]> {
  const partition = partitionColumn(source);
  const name = `processed/${source.name}`;
  if (partition === null)
    return await writeTable(context, name, `select * from (${rows}) order by _file`, {
      columns,
      partitionBy: [],
    });
  const counted = await context.engine.all(
    `select cast(${ident(partition)} as varchar) as value, count(*) as n from (${rows}) group by all`,
  );
  const sizes = new Map(
    counted.map((row) => [row["value"] === null ? null : String(row["value"]), Number(row["n"])] as const),
  );
  const adds: AddFile[] = [];
  // the rows are only passed on, never held: the number of open partitions is the limit
  const groups = chunks(sizes, { ...context.limits, rows: Number.POSITIVE_INFINITY });
  for (const group of groups) {
    const part =
      groups.length === 1 ? rows : `select * from (${rows}) where ${inPartitions(partition, "date", group)}`;
    adds.push(...(await writeTable(context, name, part, { columns, partitionBy: [partition] })));
  }
  return adds;
}
