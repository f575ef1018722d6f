import { parquetRelation } from "../../engines/parquet.js";
import { ident, literal } from "../../engines/quote.js";
import type { LiveFile, Snapshot } from "../../lake/snapshot.js";
import type { AddFile, TableChange, TableColumn } from "../../lib/table-types.js";
import { isKeyed } from "../identity/latest.js";
import type { TransformContext } from "../planner/context.js";
import { chunks, inPartitions, type PartitionValue } from "../planner/partitions.js";
import { partitionOf, relationOf } from "../planner/tables.js";
import { writePartition, writeTable } from "../planner/write-table.js";
import { partitionColumn, type SourceSpec } from "../sources/source-spec.js";
import { bronzeColumns, keptRows, liveRows, ofPaths, stagedRows } from "./bronze-select.js";
import { typesChanged } from "./changed-types.js";
import { filesOfPaths } from "./files-of-paths.js";
import type { ReplacedPaths } from "./replaced-paths.js";
import { inStagedPartition, type StagedDays, stagedDays } from "./staged-days.js";

/** How often the staged rows may be read when their partitions are written one by one. */
const READ_AGAIN = 1.5;

/** What a run does to `processed/<source>`. */
export interface BronzeDelta {
  /** null where only the order of versions changes, because another path has the same content now. */
  readonly change: TableChange | null;
  /** Partitions with rows added, removed or given to another path. */
  readonly partitions: ReadonlySet<PartitionValue>;
  /**
   * SELECT of all rows added, removed, given to another path or ranked anew, with the table's columns. It holds in the
   * session that asks.
   */
  changedRows(session: TransformContext): Promise<string>;
}

/** The change of one source's bronze table by the files that the run takes in; null when there is none. */
export async function bronzeChange(
  context: TransformContext,
  source: SourceSpec,
): Promise<BronzeDelta | null> {
  const name = `processed/${source.name}`;
  const { before } = context.tables.state(name);
  const { replaced } = context.carriers;
  const partition = partitionColumn(source);
  const columns = bronzeColumns(source, before);
  const staged = await stagedSelect(context, source, columns);
  const rewritten = await rewrittenFiles(context, source, before);
  const live = relationOf(before, rewritten);
  const old = live === null || before === null ? null : liveRows(source, columns, live, before);
  const kept = old === null ? null : keptRows(columns, old, replaced);
  const rows = [staged, kept].filter((select) => select !== null);
  const days = kept === null ? await stagedDays(context.engine, source, stagedFiles(context, source)) : null;
  const adds =
    rows.length === 0 ? [] : await writeBronze(context, source, columns, rows.join(" union all "), days);

  const ranked = isKeyed(source) ? await filesOfPaths(context, before, context.carriers.reranked) : [];
  const rankedRows = relationOf(before, ranked);
  if (adds.length === 0 && rewritten.length === 0 && rankedRows === null) return null;
  const partitions = new Set<PartitionValue>(
    adds.map((file) => (partition === null ? null : (file.partition_values[partition] ?? null))),
  );
  if (before !== null)
    for (const file of [...rewritten, ...ranked]) partitions.add(partitionOf(before, file));
  const changed: string[] = [];
  if (old !== null) changed.push(`select * from (${old}) where ${ofPaths(movedOrDropped(replaced))}`);
  if (rankedRows !== null && before !== null)
    changed.push(
      `select * from (${liveRows(source, columns, rankedRows, before)}) where ${ofPaths(context.carriers.reranked)}`,
    );
  const change: TableChange = {
    table: name,
    columns,
    partition_by: partition === null ? [] : [partition],
    base_version: before?.version ?? -1,
    adds,
    removes: rewritten.map((file) => file.path),
    data_change: true,
    operation: "publish",
  };
  return {
    change: adds.length === 0 && rewritten.length === 0 ? null : change,
    partitions,
    changedRows: async (session) => {
      const added = await stagedSelect(session, source, columns);
      return [...(added === null ? [] : [added]), ...changed].join(" union all ");
    },
  };
}

/** Live files whose rows go, move or get another shape. */
async function rewrittenFiles(
  context: TransformContext,
  source: SourceSpec,
  before: Snapshot | null,
): Promise<readonly LiveFile[]> {
  if (before === null) return [];
  if ((before.partitionBy[0] ?? null) !== partitionColumn(source)) return before.files;
  const files = await filesOfPaths(context, before, movedOrDropped(context.carriers.replaced));
  if (files.length === before.files.length) return files;
  return (await typesChanged(context, source, before)) ? before.files : files;
}

function movedOrDropped(replaced: ReplacedPaths): ReadonlySet<string> {
  return new Set([...replaced.dropped, ...replaced.moved.keys()]);
}

function stagedFiles(context: TransformContext, source: SourceSpec): readonly string[] {
  return context.verdict.accepted[source.name] ?? [];
}

/** SELECT of the staged rows of published files; their paths go into `scratch.published`. */
async function stagedSelect(
  context: TransformContext,
  source: SourceSpec,
  columns: readonly TableColumn[],
): Promise<string | null> {
  const staged = stagedFiles(context, source);
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
  days: StagedDays | null,
): Promise<readonly AddFile[]> {
  const partition = partitionColumn(source);
  const name = `processed/${source.name}`;
  if (partition === null)
    return await writeTable(context, name, `select * from (${rows}) order by _file`, {
      columns,
      partitionBy: [],
    });
  const shape = { columns, partitionBy: [partition] };
  const adds: AddFile[] = [];
  if (days !== null && isWorthOneByOne(context, days)) {
    for (const day of days.reads.keys())
      if (day !== null)
        adds.push(
          ...(await writePartition(
            context,
            name,
            `select * from (${rows}) where ${inStagedPartition(source, day)}`,
            shape,
            day,
          )),
        );
    return adds;
  }
  if (days !== null && days.reads.size <= context.limits.partitions)
    return await writeTable(context, name, rows, shape);
  const groups = chunks(await sizesOf(context, partition, rows), {
    // the rows are only passed on, never held: the number of open partitions is the limit
    rows: Number.POSITIVE_INFINITY,
    partitions: context.limits.partitions,
    // a partition of its own reads all that is staged once more
    ownRows: Number.POSITIVE_INFINITY,
  });
  for (const group of groups) {
    const part =
      groups.length === 1 ? rows : `select * from (${rows}) where ${inPartitions(partition, "date", group)}`;
    adds.push(...(await writeTable(context, name, part, shape)));
  }
  return adds;
}

/** Large partitions whose rows lie together: parting the rows of a write takes a third of its time. */
function isWorthOneByOne(context: TransformContext, { reads, rows }: StagedDays): boolean {
  const all = [...reads.values()].reduce((sum, size) => sum + size, 0);
  const isOne = reads.size === 1 || rows / reads.size >= context.limits.ownRows;
  return !reads.has(null) && isOne && all <= READ_AGAIN * rows;
}

async function sizesOf(
  context: TransformContext,
  partition: string,
  rows: string,
): Promise<ReadonlyMap<PartitionValue, number>> {
  const counted = await context.engine.all(
    `select cast(${ident(partition)} as varchar) as value, count(*) as n from (${rows}) group by all`,
  );
  return new Map(
    counted.map((row) => [row["value"] === null ? null : String(row["value"]), Number(row["n"])] as const),
  );
}
