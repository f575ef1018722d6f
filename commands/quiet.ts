import { quietRun } from "../runs/quiet.js";
import type { CommandSpec } from "./command.js";

/**
 * A run without news, from check to its end, in one process. Prints `stage`, its name, its seconds and what it says,
 * tab-separated, then the summary.
 */
export const command: CommandSpec = {
  configure: () => undefined,
  execute: async (context) => {
    const { stages, summary, exitCode } = await quietRun(context);
    for (const { name, seconds, said, exitCode: code } of stages) {
      const fault = code === 0 || code === 65 ? "" : ` (exit ${code})`;
      context.print(`stage\t${name}\t${seconds.toFixed(1)}\t${said}${fault}`);
    }
    for (const line of summary) context.print(line);
    return exitCode;
  },
};
