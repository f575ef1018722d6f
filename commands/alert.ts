import { alertStage } from "../runs/alert.js";
import type { CommandSpec } from "./command.js";
import { printStage } from "./print-stage.js";

/** Stage: tell people what is wrong, once. */
export const command: CommandSpec = {
  configure: () => undefined,
  execute: async (context) => printStage(context, await alertStage(context)),
};
