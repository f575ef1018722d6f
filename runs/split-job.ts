import type { JobSpec } from "../lib/plan-types.js";
import type { FileResult, JobResult } from "../lib/result-types.js";

/** One job per file, named `<job>--<n>`. */
export function splitJob(job: JobSpec): readonly JobSpec[] {
  return job.files.map((file, index) => ({
    ...job,
    job: `${job.job}--${index + 1}`,
    files: [file],
    process: index + 1,
    weight: Math.round(job.weight / job.files.length),
  }));
}

/** A result that says of every file that it is our fault. */
export function failedResult(job: JobSpec, reason: string): JobResult {
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
