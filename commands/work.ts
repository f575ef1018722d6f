import { endWithStarter } from "../runs/work/start-part.js";
import { workStage } from "../runs/work.js";
import type { CommandSpec } from "./command.js";

/** `work --run R --job ID [--job ID]…`: judge the files of the jobs. Prints what the master counts for its progress. */
export const command: CommandSpec = {
  configure: (command) => {
    command
      .requiredOption("--job <id>", "job of the plan to work on; may be given more than once", collect, [])
      .option("--part <n>", "only this part of the work: for the processes that it starts itself", Number);
  },
  execute: async (context, options) => {
    endWithStarter();
    const part = typeof options["part"] === "number" ? options["part"] : null;
    await workStage(context, options["job"] as readonly string[], part, ({ files, records, bytes }) =>
      context.print(["worked", files, records, bytes].join("\t")),
    );
    return 0;
  },
};

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
