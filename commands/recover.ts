import { recover } from "../lake/recover.js";
import type { CommandSpec } from "./command.js";

/** Finish what a killed run had decided to publish, and sweep what it left; discover does the same. */
export const command: CommandSpec = {
  configure: () => undefined,
  execute: async (context) => {
    const recovery = await recover(context.paths, context.run());
    if (context.json) {
      context.print(JSON.stringify(recovery));
      return 0;
    }
    for (const plan of recovery.finished) context.print(`finished the plan of ${plan}`);
    for (const plan of recovery.dropped) context.print(`dropped the plan of ${plan}`);
    for (const path of recovery.swept) context.print(`swept ${path}`);
    for (const warning of recovery.warnings) context.log("recover").warn(warning);
    return 0;
  },
};
