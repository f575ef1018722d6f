import { finishRun } from "../runs/finish.js";
import type { CommandSpec } from "./command.js";

/** End a run: its file, its summary, its staging folder. */
export const command: CommandSpec = {
  configure: (command) => command.requiredOption("--exit-code <n>", "exit code of the run so far"),
  execute: async (context, options) => {
    for (const line of finishRun(context, Number(options["exitCode"]))) context.print(line);
    return 0;
  },
};
