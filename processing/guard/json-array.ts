import { isUtf8 } from "node:buffer";
import { MAX_RECORD_BYTES, type RecordSink, type Scanner, type Tally } from "../record-stream.js";
import { CR, isBlank, LF } from "./csv-dialect.js";
import { type ElementEnd, readElement } from "./json-element.js";
import { JSON_DELIMITER } from "./json-lines.js";
import { type JsonKey, jsonWalker, UNSURE } from "./json-walk.js";
import { blockJoiner } from "./line-blocks.js";

const ARRAY_END = 93;
const OBJECT_END = 125;
const COMMA = 44;
const SPACE = 32;
const TAB = 9;
const NEWLINE = Buffer.from("\n");

/**
 * Cuts the elements of a JSON array into one line each, by counting brackets outside strings; a broken element costs
 * itself alone. Separators are overwritten in the block, so that runs of elements go out uncopied.
 */
export function jsonArrayGuard(keys: readonly JsonKey[], sink: RecordSink, tally: Tally): Scanner {
  const joiner = blockJoiner();
  const walker = jsonWalker(keys);
  let place: "before" | "inside" | "behind" = "before";
  // The text ends within an element: that element says so already.
  let cut = false;
  tally.lines = null;

  function scan(input: Uint8Array, final: boolean): void {
    const { bytes, length } = joiner.join(input, final);
    const valid = isUtf8(bytes.subarray(0, bytes.lastIndexOf(OBJECT_END, length) + 1));
    let runStart = -1;
    let runEnd = 0;
    let p = 0;
    const flush = (): void => {
      if (runStart >= 0) sink.clean(bytes.subarray(runStart, runEnd));
      runStart = -1;
    };
    while (p < length) {
      const start = skipBlanks(bytes, p, length);
      if (start >= length) {
        p = length;
      } else if (place === "before") {
        place = "inside";
        p = start + 1;
      } else if (place === "behind") {
        if (!final) break;
        malformed(bytes.subarray(start, length), "text stands behind the end of the array");
        p = length;
      } else if (bytes[start] === ARRAY_END) {
        place = "behind";
        p = start + 1;
      } else {
        const end = valid ? walker.walk(bytes, start, length) : -1;
        const whole = end < 0 ? null : wholeElement(bytes, end, length, walker.newlines);
        const found = whole ?? readElement(bytes, start, length, final);
        if (found === null) {
          p = start;
          break;
        }
        element(bytes, start, found, whole !== null);
        if (found.separator === ARRAY_END) place = "behind";
        cut = found.next >= length && found.fault !== null;
        p = found.next;
      }
    }
    flush();
    joiner.keep(p);
    if (final && place !== "behind" && !cut) malformed(new Uint8Array(0), "the array is not closed");

    function element(block: Buffer, start: number, found: ElementEnd, walked: boolean): void {
      let end = found.end;
      while (end > start && isBlank(block, end - 1, end)) end--;
      const plain = walked && !found.newlines && end - start <= MAX_RECORD_BYTES;
      const wanted = tally.wellFormed === sink.wanted;
      // A view costs more than all else that is done for an element: only who needs one gets one.
      if (wanted || !plain) {
        const raw = block.subarray(start, end);
        const fault = found.fault ?? (plain ? null : faultOf(raw));
        if (fault !== null) {
          flush();
          malformed(raw, fault);
          return;
        }
        const line = found.newlines ? inOneLine(raw) : raw;
        const engine = walked ? line : Buffer.concat([UNSURE, line]);
        if (wanted) {
          sink.take({ ordinal: tally.wellFormed, record: tally.records + 1, line: null, raw, engine });
        }
        if (!plain) {
          flush();
          sink.clean(engine);
          sink.clean(NEWLINE);
        }
      }
      tally.records++;
      tally.wellFormed++;
      if (!plain) return;
      // No blank may stand before a plain record: it would count as unsure.
      if (runStart < 0) runStart = start;
      else endLine(block, runEnd - 1, start);
      endLine(block, end, found.next);
      runEnd = found.next;
    }
  }

  function malformed(raw: Uint8Array, message: string): void {
    const encoding = !isUtf8(raw);
    tally.records++;
    tally.malformed++;
    sink.malformed({
      record: tally.records,
      line: null,
      raw,
      code: encoding ? "invalid_encoding" : "invalid_json",
      rule: encoding ? "encoding" : "json",
      message: encoding ? "the element is not valid UTF-8" : message,
    });
  }

  return {
    push: (block) => scan(block, false),
    end: () => scan(new Uint8Array(0), true),
    pending: joiner.pending,
  };
}

/** An object that the walk has seen to its end, when a separator stands behind it. */
function wholeElement(bytes: Buffer, end: number, length: number, newlines: boolean): ElementEnd | null {
  const p = skipBlanks(bytes, end, length);
  const separator = p < length ? bytes[p] : undefined;
  if (separator !== COMMA && separator !== ARRAY_END) return null;
  return { end, next: p + 1, separator, newlines, fault: null };
}

/** What the engine must not see; whether the rest is JSON is judged there. */
function faultOf(raw: Buffer): string | null {
  if (raw.length === 0) return "nothing stands between two commas";
  if (raw.length > MAX_RECORD_BYTES) return `the element is longer than ${MAX_RECORD_BYTES} bytes`;
  if (raw.includes(JSON_DELIMITER) || raw.includes(0)) return "it holds a control character";
  return isUtf8(raw) ? null : "the element is not valid UTF-8";
}

function inOneLine(raw: Buffer): Buffer {
  const line = Buffer.from(raw);
  for (let p = 0; p < line.length; p++) if (line[p] === LF || line[p] === CR) line[p] = SPACE;
  return line;
}

/** The bytes between two lines become blanks and one line end. */
function endLine(block: Buffer, from: number, to: number): void {
  for (let p = from; p < to - 1; p++) block[p] = SPACE;
  block[to - 1] = LF;
}

function skipBlanks(bytes: Buffer, from: number, length: number): number {
  let p = from;
  while (p < length && (bytes[p] === SPACE || bytes[p] === LF || bytes[p] === CR || bytes[p] === TAB)) p++;
  return p;
}
