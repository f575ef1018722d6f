import type { Rollback } from "../lake/rollback.js";
import { GristmillError } from "../lib/errors.js";
import { withDataLock } from "../runs/data-lock.js";
import { rollBack } from "../runs/rollback.js";
import type { CommandSpec } from "./command.js";

/** `gristmill rollback RUN`: undo that run and all after it, as new versions. */
export const command: CommandSpec = {
  configure: (sub) => sub.argument("<run>", "the first run to undo"),
  execute: async (context, _, [run]) => {
    if (run === undefined) throw new GristmillError("bad_flag", "rollback wants the id of a run");
    const done = await withDataLock(context.paths, () => rollBack(context, run));
    if (context.json) context.print(JSON.stringify(done));
    else for (const line of told(done)) context.print(line);
    return 0;
  },
};

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
