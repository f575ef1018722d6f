import { archiveStage } from "../runs/archive.js";
import type { CommandSpec } from "./command.js";
import { printStage } from "./print-stage.js";

/** Stage: keep what the run read and said, and drop what is too old. */
export const command: CommandSpec = {
  configure: () => undefined,
  execute: async (context) => printStage(context, await archiveStage(context)),
};
