import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { GristmillError } from "../lib/errors.js";
import type { DataPaths } from "../lib/paths.js";
import { applyPlan } from "./apply-plan.js";
import { unfinishedPlans } from "./commit-plan.js";
import { sweep } from "./sweep.js";

/** What recovery found and did. */
export interface Recovery {
  /** Plans that were finished. */
  readonly finished: readonly string[];
  /** Plans that could not be: another engine had changed a table; their files are worked on again. */
  readonly dropped: readonly string[];
  /** What was swept, relative to the data folder. */
  readonly swept: readonly string[];
  readonly warnings: readonly string[];
}

/** Finish what a killed run had decided to publish, then sweep what it left. The caller holds the lock. */
export async function recover(
  paths: DataPaths,
  run: string | null,
  effects: FileEffects = nodeEffects,
): Promise<Recovery> {
  const finished: string[] = [];
  const dropped: string[] = [];
  const warnings: string[] = [];
  for (const plan of unfinishedPlans(paths)) {
    try {
      warnings.push(...(await applyPlan(paths, plan, effects)));
      finished.push(plan.id);
    } catch (error) {
      if (!(error instanceof GristmillError) || error.code !== "conflict") throw error;
      dropped.push(plan.id);
      warnings.push(error.message);
    }
  }
  return { finished, dropped, swept: sweep(paths, run === null ? [] : [run], effects), warnings };
}
