import { ident } from "../../engines/quote.js";
import type { LiveFile } from "../../lake/snapshot.js";
import type { AddFile, TableChange } from "../../lib/table-types.js";
import { bronzeRelation } from "../bronze/bronze-select.js";
import { latestRows, settleKeys } from "../identity/source-latest.js";
import { partitionColumn } from "../sources/source-spec.js";
import { type BoundModel, latestColumns } from "./bind-models.js";
import type { TransformContext } from "./context.js";
import { narrowedLookups } from "./lookups.js";
import { chunks, inPartitions, type PartitionValue, type Touched } from "./partitions.js";
import type { ModelPlan } from "./plan-model.js";
import { sameContent } from "./same-content.js";
import { filesIn, relationOf, rowsByPartition } from "./tables.js";
import { bindView } from "./views.js";
import { writeTable } from "./write-table.js";

type Models = ReadonlyMap<string, BoundModel>;

/** Make what the plan says of one model's table, and note the change. */
export async function runModel(
  context: TransformContext,
  bound: BoundModel,
  models: Models,
  plan: ModelPlan,
): Promise<void> {
  await bindInputs(context, bound, models);
  if (bound.source !== null) await settle(context, bound, plan);
  const own = context.tables.state(bound.table).before;
  const adds =
    bound.partition === null
      ? await writeWhole(context, bound, models, plan)
      : await writeByPartition(context, bound, models, plan);
  const replaced = own === null ? [] : bound.partition === null ? own.files : filesIn(own, plan.touched);
  if (adds.length === 0 && replaced.length === 0) return;
  const change: TableChange = {
    table: bound.table,
    columns: bound.tableColumns,
    partition_by: bound.partition === null ? [] : [bound.partition],
    base_version: own?.version ?? -1,
    adds,
    removes: replaced.map((file) => file.path),
    data_change: true,
    operation: context.rebuild ? "rebuild" : "transform",
  };
  const same = bound.partition === null && (await sameContent(context, bound, change));
  if (!same) context.tables.record(change, touchedOf(bound, plan));
}

/** Readers of an unpartitioned table cannot follow it by parts. */
function touchedOf(bound: BoundModel, plan: ModelPlan): Touched {
  return bound.partition === null ? "all" : plan.touched;
}

/** Every input but the first, as it will stand. */
async function bindInputs(context: TransformContext, bound: BoundModel, models: Models): Promise<void> {
  for (const name of bound.model.facts.inputs) {
    const target = models.get(name);
    if (target === undefined || name === bound.model.facts.driver) continue;
    const after = context.tables.state(target.table).after;
    await bindTable(context, target, relationOf(after, after?.files ?? []));
  }
}

async function bindTable(
  context: TransformContext,
  target: BoundModel,
  relation: string | null,
): Promise<void> {
  const has = new Set((context.tables.state(target.table).after?.columns ?? []).map(({ name }) => name));
  await bindView(context, target.model.name, target.columns, relation === null ? null : { relation, has });
}

async function settle(context: TransformContext, bound: BoundModel, plan: ModelPlan): Promise<void> {
  const { source } = bound;
  if (source === null) return;
  const inside = filesIn(plan.driver, plan.touched);
  const chosen = new Set(inside.map((file) => file.path));
  const outside = plan.driver.files.filter((file) => !chosen.has(file.path));
  await settleKeys(context.engine, {
    source,
    partition: partitionColumn(source),
    inside: bronzeRelation(source, plan.driver, inside),
    outside: bronzeRelation(source, plan.driver, outside),
    best: context.carriers.best,
  });
}

/** Point the model's first input at some of its files. */
async function bindDriver(
  context: TransformContext,
  bound: BoundModel,
  models: Models,
  plan: ModelPlan,
  part: {
    readonly values: readonly PartitionValue[];
    readonly files: readonly LiveFile[];
    readonly cut: string;
  },
): Promise<void> {
  const { source } = bound;
  if (source !== null) {
    const relation = bronzeRelation(source, plan.driver, part.files);
    const partition = partitionColumn(source);
    const within = partition === null ? "true" : inPartitions(partition, partition, part.values);
    const rows =
      relation === null ? null : await latestRows(context.engine, { source, partition }, relation, within);
    const has = new Set(source.columns.map(({ name }) => name));
    await bindView(
      context,
      `latest.${source.name}`,
      latestColumns(source),
      rows === null ? null : { relation: `(${rows})`, has },
    );
    return;
  }
  const target = models.get(bound.model.facts.driver ?? "");
  if (target === undefined) return;
  const relation = relationOf(plan.driver, part.files);
  const rows = relation === null ? null : `(select * from ${relation} as driver${part.cut})`;
  await bindTable(context, target, rows);
  if (bound.model.bucket === null || rows === null) return;
  for (const [name, narrowed] of await narrowedLookups(context, bound, models, rows)) {
    const lookup = models.get(name);
    if (lookup !== undefined) await bindTable(context, lookup, narrowed);
  }
}

/** Bind and hand over the first input part by part, so that no statement holds more than the limits. */
async function eachPart(
  context: TransformContext,
  bound: BoundModel,
  models: Models,
  plan: ModelPlan,
  write: () => Promise<void>,
): Promise<void> {
  const rows = rowsByPartition(plan.driver, plan.touched, plan.unit);
  for (const values of chunks(rows, context.limits)) {
    const files = filesIn(plan.driver, { unit: plan.unit, values: new Set(values) });
    const size = files.reduce((sum, file) => sum + file.rows, 0);
    const cuts = bound.model.bucket === null ? 1 : Math.ceil(size / context.limits.rows);
    for (let cut = 0; cut < Math.max(1, cuts); cut++) {
      const where = cuts > 1 ? ` where hash(${ident(bound.model.bucket ?? "")}) % ${cuts} = ${cut}` : "";
      await bindDriver(context, bound, models, plan, { values, files, cut: where });
      await write();
    }
  }
}

async function writeByPartition(
  context: TransformContext,
  bound: BoundModel,
  models: Models,
  plan: ModelPlan,
): Promise<readonly AddFile[]> {
  const adds: AddFile[] = [];
  const shape = {
    columns: bound.tableColumns,
    partitionBy: bound.partition === null ? [] : [bound.partition],
  };
  await eachPart(context, bound, models, plan, async () => {
    adds.push(...(await writeTable(context, bound.table, bound.select, shape)));
  });
  return adds;
}

/** An unpartitioned table: what is touched made anew, the rest of its rows carried over, sorted. */
async function writeWhole(
  context: TransformContext,
  bound: BoundModel,
  models: Models,
  plan: ModelPlan,
): Promise<readonly AddFile[]> {
  const { engine } = context;
  const shape = { columns: bound.tableColumns, partitionBy: [] };
  const order =
    bound.source === null || bound.source.key.length === 0 ? "all" : bound.source.key.map(ident).join(", ");
  if (plan.driver.partitionBy.length === 0) {
    const adds: AddFile[] = [];
    await eachPart(context, bound, models, plan, async () => {
      adds.push(
        ...(await writeTable(
          context,
          bound.table,
          `select * from (${bound.select}) order by ${order}`,
          shape,
        )),
      );
    });
    return adds;
  }
  const list = bound.tableColumns.map(({ name }) => ident(name)).join(", ");
  await engine.run(`create or replace table scratch.result as select ${list} from (${bound.select}) limit 0`);
  await eachPart(context, bound, models, plan, async () => {
    await engine.run(`insert into scratch.result select ${list} from (${bound.select})`);
  });
  const parts = [`select ${list} from scratch.result`];
  const own = context.tables.state(bound.table).before;
  const carried = relationOf(own, own?.files ?? []);
  const { grain } = bound.model;
  if (plan.touched !== "all" && plan.touched !== "none" && carried !== null && grain !== null)
    parts.push(
      `select ${list} from ${carried} as own where not ${inPartitions(grain, plan.unit, plan.touched.values)}`,
    );
  const select = `select * from (${parts.join(" union all ")}) order by ${order}`;
  return await writeTable(context, bound.table, select, shape);
}
