import type { PlannedFile, RunPlan } from "../../lib/plan-types.js";
import type { FileStatus } from "../../lib/run-file-types.js";
import type { FileVerdict, RunVerdict } from "../../lib/verdict-types.js";

/**
 * The verdict of a run that published nothing: a file that this run was to publish did not get there, which is our
 * fault; what earlier runs held or published stands as it was.
 */
export function withoutPublication(verdict: RunVerdict): RunVerdict {
  return { ...verdict, files: verdict.files.map(unpublished) };
}

function unpublished(file: FileVerdict): FileVerdict {
  if (file.status !== "published" || file.job === null) return file;
  return { ...file, status: "error", message: "judged, but the run ended before it could publish" };
}

/** The verdict of a run that ended before check came to one. */
export function verdictOfPlan(plan: RunPlan): RunVerdict {
  return {
    run: plan.run,
    as_of: plan.as_of,
    files: plan.files.map(unjudged),
    accepted: {},
    quarantined: [],
    findings: [],
    disagreements: 0,
    unclaimed: plan.unclaimed,
    profiles: {},
  };
}

const statuses: Readonly<Record<PlannedFile["action"], FileStatus>> = {
  work: "error",
  refused: "error",
  skip: "skipped",
  held: "held",
  waiting: "waiting",
};

function unjudged(file: PlannedFile): FileVerdict {
  const { source, feed, path, sha256, contract_hash, threshold, job, why, twin_of } = file;
  return {
    source,
    feed,
    file: file.file,
    path,
    sha256,
    bytes: file.size,
    lines: null,
    header_lines: 0,
    blank_lines: 0,
    records: 0,
    accepted: 0,
    quarantined: 0,
    held: 0,
    score: null,
    status: statuses[file.action],
    stray_quotes: 0,
    contract_hash,
    threshold,
    job,
    why,
    message: "the run ended before it was judged",
    twin_of,
    rejudged: false,
  };
}
