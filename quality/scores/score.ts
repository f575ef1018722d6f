import type { FileResult, FileVerdict } from "../../lib/run-types.js";

/** Parts of a file's score in per cent; null = cannot be told. `validity` is the gate value. */
export interface ScoreParts {
  readonly completeness: number | null;
  readonly validity: number | null;
  readonly uniqueness: number | null;
  readonly consistency: number | null;
  readonly freshness: number | null;
}

/** What dataset checks counted for one file. */
export interface FileCounts {
  /** Records that repeat a key of the same file; null for a source without a key. */
  readonly repeats: number | null;
  /** Values that refer to another source, and those of them that lead nowhere; null without a rule. */
  readonly references: { readonly checked: number; readonly unknown: number } | null;
  readonly freshness: number | null;
}

export function scoreParts(verdict: FileVerdict, result: FileResult | null, counts: FileCounts): ScoreParts {
  const good = verdict.accepted + verdict.held;
  const { references, repeats } = counts;
  return {
    completeness: result === null ? null : completeness(result),
    validity: verdict.score,
    uniqueness: repeats === null || good === 0 ? null : share(good - repeats, good),
    consistency:
      references === null || references.checked === 0
        ? null
        : share(references.checked - references.unknown, references.checked),
    freshness: counts.freshness,
  };
}

/** Filled cells among all cells of accepted records, in the canonical columns that the file has. */
export function completeness(result: FileResult): number | null {
  const { cells, missing } = countCells(result);
  return cells === 0 ? null : share(cells - missing, cells);
}

/** Cells of accepted records in the columns that the file has, and how many of them are null. */
export function countCells(result: FileResult): { readonly cells: number; readonly missing: number } {
  const nulls = Object.entries(result.null_counts).filter(
    ([column]) => !result.lost_columns.includes(column),
  );
  const missing = nulls.reduce((sum, [, count]) => sum + count, 0);
  return { cells: nulls.length * result.accepted, missing };
}

function share(part: number, whole: number): number {
  return (100 * part) / whole;
}
