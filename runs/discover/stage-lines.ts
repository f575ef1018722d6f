import type { Config } from "../../lib/config-types.js";
import type { JobSpec, PlannedFile, RunPlan } from "../../lib/plan-types.js";

/** What Bash needs to know, tab-separated: a key and its value, or a job. Nothing here comes from the data. */
export function stageLines(
  plan: RunPlan,
  jobs: readonly JobSpec[],
  also: { readonly config: Config; readonly news: boolean },
): readonly string[] {
  const count = (action: PlannedFile["action"]): number =>
    plan.files.filter((file) => file.action === action).length;
  return [
    `said\t${sentence(plan, count)}`,
    `workers\t${plan.workers}`,
    `timeout\t${also.config.settings.processing_timeout}`,
    `config\t${also.config.fingerprint}`,
    `news\t${also.news ? 1 : 0}`,
    ...jobs.map(jobLine),
  ];
}

/** `job`, its id, source, files, weight in bytes and the number of its process. */
export function jobLine(job: JobSpec): string {
  return ["job", job.job, job.source, job.files.length, job.weight, job.process].join("\t");
}

function sentence(plan: RunPlan, count: (action: PlannedFile["action"]) => number): string {
  const parts = [
    `${plan.files.length} files: ${count("work")} to work on`,
    `${count("skip")} done`,
    ...more(count("held"), "held"),
    ...more(count("refused"), "unreadable"),
    ...more(count("waiting"), "waiting"),
    ...more(plan.unclaimed.length, "unclaimed"),
  ];
  return parts.join(", ");
}

function more(count: number, word: string): readonly string[] {
  return count > 0 ? [`${count} ${word}`] : [];
}
