import { unfinishedPlans } from "../lake/commit-plan.js";
import { readLedger } from "../lake/ledger.js";
import { type Publication, publishRun } from "../lake/publish-run.js";
import { listTables } from "../lake/tables.js";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { readJson } from "../lib/json-file.js";
import { stagingPaths } from "../lib/paths.js";
import type { RunPlan, RunVerdict } from "../lib/run-types.js";
import { replacedPaths } from "../transformations/bronze/replaced-paths.js";
import { freshChanges } from "./fresh-changes.js";
import { withLazyEngine } from "./lazy-engine.js";
import type { RunContext } from "./run-context.js";
import { openStageEngine } from "./stage-engine.js";
import type { StageOutcome } from "./stage-outcome.js";

const DAY_MS = 86_400_000;

/** The stage `publish`: commit what the run changes, all of it or nothing. Throws conflict, file_system. */
export async function publishStage(context: RunContext): Promise<StageOutcome> {
  const { tables, warnings } = await publish(context);
  const log = context.log("publish");
  for (const warning of warnings) log.warn(warning);
  log.info("published", { tables: tables.length });
  return { exitCode: 0, said: `${tables.length} tables have a new version` };
}

/** Publish what the run's transform left, durably and at once. Throws conflict, file_system. */
export async function publish(context: RunContext, effects: FileEffects = nodeEffects): Promise<Publication> {
  const { paths } = context;
  const run = context.run();
  const staging = stagingPaths(paths, run);
  const verdict = readJson<RunVerdict>(staging.verdict);
  const changes = await freshChanges(context);
  return withLazyEngine(
    () => openStageEngine(context.config(), staging.temp),
    async (engine) => {
      const plan = readJson<RunPlan>(staging.plan);
      const days = context.config().retention.table_days;
      const published = await publishRun(paths, {
        plan,
        verdict,
        changes,
        moved: replacedPaths(verdict.files, (await readLedger(paths)).entries).moved,
        now: Date.now(),
        retentionDays: days,
        engine,
        effects,
      });
      // a plan that waits knows its commits by their text
      if (plan.rebuild && unfinishedPlans(paths).length === 0) {
        const { cleanPersonalLogs } = await import("./personal-logs.js");
        const keepFrom = days === 0 ? 0 : Date.now() - days * DAY_MS;
        await cleanPersonalLogs(context.config(), paths, { engine, tempFolder: staging.temp, keepFrom });
      }
      const { writeExports } = await import("../transformations/formatter/write-exports.js");
      const exported = await writeExports(engine, paths, listTables(paths), effects);
      return { ...published, warnings: [...published.warnings, ...exported.warnings] };
    },
  );
}
