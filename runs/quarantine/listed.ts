import type { Engine } from "../../engines/engine.js";
import {
  countQuarantine,
  type QuarantineCount,
  type QuarantineFilter,
  type QuarantineRow,
  sizeOfQuarantine,
} from "../../quality/quarantine/browse.js";
import type { RunContext } from "../run-context.js";
import { shownRecords } from "./show.js";

/** What a filter finds in quarantine: all counted, the first `limit` records at hand. */
export interface ListedRecords {
  readonly records: number;
  readonly counts: readonly QuarantineCount[];
  readonly rows: readonly QuarantineRow[];
}

export async function listRecords(
  context: RunContext,
  engine: Engine,
  filter: QuarantineFilter,
  limit: number,
): Promise<ListedRecords> {
  const counts = await countQuarantine(engine, context.paths, filter);
  const records = await sizeOfQuarantine(engine, context.paths, filter);
  return { records, counts, rows: limit === 0 ? [] : await shownRecords(context, engine, filter, limit) };
}
