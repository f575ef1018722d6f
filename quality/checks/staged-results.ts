import { readdirSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../../lib/errors.js";
import { readJsonIfThere } from "../../lib/json-file.js";
import type { StagingPaths } from "../../lib/paths.js";
import type { FileResult, JobResult, RunPlan } from "../../lib/run-types.js";

/** What the workers of a run handed over. */
export interface StagedResults {
  /** Path → what a worker found in it, and the result's folder below `work/`. */
  readonly files: ReadonlyMap<string, StagedFile>;
  readonly jobs: readonly JobResult[];
}

export interface StagedFile {
  readonly job: string;
  readonly result: FileResult;
}

/**
 * Read every `work/<job>/result.json`. A job that crashed and was tried again file by file left
 * `work/<job>--<n>/` instead; where the whole job has a result, such leftovers do not count.
 */
export function readStagedResults(staging: StagingPaths, plan: RunPlan): StagedResults {
  const folders = resultFolders(staging.work);
  const jobs: JobResult[] = [];
  const files = new Map<string, StagedFile>();
  for (const { job } of plan.jobs) {
    const whole = folders.includes(job) ? readResult(staging, job) : null;
    const results =
      whole !== null
        ? [whole]
        : folders
            .filter((folder) => folder.startsWith(`${job}--`))
            .map((folder) => readResult(staging, folder))
            .filter((result) => result !== null);
    for (const result of results) {
      jobs.push(result);
      for (const file of result.files) files.set(file.path, { job, result: file });
    }
  }
  return { files, jobs };
}

function readResult(staging: StagingPaths, folder: string): JobResult | null {
  return readJsonIfThere<JobResult>(join(staging.work, folder, "result.json"));
}

function resultFolders(work: string): readonly string[] {
  try {
    return readdirSync(work).sort();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
