import { variableWarnings } from "../lib/config-variables.js";
import { coresAtHand, memoryAtHandMb } from "../lib/machine.js";
import { discoverOptions } from "../runs/discover/options.js";
import { planLines } from "../runs/discover/plan-lines.js";
import { stageLines } from "../runs/discover/stage-lines.js";
import { workersFor } from "../runs/discover/workers.js";
import { discoverStage, previewRun } from "../runs/discover.js";
import type { CommandSpec } from "./command.js";

/** Stage: find what there is to work on; --plan prints it and changes nothing. */
export const command: CommandSpec = {
  configure: (command) =>
    command
      .option("--as-of <date>", "date of the run, YYYY-MM-DD (default: today, UTC)")
      .option("--workers <n>", "worker processes (default: data_workers)")
      .option("--source <name>", "only this source; may be given more than once", collect, [])
      .option("--engine <name>", "duckdb or spark", "duckdb")
      .option("--rework", "work on every file again", false)
      .option("--rehash", "distrust the cache of hashes", false)
      .option("--rebuild", "make all derived tables anew", false)
      .option("--plan", "print what would run, and change nothing", false),
  execute: async (context, raw) => {
    const now = Date.now();
    const config = context.config();
    for (const warning of variableWarnings({ configDir: context.configDir, environment: process.env }))
      process.stderr.write(`gristmill: ${warning}\n`);
    const options = discoverOptions(raw, config, now);
    const machine = workersFor(config.settings, options.workers, coresAtHand(), memoryAtHandMb());
    if (options.planOnly) {
      const planned = await previewRun(context, options, now);
      const lines = context.json ? [JSON.stringify(planned, null, 1)] : planLines(planned);
      for (const line of lines) context.print(line);
      return 0;
    }
    const { plan, jobs, news } = await discoverStage(context, options, machine, now);
    for (const line of stageLines(plan, jobs, { config, news })) context.print(line);
    return 0;
  },
};

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
