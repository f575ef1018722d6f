import { ident } from "../../engines/quote.js";
import type { BronzeDelta } from "../bronze/bronze-change.js";
import { bronzeRelation } from "../bronze/bronze-select.js";
import { mayHoldKeys } from "../identity/key-statistics.js";
import { keyHash } from "../identity/latest.js";
import { partitionColumn, type SourceSpec } from "../sources/source-spec.js";
import type { TransformContext } from "./context.js";
import type { PartitionValue, Touched } from "./partitions.js";
import { partitionOf } from "./tables.js";

/** Relation of the hashes of all keys that a run's bronze change names, after `noteChangedKeys`. */
export const CHANGED_KEYS = "scratch.changed_keys";

export async function noteChangedKeys(
  context: TransformContext,
  source: SourceSpec,
  delta: BronzeDelta,
): Promise<void> {
  // whatever a new table holds is changed
  if (context.tables.state(`processed/${source.name}`).before === null) return;
  const changed = await delta.changedRows(context);
  await context.engine.run(`create or replace table ${CHANGED_KEYS} as
    select distinct h from (select ${keyHash(source)} as h from (${changed}) as changed) where h is not null`);
}

/**
 * Partitions of a source whose rows of one an identity may differ after the run: those with changed rows, and
 * those where other versions of the changed keys lie. Needs `noteChangedKeys`.
 */
export async function sourceTouched(
  context: TransformContext,
  source: SourceSpec,
  delta: BronzeDelta | null,
): Promise<Touched> {
  if (delta === null) return "none";
  const unit = partitionColumn(source);
  const { before, after } = context.tables.state(`processed/${source.name}`);
  if (unit === null || before === null || after === null) return "all";
  const values = new Set<PartitionValue>(delta.partitions);
  const others = after.files.filter(
    (file) => !values.has(partitionOf(after, file)) && mayHoldKeys(file, source.key),
  );
  const relation = bronzeRelation(source, after, others);
  if (relation !== null) {
    const found = await context.engine.all(`select distinct cast(rows.value as varchar) as value
      from (select ${ident(unit)} as value, ${keyHash(source)} as h from ${relation} as bronze) as rows
      semi join ${CHANGED_KEYS} as changed on changed.h = rows.h`);
    for (const row of found) values.add(row["value"] === null ? null : String(row["value"]));
  }
  return { unit, values };
}
