import type { Snapshot } from "../../lake/snapshot.js";
import { bronzeRelation } from "../bronze/bronze-select.js";
import { REPEATED_KEYS, supersededRows } from "../identity/source-latest.js";
import { partitionColumn } from "../sources/source-spec.js";
import type { BoundModel } from "./bind-models.js";
import type { TransformContext } from "./context.js";
import type { ModelPlan } from "./plan-model.js";
import { CHANGED_KEYS } from "./source-touched.js";
import { filesIn } from "./tables.js";

/** By how many the run changes the rows that another one stands for, and those that a later version replaces. */
export interface Identities {
  readonly duplicates: number;
  readonly superseded: number;
}

/** Right after the model of `enriched/<source>` has run. */
export async function identitiesOf(
  context: TransformContext,
  bound: BoundModel,
  plan: ModelPlan,
): Promise<Identities> {
  const { source } = bound;
  if (source === null) return { duplicates: 0, superseded: 0 };
  const bronze = context.tables.state(`processed/${source.name}`);
  const enriched = context.tables.state(bound.table);
  const partition = partitionColumn(source);
  const count = async (snapshot: Snapshot | null, keys: string): Promise<number> => {
    const relation =
      snapshot === null ? null : bronzeRelation(source, snapshot, filesIn(snapshot, plan.touched));
    return await supersededRows(context.engine, { source, partition, relation }, keys);
  };
  // keys with one row have no version to supersede; a table without a past needs only the others
  const after = await count(bronze.after, bronze.before === null ? REPEATED_KEYS : CHANGED_KEYS);
  const superseded = after - (await count(bronze.before, CHANGED_KEYS));
  const rows = rowsOf(bronze.after) - rowsOf(bronze.before);
  const identities = rowsOf(enriched.after) - rowsOf(enriched.before);
  return { duplicates: rows - identities - superseded, superseded };
}

function rowsOf(snapshot: Snapshot | null): number {
  return snapshot === null ? 0 : snapshot.files.reduce((sum, file) => sum + file.rows, 0);
}
