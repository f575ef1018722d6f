import { checkStage } from "../runs/check.js";
import type { CommandSpec } from "./command.js";
import { printStage } from "./print-stage.js";

/** Stage: gate every file, check the data as a whole, write the reports. */
export const command: CommandSpec = {
  configure: () => undefined,
  execute: async (context) => printStage(context, await checkStage(context)),
};
