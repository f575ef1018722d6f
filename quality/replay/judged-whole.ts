import { join } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";
import { withJsonRows } from "../../lake/json-rows.js";
import type { StagingPaths } from "../../lib/paths.js";
import type { JobResult } from "../../lib/run-types.js";
import { markedRows, type Replayed } from "./replayed-file.js";

/** A held file that was judged whole again, as the next run would: none of its records stands in a table. */
export interface JudgedWhole {
  readonly job: string;
  /** What the worker handed over for the file as it lies in raw/. */
  readonly whole: JobResult;
  /** Relation of its records in the quarantine table. */
  readonly quarantine: string;
  /** The ids of the records that were asked for. */
  readonly ids: readonly string[];
}

/**
 * The hand-over of a held file whose quarantined records are judged as they stand.
 * Records that were mended before are judged as raw/ has them.
 */
export async function mergeWhole(
  engine: Engine,
  staging: StagingPaths,
  run: string,
  { job, whole, quarantine, ids }: JudgedWhole,
): Promise<Replayed> {
  const failed =
    whole.quarantined.length === 0
      ? `select id from ${quarantine} where false`
      : `select id from read_parquet([${whole.quarantined.map(literal).join(", ")}], union_by_name = true)`;
  await engine.run(`create or replace temp table replay_failed as ${failed}`);
  await withJsonRows(
    ids.map((id) => ({ id })),
    [{ name: "id", type: "string" }],
    staging.temp,
    (asked) =>
      engine.run(`create or replace temp table replay_passed as
        select id from (${asked}) where id not in (select id from replay_failed)`),
  );
  const [counted] = await engine.all("select count(*) as n from replay_passed");
  const passed = Number(counted?.["n"] ?? 0);
  if (passed === 0) return { kind: "nothing" };
  const marked = join(staging.work, `${job}-whole`, "marked.parquet");
  const left = `(select * from ${quarantine} where id not in (select id from replay_failed))`;
  await engine.copy(markedRows(left, run), { to: marked });
  return { kind: "merged", merged: { result: { ...whole, job }, marked, passed } };
}
