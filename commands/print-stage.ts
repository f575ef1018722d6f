import type { StageOutcome } from "../runs/stage-outcome.js";
import type { CommandContext } from "./command.js";

/** Print what a stage says, as the master reads it or as JSON. Returns its exit code. */
export function printStage(context: CommandContext, { said, result, exitCode }: StageOutcome): number {
  context.print(context.json && result !== undefined ? JSON.stringify(result) : `said\t${said}`);
  return exitCode;
}
