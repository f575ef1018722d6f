import type { ChunkLimits } from "./partitions.js";

/** Rows a statement may hold at most and at least, whatever the memory. */
const MOST_ROWS = 2_000_000;
const LEAST_ROWS = 100_000;
/** Below it a statement costs more than it saves. */
const OWN_ROWS = 50_000;

/**
 * What fits a memory limit: about a kilobyte a row where rows are joined and sorted, and about six megabytes a
 * partition that is open for writing (row groups of some twenty columns).
 */
export function limitsOf(memoryMb: number): ChunkLimits {
  return {
    rows: Math.min(MOST_ROWS, Math.max(LEAST_ROWS, memoryMb * 1_000)),
    partitions: Math.min(500, Math.max(8, Math.floor(memoryMb / 6))),
    ownRows: OWN_ROWS,
  };
}
