import { ident } from "../../engines/quote.js";
import type { TableColumn } from "../../lib/table-types.js";
import { relationName } from "./bind-models.js";
import { typedNull } from "./columns.js";
import type { TransformContext } from "./context.js";

/**
 * Point a relation that models read at some rows. `rows`: a relation, null for none; columns that it lacks
 * (a table leaves out what the schema drops) are null.
 */
export async function bindView(
  context: TransformContext,
  name: string,
  columns: readonly TableColumn[],
  rows: { readonly relation: string; readonly has: ReadonlySet<string> } | null,
): Promise<void> {
  const list = columns.map((column) =>
    rows?.has.has(column.name) === true ? ident(column.name) : typedNull(column),
  );
  const from = rows === null ? "where false" : `from ${rows.relation} as rows`;
  await context.engine.run(
    `create or replace view ${relationName(name)} as select ${list.join(", ")} ${from}`,
  );
}
