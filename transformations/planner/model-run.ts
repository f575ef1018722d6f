import type { LiveFile } from "../../lake/snapshot.js";
import { bronzeRelation } from "../bronze/bronze-select.js";
import { settleKeys } from "../identity/source-latest.js";
import { partitionColumn } from "../sources/source-spec.js";
import type { BoundModel } from "./bind-models.js";
import type { TransformContext } from "./context.js";
import type { ModelPlan } from "./plan-model.js";
import { filesIn } from "./tables.js";

/** One model's work in one run. */
export interface ModelRun {
  readonly context: TransformContext;
  readonly bound: BoundModel;
  readonly models: ReadonlyMap<string, BoundModel>;
  readonly plan: ModelPlan;
  /** Whether several rows share a key, among those that its source gives. */
  readonly repeatedKeys: boolean;
}

/** Settle which rows of the model's source win, before any of them is read. */
export async function startRun(run: Omit<ModelRun, "repeatedKeys">): Promise<ModelRun> {
  const { source } = run.bound;
  if (source === null) return { ...run, repeatedKeys: false };
  const { driver, touched } = run.plan;
  const inside = filesIn(driver, touched);
  const chosen = new Set(inside.map((file) => file.path));
  const repeatedKeys = await settleKeys(run.context.engine, {
    source,
    partition: partitionColumn(source),
    inside: bronzeRelation(source, driver, inside),
    outside: bronzeRelation(
      source,
      driver,
      driver.files.filter((file) => !chosen.has(file.path)),
    ),
    best: run.context.carriers.best,
  });
  return { ...run, repeatedKeys };
}

/** Whether the statistics leave open that a row has no value in one of the columns. */
export function mayBeNull(files: readonly LiveFile[], columns: readonly string[]): boolean {
  return files.some((file) => {
    const nulls = file.stats()?.nullCount;
    return columns.some((column) => nulls?.[column] !== 0);
  });
}
