import { type AlertOutcome, sendAlerts } from "../monitoring/alerts/alert.js";
import { writeMetrics } from "../monitoring/metrics/metrics.js";
import { ensureRunFile } from "../runs/finish/run-file-so-far.js";
import { programFlags } from "../runs/program-flags.js";
import type { CommandSpec } from "./command.js";

export const command: CommandSpec = {
  configure: () => undefined,
  execute: async (context) => {
    const run = context.run();
    ensureRunFile(context.paths, run);
    const outcomes = await sendAlerts(context.paths, run, context.config().alerts, {
      environment: process.env,
      now: Date.now,
      flags: programFlags(context.paths, context.configDir),
    });
    writeMetrics(context.paths, run);
    if (context.json) context.print(JSON.stringify(outcomes));
    else context.print(`said\t${saidOf(outcomes)}`);
    return 0;
  },
};

function saidOf(outcomes: readonly AlertOutcome[]): string {
  const failed = outcomes.filter(({ outcome }) => outcome.startsWith("failed"));
  if (failed.length > 0) return failed.map(({ channel, outcome }) => `${channel} ${outcome}`).join("; ");
  if (outcomes.length === 0) return "quality_alert.txt is written";
  return outcomes.map(({ channel, outcome }) => `${channel}: ${outcome}`).join("; ");
}
