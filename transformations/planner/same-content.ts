import { join } from "node:path";
import { parquetRelation } from "../../engines/parquet.js";
import { ident } from "../../engines/quote.js";
import type { TableChange } from "../../lib/table-types.js";
import type { BoundModel } from "./bind-models.js";
import { sameColumns } from "./columns.js";
import type { TransformContext } from "./context.js";
import { relationOf } from "./tables.js";

/** Whether a change of a whole unpartitioned table leaves the same rows as before, whatever their order. */
export async function sameContent(
  context: TransformContext,
  bound: BoundModel,
  change: TableChange,
): Promise<boolean> {
  const own = context.tables.state(bound.table).before;
  if (own === null || own.partitionBy.length > 0 || !sameColumns(own.columns, change.columns)) return false;
  const folder = join(context.staging.tables, ...bound.table.split("/"));
  const added = change.adds.map((file) => join(folder, file.path));
  const before = await contentHash(context, bound, relationOf(own, own.files));
  const after = await contentHash(context, bound, added.length === 0 ? null : parquetRelation(added));
  return before === after;
}

async function contentHash(
  context: TransformContext,
  bound: BoundModel,
  relation: string | null,
): Promise<string> {
  if (relation === null) return "";
  const list = bound.tableColumns.map(({ name }) => ident(name)).join(", ");
  const rows = await context.engine.all(
    `select count(*) as n, sum(cast(hash(${list}) as hugeint)) as h from ${relation} as content`,
  );
  return `${rows[0]?.["n"]}:${rows[0]?.["h"]}`;
}
