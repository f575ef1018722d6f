import { join } from "node:path";
import { readLedger } from "../lake/ledger.js";
import { readJson } from "../lib/json-file.js";
import { stagingPaths } from "../lib/paths.js";
import type { FileVerdict, JobSpec, RunPlan, RunVerdict } from "../lib/run-types.js";
import { checkRun, exitCodeOf } from "../quality/checks/check-run.js";
import { openPublished } from "../quality/checks/published-tables.js";
import { withLazyEngine } from "./lazy-engine.js";
import type { RunContext } from "./run-context.js";
import { openStageEngine } from "./stage-engine.js";
import type { StageOutcome } from "./stage-outcome.js";

/**
 * The stage `check`: judge what the workers handed over, leaving verdict.json and one report per file. Exit code 65
 * when a file is held, 1 on a fault.
 */
export async function checkStage(context: RunContext): Promise<StageOutcome> {
  const staging = stagingPaths(context.paths, context.run());
  const plan = readJson<RunPlan>(staging.plan);
  const config = context.config();
  const isQuiet = plan.files.every((file) => file.action !== "work" && file.action !== "refused");
  const sources = Object.keys(config.sources).filter(
    (source) => !isQuiet || (config.rules[source]?.freshness ?? null) !== null,
  );
  const ledger = await readLedger(context.paths);
  const verdict = await withLazyEngine(
    () => openStageEngine(config, staging.temp),
    async (engine) =>
      checkRun({
        paths: context.paths,
        staging,
        config,
        plan,
        live: ledger.live,
        tables: await openPublished(context.paths, sources),
        engine,
        extract: async (file, records) => {
          const { extractRecords } = await import("../processing/extract-records.js");
          const job = readJson<JobSpec>(join(staging.jobs, `${file.job}.json`));
          return extractRecords(config, job, file.path, records);
        },
        now: new Date().toISOString(),
      }),
  );
  return { exitCode: exitCodeOf(verdict), said: saidOf(verdict) };
}

function saidOf(verdict: RunVerdict): string {
  const count = (status: FileVerdict["status"]): number =>
    verdict.files.filter((file) => file.status === status).length;
  const parts = [`${count("published")} files passed`];
  if (count("held") > 0) parts.push(`${count("held")} held back`);
  if (count("error") > 0) parts.push(`${count("error")} faults`);
  const warned = verdict.findings.length;
  if (warned > 0) parts.push(`${warned} ${warned === 1 ? "finding" : "findings"}`);
  return parts.join(", ");
}
