import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileContract } from "../contracts/contract.js";
import { readLedger } from "../lake/ledger.js";
import { recover } from "../lake/recover.js";
import type { Config } from "../lib/config-types.js";
import { GristmillError } from "../lib/errors.js";
import { writeJson } from "../lib/json-file.js";
import { type DataPaths, type StagingPaths, stagingPaths } from "../lib/paths.js";
import type { JobSpec, RunPlan } from "../lib/plan-types.js";
import { type Machine, planJobs } from "../processing/discovery/jobs.js";
import { makePlan, type PlannedRun } from "../processing/discovery/make-plan.js";
import type { DiscoverOptions } from "./discover/options.js";
import type { RunContext } from "./run-context.js";

/** What a run will do. */
export interface Discovered {
  readonly plan: RunPlan;
  readonly jobs: readonly JobSpec[];
  /** Whether there is anything to publish. */
  readonly news: boolean;
}

/** What a run would do; nothing is changed. Throws no_input, bad_configuration. */
export async function previewRun(
  context: RunContext,
  options: DiscoverOptions,
  now: number,
): Promise<PlannedRun> {
  const config = context.config();
  const planned = await plan(context.paths, config, options, now, null);
  refuseNothing(context.paths, planned);
  if (planned.news) await checkRowRules(config, tmpdir());
  return planned;
}

/**
 * The stage `discover`: finish what a killed run had decided to publish, find what there is to work on, and leave plan
 * and jobs in staging. Throws no_input, bad_configuration.
 */
export async function discoverStage(
  context: RunContext,
  options: DiscoverOptions,
  machine: Machine,
  now: number,
): Promise<Discovered> {
  const config = context.config();
  const run = context.run();
  const staging = stagingPaths(context.paths, run);
  await recover(context.paths, run);
  const planned = await plan(context.paths, config, options, now, staging.input);
  refuseNothing(context.paths, planned);
  if (planned.news) await checkRowRules(config, staging.temp);
  const jobs = planJobs(planned.files, config.feeds, run, machine);
  const jobOf = new Map(jobs.flatMap((job) => job.files.map((file) => [file.path, job.job] as const)));
  const runPlan: RunPlan = {
    run,
    started_at: new Date(now).toISOString(),
    as_of: options.asOf,
    engine: "duckdb",
    workers: machine.workers,
    rebuild: options.rebuild,
    files: planned.files.map((file) => ({ ...file, job: jobOf.get(file.path) ?? null })),
    jobs: jobs.map(({ job, source, files, weight }) => ({ job, source, files: files.length, weight })),
    unclaimed: planned.unclaimed,
  };
  writePlan(staging, runPlan, jobs);
  const news = planned.news || options.rebuild;
  context.log("discover").info("planned", { files: planned.files.length, jobs: jobs.length });
  return { plan: runPlan, jobs, news };
}

async function plan(
  paths: DataPaths,
  config: Config,
  options: DiscoverOptions,
  now: number,
  unpackInto: string | null,
): Promise<PlannedRun> {
  const contracts = Object.fromEntries(
    Object.keys(config.sources).map((source) => [source, compileContract(config, source).hash]),
  );
  const { sources, rework, rehash } = options;
  const ledger = [...(await readLedger(paths)).live.values()];
  return makePlan({ config, paths, ledger, contracts, sources, rework, rehash, now, unpackInto });
}

/** Row expressions are SQL: allowed or refused before a worker runs them. It takes an engine, so only when rows come. */
async function checkRowRules(config: Config, tempDir: string): Promise<void> {
  const [{ openStageEngine }, { checkExpressions }] = await Promise.all([
    import("./stage-engine.js"),
    import("../contracts/expression-check.js"),
  ]);
  const engine = await openStageEngine(config, tempDir);
  try {
    await checkExpressions(config, engine);
  } finally {
    engine.close();
  }
}

/** raw/ empty and never a run: there is nothing to say about this data folder. */
function refuseNothing(paths: DataPaths, planned: PlannedRun): void {
  if (!planned.empty) return;
  const ran = existsSync(paths.runs) && readdirSync(paths.runs).some((name) => name.endsWith(".json"));
  if (!ran) {
    throw new GristmillError(
      "no_input",
      `${paths.raw} holds no file, and no run ever took place here: put files there, or try --sample`,
    );
  }
}

function writePlan(staging: StagingPaths, runPlan: RunPlan, jobs: readonly JobSpec[]): void {
  for (const job of jobs) writeJson(join(staging.jobs, `${job.job}.json`), job);
  writeJson(staging.plan, runPlan);
}
