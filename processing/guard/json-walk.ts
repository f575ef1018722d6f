import { keyFinder } from "./json-keys.js";

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const ARRAY = 91;
const BACKSLASH = 92;
const ARRAY_END = 93;
const OBJECT = 123;
const OBJECT_END = 125;

/** Deeper ones are left to others. */
const MAX_DEPTH = 32;
/** Digits that stay exact as a 64-bit integer; of a fraction as a double, with the point between them. */
const MAX_INTEGER_BYTES = 18;
const MAX_FRACTION_BYTES = 16;

/** Kinds of values, as bits. A null fits everywhere. */
const STRING = 1;
const WHOLE = 2;
const FRACTION = 4;
const LITERAL = 8;
const INSIDE = 16;
const FORMS = {
  text: STRING | WHOLE | FRACTION,
  integer: WHOLE,
  number: WHOLE | FRACTION,
  boolean: LITERAL,
  any: STRING | WHOLE | FRACTION | LITERAL | INSIDE,
  none: 0,
} as const;
/** What a plain record may have under a key. `text`: a string or a number · `none`: nothing but null. */
export type JsonForm = keyof typeof FORMS;

export interface JsonKey {
  readonly key: string;
  readonly form: JsonForm;
}

export interface JsonWalker {
  /**
   * Where the plain record ends that begins at `start`, or -1 where none does: an object by RFC 8259 with no other keys
   * than those given, each once, values of their forms, and nothing that two readers may read differently (numbers with
   * an exponent or more digits than they keep, surrogates, escapes in keys). Bytes from 128 on are taken for good UTF-8.
   */
  walk(bytes: Buffer, start: number, limit: number): number;
  /** Whether line breaks stand between the tokens of the last plain record. */
  newlines: boolean;
}

/**
 * Stands before every text that is not known to be a plain record, for the engine to tell them apart; as a blank it
 * changes nothing of its meaning.
 */
export const UNSURE = Buffer.from(" ");

export function jsonWalker(keys: readonly JsonKey[]): JsonWalker {
  const finder = keyFinder(keys.map(({ key }) => key));
  const forms = Int32Array.from(keys, ({ form }) => FORMS[form]);
  const seen = new Int32Array(keys.length);
  let walks = 0;
  let view: DataView = new DataView(new ArrayBuffer(0));
  const walker: JsonWalker = { walk, newlines: false };
  return walker;

  function walk(bytes: Buffer, start: number, limit: number): number {
    if (start >= limit || bytes[start] !== OBJECT) return -1;
    if (bytes.buffer !== view.buffer) view = new DataView(bytes.buffer);
    const text: Text = { bytes, view, base: bytes.byteOffset, limit, newlines: false };
    walks = (walks + 1) | 0;
    let next = 0;
    let p = blanks(text, start + 1);
    if (p >= limit || bytes[p] !== OBJECT_END) {
      for (;;) {
        const key = finder.find(view, text.base + p, text.base + limit, next);
        if (key < 0 || seen[key] === walks) return -1;
        seen[key] = walks;
        next = key + 1;
        p += finder.length(key);
        if (bytes[p] !== COLON) p = blanks(text, p);
        if (p >= limit || bytes[p] !== COLON) return -1;
        p = valueEnd(text, p + 1, forms[key] as number, 0);
        if (p < 0) return -1;
        let byte = bytes[p];
        if (byte !== COMMA && byte !== OBJECT_END) {
          p = blanks(text, p);
          byte = bytes[p];
        }
        if (p >= limit) return -1;
        if (byte === OBJECT_END) break;
        if (byte !== COMMA) return -1;
        p++;
        if (bytes[p] !== QUOTE) p = blanks(text, p);
      }
    }
    walker.newlines = text.newlines;
    return p + 1;
  }
}

interface Text {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Where the bytes begin in the view. */
  readonly base: number;
  readonly limit: number;
  newlines: boolean;
}

function blanks(text: Text, from: number): number {
  const { bytes, limit } = text;
  let p = from;
  for (; p < limit; p++) {
    const byte = bytes[p];
    if (byte === 10 || byte === 13) text.newlines = true;
    else if (byte !== 32 && byte !== 9) break;
  }
  return p;
}

/** Behind a value of a form, or -1. */
function valueEnd(text: Text, from: number, form: number, depth: number): number {
  const { bytes, limit } = text;
  const p = (bytes[from] as number) <= 32 ? blanks(text, from) : from;
  if (p >= limit) return -1;
  const byte = bytes[p] as number;
  if (byte === QUOTE) return (form & STRING) !== 0 ? stringEnd(text, p + 1) : -1;
  if (byte <= NINE) return (form & WHOLE) !== 0 ? numberEnd(bytes, p, form) : -1;
  if (byte === OBJECT || byte === ARRAY) {
    return (form & INSIDE) !== 0 && depth < MAX_DEPTH ? insideEnd(text, p, byte, depth + 1) : -1;
  }
  if (byte === NULL[0]) return wordEnd(bytes, p, NULL);
  if ((form & LITERAL) === 0) return -1;
  return wordEnd(bytes, p, byte === TRUE[0] ? TRUE : FALSE);
}

const [TRUE, FALSE, NULL] = [Buffer.from("true"), Buffer.from("false"), Buffer.from("null")];

function wordEnd(bytes: Buffer, p: number, word: Buffer): number {
  for (let at = 0; at < word.length; at++) if (bytes[p + at] !== word[at]) return -1;
  return p + word.length;
}

function insideEnd(text: Text, from: number, opener: number, depth: number): number {
  const { bytes, limit } = text;
  const close = opener === OBJECT ? OBJECT_END : ARRAY_END;
  let p = blanks(text, from + 1);
  if (p < limit && bytes[p] === close) return p + 1;
  for (;;) {
    if (opener === OBJECT) {
      if (p >= limit || bytes[p] !== QUOTE) return -1;
      p = stringEnd(text, p + 1);
      if (p < 0) return -1;
      p = blanks(text, p);
      if (p >= limit || bytes[p] !== COLON) return -1;
      p++;
    }
    p = valueEnd(text, p, FORMS.any, depth);
    if (p < 0) return -1;
    p = blanks(text, p);
    if (p >= limit) return -1;
    const byte = bytes[p++];
    if (byte === close) return p;
    if (byte !== COMMA) return -1;
    p = blanks(text, p);
  }
}

/** Behind the closing quote, or -1. */
function stringEnd(text: Text, from: number): number {
  const { bytes, view, base, limit } = text;
  let p = from;
  for (;;) {
    // four bytes at once: a bit for each that is a quote, a backslash or a control character
    for (; p + 4 <= limit; p += 4) {
      const four = view.getInt32(base + p, true);
      const quotes = (four ^ 0x22222222) - 0x01010101;
      const slashes = (four ^ 0x5c5c5c5c) - 0x01010101;
      const marks = ((four - 0x20202020) | quotes | slashes) & ~four & 0x80808080;
      if (marks === 0) continue;
      p += (31 - Math.clz32(marks & -marks)) >> 3;
      break;
    }
    let byte = bytes[p] as number;
    while (p < limit && byte >= 32 && byte !== QUOTE && byte !== BACKSLASH) byte = bytes[++p] as number;
    if (p >= limit || byte < 32) return -1;
    if (byte === QUOTE) return p + 1;
    const escaped = escapeBytes(bytes, p);
    if (escaped === 0) return -1;
    p += escaped;
  }
}

const ESCAPES = tableOf('"\\/bfnrt');
const HEX = tableOf("0123456789abcdefABCDEF");

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** Length of an escape, 0 where it is none or half of a pair. */
function escapeBytes(bytes: Buffer, p: number): number {
  const sign = bytes[p + 1] as number;
  if (sign !== 117) return ESCAPES[sign] === 1 ? 2 : 0;
  for (let at = 2; at < 6; at++) if (HEX[bytes[p + at] as number] !== 1) return 0;
  const surrogate = ((bytes[p + 2] as number) | 32) === 100 && (bytes[p + 3] as number) >= 56;
  return surrogate ? 0 : 6;
}

function numberEnd(bytes: Buffer, from: number, form: number): number {
  let p = from;
  let byte = bytes[p] as number;
  if (byte === MINUS) byte = bytes[++p] as number;
  const first = p;
  if (!isDigit(byte)) return -1;
  do byte = bytes[++p] as number;
  while (isDigit(byte));
  if ((bytes[first] === ZERO && p > first + 1) || p - first > MAX_INTEGER_BYTES) return -1;
  if (byte === POINT) {
    if ((form & FRACTION) === 0) return -1;
    const point = p;
    byte = bytes[++p] as number;
    if (!isDigit(byte)) return -1;
    do byte = bytes[++p] as number;
    while (isDigit(byte));
    if (p - first > MAX_FRACTION_BYTES) return -1;
    // readers differ in when they write a small number with an exponent
    const small = bytes[point + 1] === ZERO && bytes[point + 2] === ZERO && bytes[point + 3] === ZERO;
    if (bytes[first] === ZERO && small) return -1;
  }
  return byte === 69 || byte === 101 ? -1 : p;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
