import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { applyPlan } from "../lake/apply-plan.js";
import { commitPlanFile, makeCommitPlan, writeCommitPlan } from "../lake/commit-plan.js";
import { ledgerChange, readLedger } from "../lake/ledger.js";
import { recover } from "../lake/recover.js";
import { nodeEffects } from "../lib/effects.js";
import { stagingPaths } from "../lib/paths.js";
import { releaseEntry } from "../quality/quarantine/release.js";
import { withDataLock } from "../runs/data-lock.js";
import { openStageEngine } from "../runs/stage-engine.js";
import type { CommandContext, CommandSpec } from "./command.js";

/** `gristmill release PATH`: recorded in the ledger; the next run works on the file and publishes it. */
export const command: CommandSpec = {
  configure: (sub) => {
    sub.argument("<path>", "path of a held file, relative to raw/");
  },
  execute: async (context, _, args) => {
    const path = args[0] ?? "";
    const isNew = await withDataLock(context.paths, () => release(context, path));
    if (context.json) context.print(JSON.stringify({ path, released: true, already: !isNew }));
    else if (isNew) context.print(`${path} is released: the next run publishes it whatever its score`);
    else context.print(`${path} was released already: the next run publishes it`);
    return 0;
  },
};

/** False when it was released before. The caller holds the lock. */
async function release(context: CommandContext, path: string): Promise<boolean> {
  const { paths } = context;
  await recover(paths, null);
  const at = new Date();
  const stamp = at.toISOString().replace(/[-:]|\.\d+/g, "");
  const id = `${stamp}-release-${randomBytes(2).toString("hex")}`;
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
