import type { Engine } from "../../engines/engine.js";
import { ident } from "../../engines/quote.js";
import { sqlType } from "../../lake/columns.js";
import { columnsOf } from "../../lake/write-files.js";
import { GristmillError, messageOf } from "../../lib/errors.js";
import type { TableColumn } from "../../lib/table-types.js";

/** `cast(null as …) as "name"`. */
export function typedNull(column: TableColumn): string {
  return `cast(null as ${sqlType(column.type)}) as ${ident(column.name)}`;
}

/** Names and Delta types of what a model gives. Throws bad_model where it does not bind or a type has no place. */
export async function modelColumns(
  engine: Engine,
  file: string,
  sql: string,
): Promise<readonly TableColumn[]> {
  try {
    return await columnsOf(engine, sql);
  } catch (error) {
    throw new GristmillError("bad_model", `${file}: ${messageOf(error)}`, { cause: error });
  }
}

export function sameColumns(a: readonly TableColumn[], b: readonly TableColumn[]): boolean {
  return JSON.stringify(a.map((c) => [c.name, c.type])) === JSON.stringify(b.map((c) => [c.name, c.type]));
}
