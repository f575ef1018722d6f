import { type AlertOutcome, sendAlerts } from "../monitoring/alerts/alert.js";
import { writeMetrics } from "../monitoring/metrics/metrics.js";
import { ensureRunFile } from "./finish/run-file-so-far.js";
import { programFlags } from "./program-flags.js";
import type { RunContext } from "./run-context.js";
import type { StageOutcome } from "./stage-outcome.js";

/** The stage `alert`: tell people what is wrong, once, and write the metrics. */
export async function alertStage(context: RunContext): Promise<StageOutcome> {
  const run = context.run();
  ensureRunFile(context.paths, run);
  const outcomes = await sendAlerts(context.paths, run, context.config().alerts, {
    environment: process.env,
    now: Date.now,
    flags: programFlags(context.paths, context.configDir),
  });
  writeMetrics(context.paths, run);
  return { exitCode: 0, said: saidOf(outcomes), result: outcomes };
}

function saidOf(outcomes: readonly AlertOutcome[]): string {
  const failed = outcomes.filter(({ outcome }) => outcome.startsWith("failed"));
  if (failed.length > 0) return failed.map(({ channel, outcome }) => `${channel} ${outcome}`).join("; ");
  if (outcomes.length === 0) return "quality_alert.txt is written";
  return outcomes.map(({ channel, outcome }) => `${channel}: ${outcome}`).join("; ");
}
