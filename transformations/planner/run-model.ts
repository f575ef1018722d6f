import { ident } from "../../engines/quote.js";
import type { AddFile, TableChange } from "../../lib/table-types.js";
import { bindLookups, eachPart } from "./bind-inputs.js";
import type { BoundModel } from "./bind-models.js";
import type { TransformContext } from "./context.js";
import { type ModelRun, startRun } from "./model-run.js";
import { inPartitions } from "./partitions.js";
import type { ModelPlan } from "./plan-model.js";
import { sameContent } from "./same-content.js";
import { filesIn, relationOf } from "./tables.js";
import { writePartition, writeTable } from "./write-table.js";

/** Make what the plan says of one model's table, and note the change. */
export async function runModel(
  context: TransformContext,
  bound: BoundModel,
  models: ReadonlyMap<string, BoundModel>,
  plan: ModelPlan,
): Promise<void> {
  const run = await startRun({ context, bound, models, plan });
  await bindLookups(run);
  const { partition, table } = bound;
  const own = context.tables.state(table).before;
  const adds = partition === null ? await writeWhole(run) : await writeByPartition(run, partition);
  const replaced = own === null ? [] : partition === null ? own.files : filesIn(own, plan.touched);
  if (adds.length === 0 && replaced.length === 0) return;
  const change: TableChange = {
    table,
    columns: bound.tableColumns,
    partition_by: partition === null ? [] : [partition],
    base_version: own?.version ?? -1,
    adds,
    removes: replaced.map((file) => file.path),
    data_change: true,
    operation: context.rebuild ? "rebuild" : "transform",
  };
  if (partition === null && (await sameContent(context, bound, change))) return;
  // readers of an unpartitioned table cannot follow it by parts
  context.tables.record(change, partition === null ? "all" : plan.touched);
}

async function writeByPartition(run: ModelRun, partition: string): Promise<readonly AddFile[]> {
  const { context, bound } = run;
  const adds: AddFile[] = [];
  const shape = { columns: bound.tableColumns, partitionBy: [partition] };
  await eachPart(run, async ({ values: [value = null, ...others] }) => {
    const isOne = others.length === 0 && run.plan.unit === partition;
    const write = isOne ? writePartition : writeTable;
    adds.push(...(await write(context, bound.table, bound.select, shape, value)));
  });
  return adds;
}

/** An unpartitioned table, sorted: what is touched made anew, the rest of its rows carried over. */
async function writeWhole(run: ModelRun): Promise<readonly AddFile[]> {
  const { context, bound, plan } = run;
  const shape = { columns: bound.tableColumns, partitionBy: [] };
  const key = bound.source?.key ?? [];
  const order = key.length === 0 ? "all" : key.map((name) => `${ident(name)} nulls last`).join(", ");
  const list = bound.tableColumns.map(({ name }) => ident(name)).join(", ");
  const adds: AddFile[] = [];
  const write = async (rows: string): Promise<void> => {
    const sorted = `select ${list} from (${rows}) order by ${order}`;
    adds.push(...(await writeTable(context, bound.table, sorted, shape)));
  };
  if (plan.driver.partitionBy.length === 0) {
    await eachPart(run, async () => await write(bound.select));
    return adds;
  }
  await context.engine.run(
    `create or replace table scratch.result as select ${list} from (${bound.select}) limit 0`,
  );
  await eachPart(run, async () => {
    await context.engine.run(`insert into scratch.result select ${list} from (${bound.select})`);
  });
  await write([`select ${list} from scratch.result`, ...carriedOver(run, list)].join(" union all "));
  return adds;
}

/** SELECT of the rows of the model's own table that the run does not touch. */
function carriedOver({ context, bound, plan }: ModelRun, list: string): readonly string[] {
  const own = context.tables.state(bound.table).before;
  const rows = relationOf(own, own?.files ?? []);
  const { grain } = bound.model;
  if (plan.touched === "all" || plan.touched === "none" || rows === null || grain === null) return [];
  return [
    `select ${list} from ${rows} as own where not ${inPartitions(grain, plan.unit, plan.touched.values)}`,
  ];
}
