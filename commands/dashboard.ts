import { dashboardStage } from "../runs/dashboard.js";
import type { CommandSpec } from "./command.js";
import { printStage } from "./print-stage.js";

/** Stage: draw the page that people look at in the morning. */
export const command: CommandSpec = {
  configure: () => undefined,
  execute: async (context) => printStage(context, await dashboardStage(context)),
};
