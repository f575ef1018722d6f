import type { Snapshot } from "../../lake/snapshot.js";
import type { BronzeDelta } from "../bronze/bronze-change.js";
import type { Grain } from "../models/model.js";
import { partitionColumn } from "../sources/source-spec.js";
import type { BoundModel } from "./bind-models.js";
import { sameColumns } from "./columns.js";
import type { TransformContext } from "./context.js";
import { touchedByLookups } from "./lookups.js";
import { coarser, eitherTouched, type Touched, touchedIn } from "./partitions.js";
import { sourceTouched } from "./source-touched.js";

/** What of a model's table is made anew, and from what. */
export interface ModelPlan {
  /** The model's first input as it will stand. */
  readonly driver: Snapshot;
  readonly unit: Grain;
  /** In `unit`; never "none". */
  readonly touched: Touched;
}

/** Decide what a run must do for one model; null = nothing. */
export async function planModel(
  context: TransformContext,
  bound: BoundModel,
  models: ReadonlyMap<string, BoundModel>,
  delta: BronzeDelta | null,
): Promise<ModelPlan | null> {
  const driver = driverTable(context, bound, models);
  if (driver === null || driver.after === null) return null;
  const unit = unitOf(bound, driver.after);
  const plan = { driver: driver.after, unit };
  if (mustBeWhole(context, bound)) return { ...plan, touched: "all" };
  const byPartition =
    driver.after.partitionBy.length > 0 && (bound.source !== null || bound.model.grain !== null);
  if (!byPartition) {
    const changed =
      delta !== null ||
      bound.model.runDate.length > 0 ||
      inputsOf(context, bound, models).some((t) => t !== "none");
    return changed ? { ...plan, touched: "all" } : null;
  }
  const byDriver = bound.source === null ? driver.touched : await sourceTouched(context, bound.source, delta);
  const byLookups = await touchedByLookups(context, bound, models, unit);
  const touched = eitherTouched(touchedIn(byDriver, unit), byLookups);
  return touched === "none" ? null : { ...plan, touched };
}

function driverTable(context: TransformContext, bound: BoundModel, models: ReadonlyMap<string, BoundModel>) {
  if (bound.source !== null) return context.tables.state(`processed/${bound.source.name}`);
  const target = models.get(bound.model.facts.driver ?? "");
  return target === undefined ? null : context.tables.state(target.table);
}

function inputsOf(
  context: TransformContext,
  bound: BoundModel,
  models: ReadonlyMap<string, BoundModel>,
): readonly Touched[] {
  return bound.model.facts.inputs.map((name) => {
    const target = models.get(name);
    return target === undefined ? "none" : context.tables.state(target.table).touched;
  });
}

function unitOf(bound: BoundModel, driver: Snapshot): Grain {
  const unit: Grain = driver.partitionBy[0] === "month" ? "month" : "date";
  if (bound.source !== null) return partitionColumn(bound.source) ?? unit;
  return coarser(unit, bound.model.grain ?? unit);
}

/** The table is not there yet, has another shape, or everything is to be made anew. */
function mustBeWhole(context: TransformContext, bound: BoundModel): boolean {
  const own = context.tables.state(bound.table).before;
  return (
    context.rebuild ||
    own === null ||
    (own.partitionBy[0] ?? null) !== bound.partition ||
    !sameColumns(own.columns, bound.tableColumns)
  );
}
