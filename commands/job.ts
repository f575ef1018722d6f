import { join } from "node:path";
import { GristmillError } from "../lib/errors.js";
import { readJson, writeJson } from "../lib/json-file.js";
import { stagingPaths } from "../lib/paths.js";
import type { JobSpec, RunPlan } from "../lib/plan-types.js";
import { jobLine } from "../runs/discover/stage-lines.js";
import { failedResult, splitJob } from "../runs/split-job.js";
import type { CommandSpec } from "./command.js";

/** What the master does with jobs: list them, cut a crashed one into files, give one up. */
export const command: CommandSpec = {
  configure: (command) =>
    command
      .argument("<action>", "ls, split or fail")
      .option("--job <id>", "the job (split, fail)")
      .option("--reason <text>", "why it is given up (fail)", "the worker failed"),
  execute: async (context, options, args) => {
    const staging = stagingPaths(context.paths, context.run());
    const jobFile = (id: string): string => join(staging.jobs, `${id}.json`);
    const job = (): JobSpec => readJson<JobSpec>(jobFile(String(options["job"])));
    switch (args[0]) {
      case "ls": {
        const plan = readJson<RunPlan>(staging.plan);
        context.print(`workers\t${plan.workers}`);
        context.print(`timeout\t${context.config().settings.processing_timeout}`);
        for (const { job: id } of plan.jobs) context.print(jobLine(readJson<JobSpec>(jobFile(id))));
        return 0;
      }
      case "split":
        for (const part of splitJob(job())) {
          writeJson(jobFile(part.job), part);
          context.print(jobLine(part));
        }
        return 0;
      case "fail": {
        const failed = failedResult(job(), String(options["reason"]));
        writeJson(join(staging.work, failed.job, "result.json"), failed);
        context.log("work").error(String(options["reason"]), { job: failed.job, source: failed.source });
        return 0;
      }
      default:
        throw new GristmillError("bad_flag", `job wants ls, split or fail, not ${args[0] ?? "nothing"}`);
    }
  },
};
