import { leaveMeasure, measuring } from "../lib/measure.js";
import { stagingPaths } from "../lib/paths.js";
import { reportError } from "../lib/report-error.js";
import { command as alert } from "./alert.js";
import { command as check } from "./check.js";
import type { CommandContext, CommandSpec } from "./command.js";
import { command as dashboard } from "./dashboard.js";
import { command as finish } from "./finish.js";

const stages = { check, dashboard, alert } as const;

/**
 * A run that found nothing new, from check to its end, in one process: most nights are such, and each process costs
 * a third of a second. Prints `stage`, its name, its seconds and what it says, tab-separated, then the summary.
 */
export const command: CommandSpec = {
  configure: (command) => command.option("--quiet", "print no summary", false),
  execute: async (context, options) => {
    let exitCode = 0;
    for (const [name, stage] of Object.entries(stages)) {
      const code = await runStage(context, name, stage);
      exitCode = worse(exitCode, code);
    }
    return worse(exitCode, await finish.execute(context, { ...options, exitCode }, []));
  },
};

async function runStage(context: CommandContext, name: string, stage: CommandSpec): Promise<number> {
  const measure = measuring(name);
  const lines: string[] = [];
  let code: number;
  try {
    code = await stage.execute({ ...context, print: (line) => lines.push(line) }, {}, []);
  } catch (error) {
    code = reportError(error);
  }
  const measured = measure();
  leaveMeasure(stagingPaths(context.paths, context.run()), measured);
  const said = lines.at(-1)?.replace(/^said\t/, "") ?? "";
  const fault = code === 0 || code === 65 ? "" : ` (exit ${code})`;
  context.print(`stage\t${name}\t${measured.seconds.toFixed(1)}\t${said}${fault}`);
  return code;
}

/** A fault beats bad configuration beats a held file. */
function worse(before: number, code: number): number {
  const rank = [0, 65, 78];
  const rankOf = (one: number): number => (rank.includes(one) ? rank.indexOf(one) : rank.length);
  return rankOf(code) > rankOf(before) ? code : before;
}
