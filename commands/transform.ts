import { transformStage } from "../runs/transform.js";
import type { CommandSpec } from "./command.js";
import { printStage } from "./print-stage.js";

/** Stage: write what the run changes in the tables beside them. */
export const command: CommandSpec = {
  configure: (command) => command.option("--rebuild", "make all derived tables anew", false),
  execute: async (context, options) =>
    printStage(context, await transformStage(context, options["rebuild"] === true)),
};
