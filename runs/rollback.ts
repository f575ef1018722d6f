import { type Rollback, rollback } from "../lake/rollback.js";
import { listTables } from "../lake/tables.js";
import { stagingPaths } from "../lib/paths.js";
import { writeExports } from "../transformations/formatter/write-exports.js";
import type { RunContext } from "./run-context.js";
import { operationId } from "./run-id.js";
import { openStageEngine } from "./stage-engine.js";

/** Undo a run and all after it, as new versions, and make the exports anew. The caller holds the lock. */
export async function rollBack(context: RunContext, run: string): Promise<Rollback> {
  const now = Date.now();
  const id = operationId(new Date(now), "rollback");
  const engine = await openStageEngine(context.config(), stagingPaths(context.paths, id).temp);
  try {
    const done = await rollback(context.paths, { run, id, now, engine });
    await writeExports(async () => engine, context.paths, listTables(context.paths));
    return done;
  } finally {
    engine.close();
  }
}
