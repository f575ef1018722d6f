import type { Engine } from "../../engines/engine.js";
import { ident } from "../../engines/quote.js";
import type { ReferenceRule } from "./dataset-rules.js";
import { afterRunSelect, type RunState, stagedRelation } from "./staged-rows.js";

/** How many references of one file lead nowhere. */
export interface ReferenceCount {
  readonly path: string;
  /** Records that hold a value in the column. */
  readonly checked: number;
  readonly unknown: number;
  /** The smallest value that is unknown. */
  readonly example: string | null;
}

export interface ReferenceOffender {
  readonly path: string;
  readonly record: number;
  readonly value: string;
}

/**
 * Count what the staged records of a source refer to, against the table as it will be after the run. null when
 * there is nothing to compare: no staged record, or no such table before or after the run.
 */
export async function countReferences(
  engine: Engine,
  state: RunState,
  rule: ReferenceRule,
): Promise<readonly ReferenceCount[] | null> {
  const joined = joinedWithTarget(state, rule, "_file");
  if (joined === null) return null;
  const rows = await engine.all(
    `with mine as (${joined})
     select _file, count(*) as checked, count(*) filter (where known is null) as unknown,
            min(value) filter (where known is null) as example
     from mine group by _file order by _file`,
  );
  return rows.map((row) => ({
    path: String(row["_file"]),
    checked: Number(row["checked"]),
    unknown: Number(row["unknown"]),
    example: row["example"] === null ? null : String(row["example"]),
  }));
}

/** The staged records whose reference leads nowhere; needs `_record` in the staged rows. */
export async function findUnknownReferences(
  engine: Engine,
  state: RunState,
  rule: ReferenceRule,
): Promise<readonly ReferenceOffender[]> {
  const joined = joinedWithTarget(state, rule, "_file, _record");
  if (joined === null) return [];
  const rows = await engine.all(
    `with mine as (${joined}) select _file, _record, value from mine where known is null order by _file, _record`,
  );
  return rows.map((row) => ({
    path: String(row["_file"]),
    record: Number(row["_record"]),
    value: String(row["value"]),
  }));
}

function joinedWithTarget(state: RunState, rule: ReferenceRule, columns: string): string | null {
  const staged = stagedRelation(state.staged, rule.source);
  const target = afterRunSelect(state, rule.target, [rule.targetColumn]);
  if (staged === null || target === null) return null;
  return `select ${columns}, value, known from
    (select ${columns}, cast(${ident(rule.column)} as varchar) as value from ${staged}
     where ${ident(rule.column)} is not null) as mine
    left join (select distinct cast(${ident(rule.targetColumn)} as varchar) as known from (${target}) as rows_after)
      as target on mine.value = target.known`;
}
