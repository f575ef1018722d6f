import type { PlannedFile } from "../lib/plan-types.js";

/** Weights from which a job is shared among processes and a file sliced: below, a second process costs more than it brings. */
export const SHARED_FROM = { job: 24_000_000, file: 16_000_000 } as const;

/** Bytes as they lie, packed ones by what they become and workbooks by what they cost. */
export function weightOf(file: Pick<PlannedFile, "file" | "size">): number {
  if (/\.xlsx?$/i.test(file.file)) return file.size * 20;
  return /\.gz$/i.test(file.file) ? file.size * 6 : file.size;
}
