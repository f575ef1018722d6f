import { join } from "node:path";
import { GristmillError } from "../lib/errors.js";
import { readJson, writeJson } from "../lib/json-file.js";
import { stagingPaths } from "../lib/paths.js";
import type { FileResult, JobSpec } from "../lib/run-types.js";
import { sampledOracle } from "../processing/judging/oracle-sample.js";
import { jobFolder, workJob } from "../processing/work-job.js";
import type { CommandSpec } from "./command.js";

/** `work --run R --job ID [--only PATH]`: judge the files of one job and leave result.json beside their Parquet. */
export const command: CommandSpec = {
  configure: (command) => {
    command
      .requiredOption("--job <id>", "job of the plan to work on")
      .option("--only <path>", "only this file of the job, by its path below raw/");
  },
  execute: async (context, options) => {
    const staging = stagingPaths(context.paths, context.run());
    const job = readJson<JobSpec>(join(staging.jobs, `${String(options["job"])}.json`));
    const only = typeof options["only"] === "string" ? options["only"] : null;
    const index = only === null ? null : job.files.findIndex((file) => file.path === only);
    if (index === -1) throw new GristmillError("bad_flag", `job ${job.job} has no file ${only}`);
    const folder = jobFolder(staging.work, job.job, index);
    const files = index === null ? job.files : job.files.slice(index, index + 1);
    const config = context.config();
    const result = await workJob(
      { ...job, files },
      { config, folder, tempDir: staging.temp, oracle: sampledOracle(config) },
    );
    writeJson(join(folder, "result.json"), result);
    const sum = (of: (file: FileResult) => number): number =>
      result.files.reduce((all, file) => all + of(file), 0);
    context.print(`worked\t${result.files.length}\t${sum((f) => f.records)}\t${sum((f) => f.bytes)}`);
    return 0;
  },
};
