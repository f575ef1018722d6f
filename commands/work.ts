import { join } from "node:path";
import type { Config } from "../lib/config-types.js";
import { GristmillError } from "../lib/errors.js";
import { readJson, writeJson } from "../lib/json-file.js";
import { stagingPaths } from "../lib/paths.js";
import type { JobResult, JobSpec } from "../lib/run-types.js";
import { type JobPart, planParts } from "../processing/job-parts.js";
import { sampledOracle } from "../processing/judging/oracle-sample.js";
import { mergeParts } from "../processing/merge-parts.js";
import { jobFolder, type PartResult, workJob } from "../processing/work-job.js";
import type { CommandContext, CommandSpec } from "./command.js";
import { endWithStarter, startPart } from "./work/start-part.js";

/**
 * `work --run R --job ID [--only PATH]`: judge the files of one job and leave result.json beside their Parquet.
 * A job with several threads is shared among as many processes, each with an engine of one thread.
 */
export const command: CommandSpec = {
  configure: (command) => {
    command
      .requiredOption("--job <id>", "job of the plan to work on")
      .option("--only <path>", "only this file of the job, by its path below raw/")
      .option("--part <n>", "only this part of the job: for the processes that it starts itself");
  },
  execute: async (context, options) => {
    endWithStarter();
    const job = jobOf(context, String(options["job"]), options["only"]);
    const config = context.config();
    if (options["part"] !== undefined) {
      const part = Number(options["part"]);
      const parts = readJson<readonly JobPart[]>(join(job.folder, "parts.json"));
      writeJson(resultFile(job.folder, part), await workPart(job, config, parts[part], part));
      return 0;
    }
    const parts = await planParts(job.spec, config);
    if (parts.length > 1) writeJson(join(job.folder, "parts.json"), parts);
    const others = parts.slice(1).map((_, index) => startPart(index + 1));
    const own = await workPart(job, config, parts[0], 0);
    await Promise.all(others);
    const rest = others.map((_, index) => readJson<PartResult>(resultFile(job.folder, index + 1)));
    const { streams: _streams, ...result } = mergeParts(job.spec, [own, ...rest]);
    writeJson(join(job.folder, "result.json"), result satisfies JobResult);
    context.print(workedLine(result));
    return 0;
  },
};

/** What the master counts for its progress: files, records and bytes. */
function workedLine({ files }: JobResult): string {
  const records = files.reduce((sum, file) => sum + file.records, 0);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return ["worked", files.length, records, bytes].join("\t");
}

interface Job {
  readonly spec: JobSpec;
  readonly folder: string;
  readonly tempDir: string;
}

function jobOf(context: CommandContext, id: string, onlyOption: unknown): Job {
  const staging = stagingPaths(context.paths, context.run());
  const spec = readJson<JobSpec>(join(staging.jobs, `${id}.json`));
  const only = typeof onlyOption === "string" ? onlyOption : null;
  const index = only === null ? null : spec.files.findIndex((file) => file.path === only);
  if (index === -1) throw new GristmillError("bad_flag", `job ${id} has no file ${only}`);
  const files = index === null ? spec.files : spec.files.slice(index, index + 1);
  return { spec: { ...spec, files }, folder: jobFolder(staging.work, id, index), tempDir: staging.temp };
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
