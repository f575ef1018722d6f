import { randomBytes } from "node:crypto";
import { type Rollback, rollback } from "../lake/rollback.js";
import { listTables } from "../lake/tables.js";
import { GristmillError } from "../lib/errors.js";
import { stagingPaths } from "../lib/paths.js";
import { withDataLock } from "../runs/data-lock.js";
import { openStageEngine } from "../runs/stage-engine.js";
import { writeExports } from "../transformations/formatter/write-exports.js";
import type { CommandContext, CommandSpec } from "./command.js";

/** `gristmill rollback RUN`: undo that run and all after it, as new versions. */
export const command: CommandSpec = {
  configure: (sub) => sub.argument("<run>", "the first run to undo"),
  execute: async (context, _, [run]) => {
    if (run === undefined) throw new GristmillError("bad_flag", "rollback wants the id of a run");
    const done = await withDataLock(context.paths, () => undo(context, run));
    if (context.json) context.print(JSON.stringify(done));
    else for (const line of told(done)) context.print(line);
    return 0;
  },
};

async function undo(context: CommandContext, run: string): Promise<Rollback> {
  const now = Date.now();
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  const id = `${stamp}-rollback-${randomBytes(2).toString("hex")}`;
  const engine = await openStageEngine(context.config(), stagingPaths(context.paths, id).temp);
  try {
    const done = await rollback(context.paths, { run, id, now, engine });
    await writeExports(async () => engine, context.paths, listTables(context.paths));
    return done;
  } finally {
    engine.close();
  }
}

function told(done: Rollback): readonly string[] {
  return [
    `undone: ${done.runs.join(", ")}`,
    ...Object.entries(done.tables).map(([table, version]) =>
      version < 0 ? `${table} is empty again` : `${table} is as at version ${version}`,
    ),
    ...Object.entries(done.foreign).map(
      ([table, versions]) => `${table}: versions ${versions.join(", ")} by another engine went too`,
    ),
    `${done.waiting.length} files wait for --rework; the dashboard follows with the next run`,
  ];
}
