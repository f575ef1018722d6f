import type { Config } from "../lib/config-types.js";
import type { JobSpec, PlannedFile } from "../lib/run-types.js";
import type { Slice } from "./prepared-file.js";
import { formatOf } from "./readers/format.js";
import { SHARED_FROM, weightOf } from "./weights.js";
import { readContextOf, understand } from "./work-job.js";

/** What one of several processes reads of a job. */
export interface JobPart {
  readonly files: readonly PlannedFile[];
  readonly slices: Readonly<Record<string, Slice>>;
  /** Of the job, 0–1. */
  readonly share: number;
}

/** Share a job among processes: large files by slices, the others whole, so that each has about the same bytes. */
export async function planParts(
  job: JobSpec,
  config: Config,
  sizes: { readonly job: number; readonly file: number } = SHARED_FROM,
): Promise<readonly JobPart[]> {
  const total = job.files.reduce((sum, file) => sum + weightOf(file), 0);
  const alone = [{ files: job.files, slices: {}, share: 1 }];
  if (job.threads < 2 || total < sizes.job) return alone;
  const { context, worker } = readContextOf(job, config);
  const parts = Array.from({ length: job.threads }, () => ({
    files: [] as PlannedFile[],
    slices: {} as Record<string, Slice>,
    bytes: 0,
  }));
  const give = (index: number, file: PlannedFile, bytes: number, slice?: Slice): void => {
    const part = parts[index];
    if (part === undefined) throw new Error(`a job of ${parts.length} parts has no part ${index}`);
    part.files.push(file);
    part.bytes += bytes;
    if (slice !== undefined) part.slices[file.path] = slice;
  };
  for (const file of [...job.files].sort((a, b) => weightOf(b) - weightOf(a))) {
    // A workbook cannot be sliced, and its head costs as much as the whole.
    const whole = file.size < sizes.file || formatOf(file, context) === "xlsx";
    const outcome = whole ? null : await understand(file, () => worker.prepare(file, context));
    const slices = outcome?.kind === "ready" ? await outcome.prepared.slices(parts.length) : null;
    if (slices !== null && slices.length > 1) {
      for (const [index, slice] of slices.entries())
        give(index, file, (slice.to ?? file.size) - slice.from, slice);
    } else {
      const least = parts.reduce(
        (best, part, index) => (part.bytes < (parts[best]?.bytes ?? 0) ? index : best),
        0,
      );
      give(least, file, weightOf(file));
    }
  }
  const used = parts.filter((part) => part.files.length > 0);
  return used.length < 2
    ? alone
    : used.map(({ files, slices, bytes }) => ({ files, slices, share: bytes / total }));
}
