import { publishStage } from "../runs/publish.js";
import type { CommandSpec } from "./command.js";
import { printStage } from "./print-stage.js";

/** Stage: commit what the run changes, all of it or nothing. */
export const command: CommandSpec = {
  configure: () => undefined,
  execute: async (context) => printStage(context, await publishStage(context)),
};
