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
