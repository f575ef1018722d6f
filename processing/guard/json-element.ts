import { MAX_RECORD_BYTES } from "../record-stream.js";

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const ARRAY = 91;
const ARRAY_END = 93;
const OBJECT = 123;
const OBJECT_END = 125;
const LF = 10;

/** Where an element of a JSON array ends. */
export interface ElementEnd {
  readonly end: number;
  /** Start of what follows: behind the comma or bracket. */
  readonly next: number;
  /** Byte that ended it: a comma, the array's closing bracket, or 0 for none. */
  readonly separator: number;
  /** Whether line breaks stand in it. */
  readonly newlines: boolean;
  /** Why it is surely broken; null = the engine judges it. */
  readonly fault: string | null;
}

const marks = new Uint8Array(256);
for (const mark of [QUOTE, COMMA, ARRAY, ARRAY_END, OBJECT, OBJECT_END, LF, 13]) marks[mark] = 1;

/**
 * Reads one element from its start, or returns null when its end lies beyond `length` and more will come.
 * Signs that a bracket or a quote is missing end it early, so that the next element stays whole: an object that
 * opens where a key must stand, a line break inside a string, a string that is followed by junk.
 */
export function readElement(bytes: Buffer, start: number, length: number, final: boolean): ElementEnd | null {
  const stack: number[] = [];
  let newlines = false;
  let fault: string | null = null;
  let p = start;
  for (; p < length; p++) {
    while (marks[bytes[p] as number] === 0) p++;
    if (p >= length) break;
    const mark = bytes[p];
    if (mark === QUOTE) {
      p++;
      while (p < length) {
        const byte = bytes[p];
        if (byte === QUOTE || byte === LF) break;
        p += byte === BACKSLASH ? 2 : 1;
      }
      if (p >= length) break;
      if (bytes[p] === LF) {
        newlines = true;
        fault ??= "a line break stands in a string";
      } else if (stack.length > 0 && fault === null && !mayFollowString(bytes, p + 1, length)) {
        return resync(bytes, start, length, final, newlines);
      }
    } else if (mark === COMMA) {
      if (stack.length === 0) return { end: p, next: p + 1, separator: COMMA, newlines, fault };
    } else if (mark === OBJECT) {
      const before = significantBefore(bytes, p, start);
      if (stack.at(-1) === OBJECT && bytes[before] !== COLON) {
        const end = bytes[before] === COMMA ? before : before + 1;
        return { end, next: p, separator: 0, newlines, fault: fault ?? "an object is not closed" };
      }
      stack.push(OBJECT);
    } else if (mark === ARRAY) stack.push(ARRAY);
    else if (mark === OBJECT_END) {
      if (stack.length > 0 && stack.at(-1) !== OBJECT) fault ??= "a bracket is not closed";
      popTo(stack, OBJECT);
    } else if (mark === ARRAY_END) {
      if (!stack.includes(ARRAY)) {
        if (stack.length > 0) fault ??= "an object is not closed";
        return { end: p, next: p + 1, separator: ARRAY_END, newlines, fault };
      }
      if (stack.at(-1) !== ARRAY) fault ??= "a bracket is not closed";
      popTo(stack, ARRAY);
    } else newlines = true;
  }
  if (final && stack.length === 0 && bytes[p] === LF) {
    return { end: length, next: length, separator: 0, newlines, fault };
  }
  if (final || length - start > 2 * MAX_RECORD_BYTES) return resync(bytes, start, length, true, newlines);
  return null;
}

function popTo(stack: number[], opener: number): void {
  while (stack.length > 0) if (stack.pop() === opener) return;
}

function mayFollowString(bytes: Buffer, from: number, length: number): boolean {
  let p = from;
  while (p < length && (bytes[p] as number) <= 32) p++;
  if (p >= length) return true;
  const byte = bytes[p];
  return byte === COLON || byte === COMMA || byte === OBJECT_END || byte === ARRAY_END || byte === OBJECT;
}

function significantBefore(bytes: Buffer, from: number, start: number): number {
  let p = from - 1;
  while (p > start && (bytes[p] as number) <= 32) p--;
  return p;
}

/** Of a broken element: it ends where `}`, a comma and `{` follow each other first, or with the text. */
function resync(
  bytes: Buffer,
  start: number,
  length: number,
  final: boolean,
  newlines: boolean,
): ElementEnd | null {
  const fault = "a quote or a bracket is missing";
  for (let p = bytes.indexOf(OBJECT_END, start); p >= 0 && p < length; p = bytes.indexOf(OBJECT_END, p + 1)) {
    let q = p + 1;
    while (q < length && (bytes[q] as number) <= 32) q++;
    if (bytes[q] !== COMMA || q >= length) continue;
    const comma = q++;
    while (q < length && (bytes[q] as number) <= 32) q++;
    if (q < length && bytes[q] === OBJECT)
      return { end: p + 1, next: comma + 1, separator: COMMA, newlines, fault };
  }
  if (!final) {
    return length - start > 2 * MAX_RECORD_BYTES ? resync(bytes, start, length, true, newlines) : null;
  }
  let end = length;
  while (end > start && (bytes[end - 1] as number) <= 32) end--;
  const closed = bytes[end - 1] === ARRAY_END;
  return { end: closed ? end - 1 : end, next: length, separator: closed ? ARRAY_END : 0, newlines, fault };
}
