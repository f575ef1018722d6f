import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../lib/config-types.js";
import { GristmillError, systemCode } from "../lib/errors.js";
import { readJson, writeJson } from "../lib/json-file.js";
import { stagingPaths } from "../lib/paths.js";
import type { JobResult, JobSpec } from "../lib/run-types.js";
import { type JobPart, planParts } from "../processing/job-parts.js";
import { sampledOracle } from "../processing/judging/oracle-sample.js";
import { mergeParts } from "../processing/merge-parts.js";
import { type PartResult, workJob } from "../processing/work-job.js";
import type { RunContext } from "./run-context.js";
import { startPart } from "./work/start-part.js";

/** Told when a job is done: its files, records and bytes. */
export type OnWorked = (sums: {
  readonly files: number;
  readonly records: number;
  readonly bytes: number;
}) => void;

/**
 * The stage `work`: judge the files of the jobs and leave each one's result.json beside its Parquet. What may use
 * several cores is shared among as many processes, each with an engine of one thread: of several jobs each takes the
 * next when it is done with one, a single one is cut into parts. `part`: the one that this process is started for.
 */
export async function workStage(
  context: RunContext,
  ids: readonly string[],
  part: number | null,
  onWorked: OnWorked,
): Promise<void> {
  const jobs = ids.map((id) => jobOf(context, id));
  const [only, ...others] = jobs;
  if (only !== undefined && others.length === 0) await workInParts(context, only, part, onWorked);
  else await workInTurn(context, jobs, part, onWorked);
}

interface Job {
  readonly spec: JobSpec;
  readonly folder: string;
  readonly tempDir: string;
}

function jobOf(context: RunContext, id: string): Job {
  const staging = stagingPaths(context.paths, context.run());
  const spec = readJson<JobSpec>(join(staging.jobs, `${id}.json`));
  return { spec, folder: join(staging.work, id), tempDir: staging.temp };
}

/** Several jobs in the order given, none of them in parts: each by the process that is free first. */
async function workInTurn(
  context: RunContext,
  jobs: readonly Job[],
  part: number | null,
  onWorked: OnWorked,
): Promise<void> {
  const { work } = stagingPaths(context.paths, context.run());
  const claims = join(work, `claims-${jobs[0]?.spec.job}`);
  if (part === null) {
    rmSync(claims, { recursive: true, force: true });
    mkdirSync(claims, { recursive: true });
  }
  const processes = Math.min(jobs[0]?.spec.threads ?? 1, jobs.length);
  const others = part === null ? processes - 1 : 0;
  const started = Array.from({ length: others }, (_, index) => startPart(index + 1));
  for (const job of jobs) {
    if (!claim(join(claims, job.spec.job))) continue;
    const whole = { files: job.spec.files, slices: {}, share: 1 };
    finishJob(onWorked, job, [await workPart(job, context.config(), whole, 0)]);
  }
  await Promise.all(started);
}

/** Whether nobody was here before: of several processes that make the same folder one does. */
function claim(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** One job, which may be heavy. */
async function workInParts(
  context: RunContext,
  job: Job,
  part: number | null,
  onWorked: OnWorked,
): Promise<void> {
  const config = context.config();
  if (part !== null) {
    const parts = readJson<readonly JobPart[]>(join(job.folder, "parts.json"));
    writeJson(resultFile(job.folder, part), await workPart(job, config, parts[part], part));
    return;
  }
  const parts = await planParts(job.spec, config);
  if (parts.length > 1) writeJson(join(job.folder, "parts.json"), parts);
  const started = parts.slice(1).map((_, index) => startPart(index + 1));
  const own = await workPart(job, config, parts[0], 0);
  await Promise.all(started);
  const rest = started.map((_, index) => readJson<PartResult>(resultFile(job.folder, index + 1)));
  finishJob(onWorked, job, [own, ...rest]);
}

function workPart(job: Job, config: Config, part: JobPart | undefined, index: number): Promise<PartResult> {
  if (part === undefined) throw new GristmillError("bad_flag", `job ${job.spec.job} has no part ${index}`);
  return workJob(
    { ...job.spec, files: part.files },
    {
      config,
      folder: index === 0 ? job.folder : join(job.folder, `part-${index}`),
      tempDir: join(job.tempDir, `${job.spec.job}-${index}`),
      oracle: sampledOracle(config),
      share: part.share,
      slices: part.slices,
    },
  );
}

function resultFile(folder: string, part: number): string {
  return join(folder, `part-${part}`, "part.json");
}

/** The result, and then what the master counts for its progress: files, records and bytes. */
function finishJob(onWorked: OnWorked, job: Job, parts: readonly PartResult[]): void {
  const { streams: _streams, ...result } = mergeParts(job.spec, parts);
  writeJson(join(job.folder, "result.json"), result satisfies JobResult);
  const records = result.files.reduce((sum, file) => sum + file.records, 0);
  const bytes = result.files.reduce((sum, file) => sum + file.bytes, 0);
  onWorked({ files: result.files.length, records, bytes });
}
