import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileContract } from "../contracts/contract.js";
import { readLedger } from "../lake/ledger.js";
import { recover } from "../lake/recover.js";
import type { Config } from "../lib/config-types.js";
import { variableWarnings } from "../lib/config-variables.js";
import { GristmillError } from "../lib/errors.js";
import { writeJson } from "../lib/json-file.js";
import { coresAtHand, memoryAtHandMb } from "../lib/machine.js";
import { type DataPaths, type StagingPaths, stagingPaths } from "../lib/paths.js";
import type { JobSpec, RunPlan } from "../lib/plan-types.js";
import { planJobs } from "../processing/discovery/jobs.js";
import { makePlan, type PlannedRun } from "../processing/discovery/make-plan.js";
import { type DiscoverOptions, discoverOptions } from "../runs/discover/options.js";
import { planLines } from "../runs/discover/plan-lines.js";
import { stageLines } from "../runs/discover/stage-lines.js";
import { workersFor } from "../runs/discover/workers.js";
import type { CommandContext, CommandSpec } from "./command.js";

export const command: CommandSpec = {
  configure: (command) =>
    command
      .option("--as-of <date>", "date of the run, YYYY-MM-DD (default: today, UTC)")
      .option("--workers <n>", "worker processes (default: data_workers)")
      .option("--source <name>", "only this source; may be given more than once", collect, [])
      .option("--engine <name>", "duckdb or spark", "duckdb")
      .option("--rework", "work on every file again", false)
      .option("--rehash", "distrust the cache of hashes", false)
      .option("--rebuild", "make all derived tables anew", false)
      .option("--plan", "print what would run, and change nothing", false),
  execute: async (context, raw) => {
    const now = Date.now();
    const config = context.config();
    for (const warning of variableWarnings({ configDir: context.configDir, environment: process.env }))
      process.stderr.write(`gristmill: ${warning}\n`);
    const options = discoverOptions(raw, config, now);
    const workers = workersFor(config.settings, options.workers, coresAtHand(), memoryAtHandMb());
    return options.planOnly
      ? showPlan(context, config, options, now)
      : discover(context, config, options, workers, now);
  },
};

async function showPlan(
  context: CommandContext,
  config: Config,
  options: DiscoverOptions,
  now: number,
): Promise<number> {
  const planned = await plan(context.paths, config, options, now, null);
  refuseNothing(context.paths, planned);
  if (planned.news) await checkRowRules(config, tmpdir());
  if (context.json) context.print(JSON.stringify(planned, null, 1));
  else for (const line of planLines(planned)) context.print(line);
  return 0;
}

async function discover(
  context: CommandContext,
  config: Config,
  options: DiscoverOptions,
  machine: ReturnType<typeof workersFor>,
  now: number,
): Promise<number> {
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
  for (const line of stageLines(runPlan, jobs, { config, news })) context.print(line);
  context.log("discover").info("planned", { files: planned.files.length, jobs: jobs.length });
  return 0;
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
    import("../runs/stage-engine.js"),
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

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
