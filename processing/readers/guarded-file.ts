import type { PlannedFile } from "../../lib/run-types.js";
import type { OrdinalList } from "../ordinals.js";
import type { PreparedFile, Slice, StreamShape } from "../prepared-file.js";
import { emptyTally, type RecordSink, type Scanner, type Tally } from "../record-stream.js";
import { type ByteRange, type InflateLimits, textBlocks } from "./byte-source.js";
import type { TextHead } from "./text-head.js";

/** A text file that a guard cuts into records. */
export interface GuardedFile {
  readonly file: PlannedFile;
  readonly shape: StreamShape;
  readonly header: readonly string[];
  readonly head: Pick<TextHead, "form">;
  readonly limits: InflateLimits;
  /** Bytes of the decoded text before the first record. */
  readonly skip: number;
  readonly headerLines: number;
  readonly blankBefore: number;
  /** Whether the text may be read from the middle. */
  readonly sliceable: boolean;
  guard(linesBefore: number, sink: RecordSink, tally: Tally, special?: OrdinalList | null): Scanner;
}

export function guardedFile(given: GuardedFile): PreparedFile {
  const { file } = given;
  const linesBefore = given.headerLines + given.blankBefore;
  const { form } = given.head;
  const plain = given.sliceable && !form.gzip && form.encoding === "utf-8" && !form.crOnly;
  return {
    file,
    shape: given.shape,
    header: given.header,
    size: file.size,
    recordsBefore: 0,
    sliced: null,
    read: async (sink, tally, flush, special) => {
      tally.headerLines = given.headerLines;
      tally.blankLines = given.blankBefore;
      await pump(given, given.guard(linesBefore, sink, tally, special), given.skip, tally, flush);
    },
    slices: async (count) => (plain ? cut(given, count) : null),
    slice: (slice) => sliceOf(given, slice),
  };
}

function sliceOf(given: GuardedFile, slice: Slice): PreparedFile {
  const whole = guardedFile(given);
  const first = slice.from === 0;
  return {
    ...whole,
    size: (slice.to ?? given.file.size) - slice.from,
    recordsBefore: slice.recordsBefore,
    sliced: slice,
    read: async (sink, tally, flush, special) => {
      if (first) {
        tally.headerLines = given.headerLines;
        tally.blankLines = given.blankBefore;
      }
      const before = first ? given.headerLines + given.blankBefore : slice.linesBefore;
      const guard = given.guard(before, shifted(sink, slice.recordsBefore), tally, special);
      await pump(given, guard, first ? given.skip : 0, tally, flush, slice);
      if (!first && tally.lines !== null) tally.lines -= slice.linesBefore;
    },
    slices: async () => null,
  };
}

function shifted(sink: RecordSink, records: number): RecordSink {
  return {
    get wanted() {
      return sink.wanted;
    },
    clean: (bytes) => sink.clean(bytes),
    take: (taken) => sink.take({ ...taken, record: taken.record + records }),
    malformed: (malformed) => sink.malformed({ ...malformed, record: malformed.record + records }),
  };
}

/** Drives a guard through a file's text. `skip` bytes of it, the header, are left out. */
async function pump(
  given: GuardedFile,
  guard: Scanner,
  skip: number,
  tally: Tally,
  flush: () => Promise<void>,
  range?: ByteRange,
): Promise<void> {
  let left = skip;
  const count = (bytes: number): void => {
    tally.bytes += bytes;
  };
  for await (const block of textBlocks(given.file, given.head.form, given.limits, count, range)) {
    const over = Math.min(left, block.length);
    left -= over;
    guard.push(over > 0 ? block.subarray(over) : block);
    await flush();
  }
  guard.end();
  await flush();
}

/** Boundaries between records nearest behind equal shares of the bytes, found by the guard itself. */
async function cut(given: GuardedFile, count: number): Promise<readonly Slice[]> {
  const { file } = given;
  const tally = emptyTally();
  tally.headerLines = given.headerLines;
  tally.blankLines = given.blankBefore;
  const nothing = (): void => undefined;
  const sink = { wanted: Number.POSITIVE_INFINITY, clean: nothing, take: nothing, malformed: nothing };
  const guard = given.guard(given.headerLines + given.blankBefore, sink, tally);
  const starts: Slice[] = [{ from: 0, to: null, linesBefore: 0, recordsBefore: 0 }];
  let read = 0;
  let left = given.skip;
  for await (const block of textBlocks(file, given.head.form, given.limits, (bytes) => {
    read += bytes;
  })) {
    const over = Math.min(left, block.length);
    left -= over;
    guard.push(over > 0 ? block.subarray(over) : block);
    const from = read - guard.pending();
    if (from < (file.size * starts.length) / count) continue;
    const linesBefore = tally.headerLines + tally.blankLines + tally.recordLines;
    starts.push({ from, to: null, linesBefore, recordsBefore: tally.records });
    if (starts.length === count) break;
  }
  return starts.map((start, index) => ({ ...start, to: starts[index + 1]?.from ?? null }));
}
