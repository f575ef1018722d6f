import { join } from "node:path";
import { GristmillError } from "../lib/errors.js";
import { readJson, writeJson } from "../lib/json-file.js";
import { stagingPaths } from "../lib/paths.js";
import type { JobSpec, RunPlan } from "../lib/plan-types.js";
import type { FileResult, JobResult } from "../lib/result-types.js";
import { jobLine } from "../runs/discover/stage-lines.js";
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

/** One job a file, named `<job>--<n>`. */
function splitJob(job: JobSpec): readonly JobSpec[] {
  return job.files.map((file, index) => ({
    ...job,
    job: `${job.job}--${index + 1}`,
    files: [file],
    process: index + 1,
    weight: Math.round(job.weight / job.files.length),
  }));
}

/** A result that says of every file that it is our fault. */
function failedResult(job: JobSpec, reason: string): JobResult {
  const files = job.files.map(
    (file): FileResult => ({
      path: file.path,
      outcome: "error",
      message: reason,
      lines: null,
      header_lines: 0,
      blank_lines: 0,
      bytes: file.size,
      records: 0,
      accepted: 0,
      quarantined: 0,
      stray_quotes: 0,
      header: [],
      unknown_columns: [],
      lost_columns: [],
      null_counts: {},
      rules: [],
      oracle: { judged: 0, disagreements: 0, examples: [] },
      event_time_min: null,
      event_time_max: null,
    }),
  );
  return {
    job: job.job,
    source: job.source,
    files,
    accepted: [],
    quarantined: [],
    profile: { scans: 0, bytes_read: 0, seconds: 0 },
  };
}
