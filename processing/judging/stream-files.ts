import type { PreparedFile } from "../prepared-file.js";
import { emptyTally, type Tally } from "../record-stream.js";

/** One file within a stream: which of the stream's ordinals are its own, and what its reader counted. */
export interface StreamFile {
  readonly prepared: PreparedFile;
  readonly index: number;
  /** First ordinal of the file in the stream. */
  start: number;
  readonly tally: Tally;
  /** Ordinals (within the file) behind which a malformed record stands: an ordinal's record number is shifted by their count. */
  readonly gaps: number[];
}

export function streamFiles(files: readonly PreparedFile[]): readonly StreamFile[] {
  return files.map((prepared, index) => ({ prepared, index, start: 0, tally: emptyTally(), gaps: [] }));
}

/** Finds the file of an ordinal; ordinals are asked for in ascending order. */
export function fileFinder(files: readonly StreamFile[]): (ordinal: number) => number {
  let at = 0;
  return (ordinal) => {
    for (;;) {
      const next = files[at + 1];
      if (next === undefined || next.start > ordinal || next.start < 0) return at;
      at++;
    }
  };
}

/** Record number, within its file, of an ordinal of the stream; ordinals are asked for in ascending order. */
export function recordFinder(
  files: readonly StreamFile[],
  fileOf: (ordinal: number) => number,
): (ordinal: number) => number {
  let current = -1;
  let passed = 0;
  return (ordinal) => {
    const index = fileOf(ordinal);
    if (index !== current) {
      current = index;
      passed = 0;
    }
    const file = files[index];
    if (file === undefined) throw new Error(`no file holds record ${ordinal} of the stream`);
    const own = ordinal - file.start;
    while (passed < file.gaps.length && (file.gaps[passed] as number) <= own) passed++;
    return own + passed + file.prepared.recordsBefore + 1;
  };
}
