import { ident } from "../../engines/quote.js";
import type { Snapshot } from "../../lake/snapshot.js";
import type { BoundModel } from "./bind-models.js";
import type { TransformContext } from "./context.js";
import { type PartitionValue, type Touched, toUnit } from "./partitions.js";
import { filesIn, relationOf, type TableState } from "./tables.js";

/**
 * Partitions of a model's own table whose rows look up something that this run changes: a product's name, a
 * user, a session's log. Only columns that the model names count.
 */
export async function touchedByLookups(
  context: TransformContext,
  bound: BoundModel,
  models: ReadonlyMap<string, BoundModel>,
  unit: "date" | "month",
): Promise<Touched> {
  const own = context.tables.state(bound.table).before;
  const column = bound.partition ?? bound.model.grain;
  if (own === null || column === null) return "none";
  const values = new Set<PartitionValue>();
  for (const lookup of bound.model.lookups) {
    const target = models.get(lookup.relation);
    if (target === undefined) continue;
    const changed = await changedKeys(context, bound, target, lookup.on);
    if (!changed) continue;
    for (const value of await partitionsWith(context, own, column, lookup.on))
      values.add(toUnit(value, unit));
  }
  const reached = [...values].filter((value) => value === null || value >= windowStart(context, unit));
  return reached.length === 0 ? "none" : { unit, values: new Set(reached) };
}

/** First partition that changed lookups still reach. */
function windowStart(context: TransformContext, unit: "date" | "month"): string {
  if (context.windowDays === 0) return "";
  const day = new Date(Date.parse(`${context.verdict.as_of}T00:00:00Z`) - context.windowDays * 86_400_000);
  return toUnit(day.toISOString().slice(0, 10), unit) ?? "";
}

/** Leave the keys whose rows differ before and after in `scratch.changed_lookup`; false when there are none. */
async function changedKeys(
  context: TransformContext,
  bound: BoundModel,
  target: BoundModel,
  on: readonly string[],
): Promise<boolean> {
  const state = context.tables.state(target.table);
  if (state.touched === "none") return false;
  const used = usedColumns(bound, target);
  const sides = [side(state.before, state, used, on, 1), side(state.after, state, used, on, -1)];
  const rows = sides.filter((select) => select !== null).join(" union all ");
  if (rows === "") return false;
  const keys = on.map(ident).join(", ");
  const present = on.map((name) => `${ident(name)} is not null`).join(" and ");
  await context.engine.run(`create or replace table scratch.changed_lookup as
    select ${keys} from (${rows}) where ${present} group by ${keys} having sum(h) <> 0`);
  const count = await context.engine.all("select count(*) as n from scratch.changed_lookup");
  return Number(count[0]?.["n"]) > 0;
}

/** Columns of a lookup that the model names, without those that change with the run's date alone. */
function usedColumns(bound: BoundModel, target: BoundModel): readonly string[] {
  const named = bound.model.facts.uses.get(target.model.name) ?? new Set<string>();
  return target.tableColumns
    .map(({ name }) => name)
    .filter((name) => named.has(name) && !target.model.runDate.includes(name));
}

function side(
  snapshot: Snapshot | null,
  state: TableState,
  used: readonly string[],
  on: readonly string[],
  sign: 1 | -1,
): string | null {
  const relation = snapshot === null ? null : relationOf(snapshot, filesIn(snapshot, state.touched));
  if (relation === null || snapshot === null) return null;
  const has = new Set(snapshot.columns.map(({ name }) => name));
  const values = used.map((name) => (has.has(name) ? ident(name) : "null"));
  return `select ${on.map(ident).join(", ")}, ${sign} * cast(hash(${values.join(", ")}) as hugeint) as h from ${relation} as side`;
}

async function partitionsWith(
  context: TransformContext,
  own: Snapshot,
  column: string,
  on: readonly string[],
): Promise<readonly PartitionValue[]> {
  const relation = relationOf(own, own.files);
  if (relation === null) return [];
  const match = on.map((name) => `changed.${ident(name)} = own.${ident(name)}`).join(" and ");
  const found = await context.engine.all(`select distinct cast(own.${ident(column)} as varchar) as value
    from ${relation} as own semi join scratch.changed_lookup as changed on ${match}`);
  return found.map((row) => (row["value"] === null ? null : String(row["value"])));
}

/**
 * Views of the lookups that hold only what the rows of the model's first input ask for, so that a join never
 * holds more than its chunk. `driver`: relation of those rows.
 */
export async function narrowedLookups(
  context: TransformContext,
  bound: BoundModel,
  models: ReadonlyMap<string, BoundModel>,
  driver: string,
): Promise<ReadonlyMap<string, string | null>> {
  const narrowed = new Map<string, string | null>();
  for (const [index, lookup] of bound.model.lookups.entries()) {
    const target = models.get(lookup.relation);
    const after = target === undefined ? null : context.tables.state(target.table).after;
    if (after === null) continue;
    const keys = `scratch.${ident(`lookup_keys_${index}`)}`;
    await context.engine.run(
      `create or replace table ${keys} as select distinct ${lookup.on.map(ident).join(", ")} from ${driver} as driver`,
    );
    const match = lookup.on.map((name) => `keys.${ident(name)} = rows.${ident(name)}`).join(" and ");
    const asked = `semi join ${keys} as keys on ${match}`;
    const partition = after.partitionBy[0];
    let relation = relationOf(after, after.files);
    if (relation !== null && partition !== undefined) {
      const found = await context.engine.all(
        `select distinct cast(rows.${ident(partition)} as varchar) as value from ${relation} as rows ${asked}`,
      );
      const values = new Set(found.map((row) => (row["value"] === null ? null : String(row["value"]))));
      const files = after.files.filter((file) => values.has(file.partition_values[partition] ?? null));
      relation = relationOf(after, files);
    }
    narrowed.set(
      lookup.relation,
      relation === null ? null : `(select rows.* from ${relation} as rows ${asked})`,
    );
  }
  return narrowed;
}
