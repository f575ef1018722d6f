import { bronzeRelation } from "../bronze/bronze-select.js";
import { mayHoldKeys } from "../identity/key-statistics.js";
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
  const inside = new Set(filesIn(driver, touched).map((file) => file.path));
  const keyed = driver.files.filter((file) => mayHoldKeys(file, source.key));
  const side = (isInside: boolean): string | null =>
    bronzeRelation(
      source,
      driver,
      keyed.filter((file) => inside.has(file.path) === isInside),
    );
  const repeatedKeys = await settleKeys(run.context.engine, {
    source,
    partition: partitionColumn(source),
    inside: side(true),
    outside: side(false),
    best: run.context.carriers.best,
  });
  return { ...run, repeatedKeys };
}
