import { ident } from "../../engines/quote.js";
import type { LiveFile } from "../../lake/snapshot.js";
import { bronzeRelation } from "../bronze/bronze-select.js";
import { mayHoldKeys, mayLackKeys } from "../identity/key-statistics.js";
import { latestRows } from "../identity/source-latest.js";
import { partitionColumn, type SourceSpec } from "../sources/source-spec.js";
import { type BoundModel, latestColumns } from "./bind-models.js";
import type { TransformContext } from "./context.js";
import { narrowedLookups } from "./lookups.js";
import type { ModelRun } from "./model-run.js";
import { chunks, inPartitions, type PartitionValue } from "./partitions.js";
import { filesIn, relationOf, rowsByPartition } from "./tables.js";
import { bindView } from "./views.js";

/** A part of a model's first input: some of its partitions, cut by a hash where they are too large. */
export interface Part {
  readonly values: readonly PartitionValue[];
  readonly files: readonly LiveFile[];
  /** SQL condition; null = all rows. */
  readonly cut: string | null;
}

/** Point every input of a model but the first at its table as it will stand. */
export async function bindLookups({ context, bound, models }: ModelRun): Promise<void> {
  for (const name of bound.model.facts.inputs) {
    const target = models.get(name);
    if (target === undefined || name === bound.model.facts.driver) continue;
    const { after } = context.tables.state(target.table);
    await bindTable(context, target, relationOf(after, after?.files ?? []));
  }
}

/** Point the model's first input at one part after the other, and write each; no statement goes beyond the limits. */
export async function eachPart(run: ModelRun, write: (part: Part) => Promise<void>): Promise<void> {
  for (const part of partsOf(run)) {
    if (run.bound.source === null) await bindDriver(run, part);
    else await bindSource(run, run.bound.source, part);
    await write(part);
  }
}

function partsOf({ context, bound, plan }: ModelRun): readonly Part[] {
  const rows = rowsByPartition(plan.driver, plan.touched, plan.unit);
  // groups of a model that follows no partitions may span them all
  const spans = bound.source === null && bound.model.grain === null;
  // a summary is small, and large lookups are not read again for each partition: these are written together
  const isTogether = bound.model.layer === "aggregated" || bound.model.bucket !== null;
  const ownRows = isTogether ? Number.POSITIVE_INFINITY : context.limits.ownRows;
  const groups = spans ? [[...rows.keys()]] : chunks(rows, { ...context.limits, ownRows });
  return groups.flatMap((values): readonly Part[] => {
    const files = filesIn(plan.driver, { unit: plan.unit, values: new Set(values) });
    const size = files.reduce((sum, file) => sum + file.rows, 0);
    const { bucket } = bound.model;
    const cuts = bucket === null ? 1 : Math.ceil(size / context.limits.rows);
    if (bucket === null || cuts <= 1) return [{ values, files, cut: null }];
    return Array.from({ length: cuts }, (_, cut) => ({
      values,
      files,
      cut: `hash(${ident(bucket)}) % ${cuts} = ${cut}`,
    }));
  });
}

async function bindSource(run: ModelRun, source: SourceSpec, part: Part): Promise<void> {
  const { context, plan, repeatedKeys } = run;
  const relation = bronzeRelation(source, plan.driver, part.files);
  const partition = partitionColumn(source);
  const rows =
    relation === null
      ? null
      : await latestRows(context.engine, {
          source,
          partition,
          relation,
          within: partition === null ? "true" : inPartitions(partition, partition, part.values),
          repeatedKeys,
          mayHoldKeys: part.files.some((file) => mayHoldKeys(file, source.key)),
          mayLackKeys: part.files.some((file) => mayLackKeys(file, source.key)),
        });
  const has = new Set(source.columns.map(({ name }) => name));
  const name = `latest.${source.name}`;
  await bindView(context, name, latestColumns(source), rows === null ? null : { relation: `(${rows})`, has });
}

async function bindDriver(run: ModelRun, part: Part): Promise<void> {
  const { context, bound, models, plan } = run;
  const target = models.get(bound.model.facts.driver ?? "");
  if (target === undefined) return;
  const relation = relationOf(plan.driver, part.files);
  const where = part.cut === null ? "" : ` where ${part.cut}`;
  const rows = relation === null ? null : `(select * from ${relation} as driver${where})`;
  await bindTable(context, target, rows);
  if (bound.model.bucket === null || rows === null || fits(run)) return;
  for (const [name, narrowed] of await narrowedLookups(context, bound, models, rows)) {
    const lookup = models.get(name);
    if (lookup !== undefined) await bindTable(context, lookup, narrowed);
  }
}

/** Whether all that a model looks up can be held: then it need not be narrowed to what the rows ask for. */
function fits({ context, bound, models }: ModelRun): boolean {
  const sizes = bound.model.lookups.map(({ relation }) => {
    const table = models.get(relation)?.table;
    const files = table === undefined ? [] : (context.tables.state(table).after?.files ?? []);
    return files.reduce((sum, file) => sum + file.rows, 0);
  });
  return sizes.reduce((sum, size) => sum + size, 0) <= context.limits.rows;
}

async function bindTable(
  context: TransformContext,
  target: BoundModel,
  relation: string | null,
): Promise<void> {
  const has = new Set((context.tables.state(target.table).after?.columns ?? []).map(({ name }) => name));
  await bindView(context, target.model.name, target.columns, relation === null ? null : { relation, has });
}
