import { existsSync } from "node:fs";
import { applyPlan } from "../lake/apply-plan.js";
import { commitPlanFile, makeCommitPlan, writeCommitPlan } from "../lake/commit-plan.js";
import { ledgerChange, readLedger } from "../lake/ledger.js";
import { recover } from "../lake/recover.js";
import { nodeEffects } from "../lib/effects.js";
import { stagingPaths } from "../lib/paths.js";
import { releaseEntry } from "../quality/quarantine/release.js";
import type { RunContext } from "./run-context.js";
import { operationId } from "./run-id.js";
import { openStageEngine } from "./stage-engine.js";

/** False when it was released before. The caller holds the lock. */
export async function releaseFile(context: RunContext, path: string): Promise<boolean> {
  const { paths } = context;
  await recover(paths, null);
  const at = new Date();
  const id = operationId(at, "release");
  const staging = stagingPaths(paths, id);
  const engine = await openStageEngine(context.config(), staging.temp);
  try {
    const ledger = await readLedger(paths);
    const entry = await releaseEntry(engine, paths, ledger, path, at.toISOString());
    if (entry === null) return false;
    const change = await ledgerChange(engine, ledger, [entry], { staging, operation: "RELEASE" });
    const changes = change === null ? [] : [change];
    const plan = await makeCommitPlan(paths, {
      id,
      run: id,
      now: at.getTime(),
      changes,
      run_file: null,
      done: [],
    });
    await writeCommitPlan(paths, plan);
    await applyPlan(paths, plan);
    return true;
  } finally {
    engine.close();
    // a plan that could not be carried out is finished by the next run, from these files
    if (!existsSync(commitPlanFile(paths, id))) nodeEffects.remove(staging.root);
  }
}
