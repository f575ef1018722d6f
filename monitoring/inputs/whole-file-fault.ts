import type { FileReport } from "./file-report.js";

/** Why a held file has no record to publish, so that it cannot be released. */
export type WholeFileFault = "unreadable_file" | "missing_column";

/** What stopped a file as a whole, by its report; null where its records were judged one by one. */
export function wholeFileFault(report: FileReport | null | undefined): WholeFileFault | null {
  for (const { code } of report?.rules ?? [])
    if (code === "unreadable_file" || code === "missing_column") return code;
  return null;
}

/** What really helps, as a sentence without a subject: a release does not. */
export function remedyOf(fault: WholeFileFault, feed: string): string {
  return fault === "missing_column"
    ? `add the file's own name of the column to columns of the feed ${feed}, or have it sent again with the column; the next run judges it anew`
    : `have it sent again, whole, or mend what the feed ${feed} says of its files (format, encoding, delimiter …); the next run judges it anew`;
}
