import type { Engine } from "../../engines/engine.js";
import { ident } from "../../engines/quote.js";
import type { UniqueRule } from "./dataset-rules.js";
import {
  afterRunSelect,
  arrivingSelect,
  type RunState,
  stagedRelation,
  stayingSelect,
} from "./staged-rows.js";

export interface RepeatCount {
  readonly path: string;
  readonly repeats: number;
}

/** Records of each staged file that repeat a key which stands earlier in the same file (null keys aside). */
export async function countRepeats(
  engine: Engine,
  state: RunState,
  source: string,
  key: readonly string[],
): Promise<readonly RepeatCount[]> {
  const staged = stagedRelation(state.staged, source);
  if (staged === null) return [];
  const columns = key.map(ident).join(", ");
  const rows = await engine.all(
    `with keys as (select _file, count(*) as copies from ${staged} where ${notNull(key)} group by _file, ${columns})
     select _file, sum(copies - 1) as repeats from keys group by _file having sum(copies - 1) > 0`,
  );
  return rows.map((row) => ({ path: String(row["_file"]), repeats: Number(row["repeats"]) }));
}

/** Records beyond the first of each key, in the table as it will be after the run. */
export async function countDuplicates(engine: Engine, state: RunState, rule: UniqueRule): Promise<number> {
  const after = afterRunSelect(state, rule.source, rule.columns);
  if (after === null) return 0;
  const columns = rule.columns.map(ident).join(", ");
  const rows = await engine.all(
    `with keys as (select count(*) as copies from (${after}) as rows_after
       where ${notNull(rule.columns)} group by ${columns})
     select coalesce(sum(copies - 1), 0) as duplicates from keys`,
  );
  return Number(rows[0]?.["duplicates"] ?? 0);
}

export interface DuplicateOffender {
  readonly path: string;
  readonly record: number;
  readonly value: string;
}

/** Arriving records whose key stands already: in the table, or earlier in this run by path and record. */
export async function findDuplicates(
  engine: Engine,
  state: RunState,
  rule: UniqueRule,
): Promise<readonly DuplicateOffender[]> {
  const arriving = arrivingSelect(state, rule.source, ["_file", "_record", ...rule.columns]);
  if (arriving === null) return [];
  const columns = rule.columns.map(ident).join(", ");
  const staying = stayingSelect(state, rule.source, rule.columns);
  const known =
    staying === null
      ? ""
      : ` or (${columns}) in (select (${columns}) from (${staying}) as staying where ${notNull(rule.columns)})`;
  const value = rule.columns.map((column) => `cast(${ident(column)} as varchar)`).join(" || ', ' || ");
  const rows = await engine.all(
    `with arriving as (select *, row_number() over (partition by ${columns} order by _file, _record) as nth
       from (${arriving}) as staged where ${notNull(rule.columns)})
     select _file, _record, ${value} as value from arriving where nth > 1${known} order by _file, _record`,
  );
  return rows.map((row) => ({
    path: String(row["_file"]),
    record: Number(row["_record"]),
    value: String(row["value"]),
  }));
}

function notNull(columns: readonly string[]): string {
  return columns.map((column) => `${ident(column)} is not null`).join(" and ");
}
