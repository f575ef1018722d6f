import { writeDashboard } from "../monitoring/dashboard/dashboard.js";
import { ensureRunFile } from "../runs/finish/run-file-so-far.js";
import { programFlags } from "../runs/program-flags.js";
import type { CommandSpec } from "./command.js";

export const command: CommandSpec = {
  configure: () => undefined,
  execute: async (context) => {
    ensureRunFile(context.paths, context.run());
    const written = await writeDashboard(context.paths, context.run(), {
      thresholds: context.config().thresholds,
      flags: programFlags(context.paths, context.configDir),
    });
    context.print(context.json ? JSON.stringify(written) : `said\t${written.headline}`);
    return 0;
  },
};
