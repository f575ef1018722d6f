import { writeDashboard } from "../monitoring/dashboard/dashboard.js";
import { ensureRunFile } from "./finish/run-file-so-far.js";
import { programFlags } from "./program-flags.js";
import type { RunContext } from "./run-context.js";
import type { StageOutcome } from "./stage-outcome.js";

/** The stage `dashboard`: the page that people look at in the morning. */
export async function dashboardStage(context: RunContext): Promise<StageOutcome> {
  ensureRunFile(context.paths, context.run());
  const written = await writeDashboard(context.paths, context.run(), {
    thresholds: context.config().thresholds,
    flags: programFlags(context.paths, context.configDir),
  });
  return { exitCode: 0, said: written.headline, result: written };
}
