import { isUtf8 } from "node:buffer";
import type { QuarantineCode } from "../../lib/run-types.js";
import { MAX_RECORD_BYTES, type RecordSink, type Scanner, type Tally } from "../record-stream.js";
import { CR, isBlank, LF } from "./csv-dialect.js";
import { blockJoiner, type LineBlock, MAX_LINE_BYTES } from "./line-blocks.js";
import { UnreadableFile } from "./unreadable.js";

/** What one line of text is. `as-is`: the engine takes it unchanged. */
export type LineVerdict =
  | "as-is"
  | { readonly engine: Uint8Array }
  | { readonly code: QuarantineCode; readonly rule: string; readonly message: string };

export interface LineGuardOptions {
  readonly path: string;
  readonly code: QuarantineCode;
  /** Physical lines before the first record. */
  readonly linesBefore: number;
  /** Judges one line, without its line end, at [start, end) of the block. May change the block's bytes in place. */
  judge(block: LineBlock, start: number, end: number): LineVerdict;
}

const NEWLINE = Buffer.from("\n");

/** One pass over a text of which every line that is not blank is a record. Line ends reach the engine as LF. */
export function lineGuard(options: LineGuardOptions, sink: RecordSink, tally: Tally): Scanner {
  const joiner = blockJoiner();
  let line = options.linesBefore + 1;

  function scan(input: Uint8Array, final: boolean): void {
    const block = joiner.join(input, final);
    const { bytes, length } = block;
    let runStart = 0;
    let p = 0;
    while (p < length) {
      const feed = bytes.indexOf(LF, p);
      const ended = feed < length;
      if (!ended && !final) break;
      const next = ended ? feed + 1 : length;
      const end = feed > p && bytes[feed - 1] === CR ? feed - 1 : feed;
      if (isBlank(bytes, p, end)) {
        flush(bytes, runStart, p);
        runStart = next;
        tally.blankLines++;
      } else {
        tally.records++;
        tally.recordLines++;
        const verdict = judge(block, p, end);
        if (typeof verdict === "object" && "code" in verdict) {
          flush(bytes, runStart, p);
          runStart = next;
          tally.malformed++;
          sink.malformed({ record: tally.records, line, raw: bytes.subarray(p, end), ...verdict });
        } else {
          const plain = verdict === "as-is" && ended && end === next - 1;
          const wanted = tally.wellFormed === sink.wanted;
          // A view costs more than all else that is done for a line: only who needs one gets one.
          if (wanted || !plain) {
            const raw = bytes.subarray(p, end);
            const engine = verdict === "as-is" ? raw : verdict.engine;
            if (wanted) sink.take({ ordinal: tally.wellFormed, record: tally.records, line, raw, engine });
            if (!plain) {
              flush(bytes, runStart, p);
              runStart = next;
              sink.clean(engine);
              sink.clean(NEWLINE);
            }
          }
          tally.wellFormed++;
        }
      }
      line++;
      p = next;
    }
    flush(bytes, runStart, p);
    joiner.keep(p);
    if (joiner.pending() > MAX_LINE_BYTES) {
      throw new UnreadableFile(options.path, `line ${line} is longer than ${MAX_LINE_BYTES} bytes`);
    }
    if (final) tally.lines = line - 1;
  }

  function judge(block: LineBlock, start: number, end: number): LineVerdict {
    if (!block.valid && !isUtf8(block.bytes.subarray(start, end))) {
      return { code: "invalid_encoding", rule: "encoding", message: "the line is not valid UTF-8" };
    }
    if (end - start > MAX_RECORD_BYTES) {
      const message = `the record is longer than ${MAX_RECORD_BYTES} bytes`;
      return { code: options.code, rule: "record_length", message };
    }
    return options.judge(block, start, end);
  }
  function flush(bytes: Buffer, from: number, to: number): void {
    if (to > from) sink.clean(bytes.subarray(from, to));
  }

  return {
    push: (block) => scan(block, false),
    end: () => scan(new Uint8Array(0), true),
    pending: joiner.pending,
  };
}
