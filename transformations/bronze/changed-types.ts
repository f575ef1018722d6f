import { ident } from "../../engines/quote.js";
import { sqlType } from "../../lake/columns.js";
import { relation } from "../../lake/relation.js";
import type { Snapshot } from "../../lake/snapshot.js";
import { GristmillError } from "../../lib/errors.js";
import type { TransformContext } from "../planner/context.js";
import type { SourceSpec } from "../sources/source-spec.js";

/**
 * Whether the contract now gives a column of the table another type, so that all of its files are to be written
 * anew. Throws schema_conflict when an old value would not be the same in the new type.
 */
export async function typesChanged(
  context: TransformContext,
  source: SourceSpec,
  before: Snapshot,
): Promise<boolean> {
  const old = new Map(before.columns.map(({ name, type }) => [name, type]));
  const changed = source.columns.filter(
    ({ name, deltaType }) => old.has(name) && old.get(name) !== deltaType,
  );
  for (const column of changed) {
    const name = ident(column.name);
    const oldType = sqlType(old.get(column.name) ?? "string");
    const back = `try_cast(try_cast(${name} as ${column.sqlType}) as ${oldType})`;
    const rows = await context.engine.all(
      `select count(*) as n from ${relation(before)} as live where ${back} is distinct from ${name}`,
    );
    const lost = Number(rows[0]?.["n"]);
    if (lost > 0)
      throw new GristmillError(
        "schema_conflict",
        `processed/${source.name} holds ${column.name} as ${oldType}, its contract now says ${column.sqlType}, and ` +
          `${lost} values do not fit: take the change back, or run with --rework while all files lie in raw/`,
      );
  }
  return changed.length > 0;
}
