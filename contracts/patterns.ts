import { type Place, refuse } from "./refusal.js";

/** JavaScript's white space, as RE2 ranges: RE2's own \s knows ASCII only. */
const SPACES =
  "\\t\\n\\v\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/;
/** Escapes that mean the same in both. */
const SAME: ReadonlySet<string> = new Set(["d", "D", "w", "W", "b", "B", "n", "r", "t", "f", "v"]);

/**
 * A JSON Schema pattern (JavaScript, Unicode mode) as an RE2 pattern that matches the same texts.
 * Refuses what RE2 lacks or reads differently: look-around, back references, named groups, \c, {n} above 1000.
 */
export function re2Pattern(pattern: string, place: Place): string {
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    refuse(place, `${JSON.stringify(pattern)} is no regular expression: ${String(error)}`);
  }
  const characters = [...pattern];
  let out = "";
  let index = 0;
  const no = (what: string): never =>
    refuse(place, `${what} in ${JSON.stringify(pattern)} is not supported: engines read it differently`);
  while (index < characters.length) {
    const character = characters[index] ?? "";
    if (character === "\\") {
      const piece = readEscape(characters, index, false, no);
      out += piece.re2;
      index = piece.next;
    } else if (character === "[") {
      const set = readClass(characters, index, no);
      out += set.re2;
      index = set.next;
    } else if (character === "(" && characters[index + 1] === "?") {
      if (characters[index + 2] !== ":") no("a look-around or a named group");
      out += "(?:";
      index += 3;
    } else if (character === "{") {
      const end = characters.indexOf("}", index);
      const quantifier = characters.slice(index, end + 1).join("");
      if (quantifier.match(/\d+/g)?.some((count) => Number(count) > 1000) === true) no("a count above 1000");
      out += quantifier;
      index = end + 1;
    } else {
      // JavaScript's dot stops at four line ends, RE2's at one; its $ is the end of the text, as RE2's \z
      out += character === "." ? "[^\\n\\r\\x{2028}\\x{2029}]" : character === "$" ? "\\z" : character;
      index += 1;
    }
  }
  return out;
}

interface Piece {
  readonly re2: string;
  readonly next: number;
}

function readEscape(
  characters: readonly string[],
  at: number,
  inClass: boolean,
  no: (what: string) => never,
): Piece {
  const letter = characters[at + 1] ?? "";
  if (letter === "s") return { re2: inClass ? SPACES : `[${SPACES}]`, next: at + 2 };
  if (letter === "S") return inClass ? no("\\S inside […]") : { re2: `[^${SPACES}]`, next: at + 2 };
  if (inClass && (letter === "b" || letter === "B")) return no(`\\${letter} inside […]`);
  if (SAME.has(letter)) return { re2: `\\${letter}`, next: at + 2 };
  const property = characters
    .slice(at)
    .join("")
    .match(/^\\[pP]\{[^}]+\}/u)?.[0];
  if (property !== undefined) {
    const ranges = propertyRanges(property);
    return { re2: inClass ? ranges : `[${ranges}]`, next: at + property.length };
  }
  const code = characters
    .slice(at, at + 12)
    .join("")
    .match(/^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\})/);
  if (code !== null) {
    const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? "0", 16);
    if (point === 0 || (point >= 0xd800 && point <= 0xdfff)) return no(code[0]);
    return { re2: `\\x{${point.toString(16)}}`, next: at + code[0].length };
  }
  if (SPECIAL.test(letter)) return { re2: `\\${letter}`, next: at + 2 };
  return no(`\\${letter}`);
}

const properties = new Map<string, string>();

/** A Unicode property as ranges, asked of JavaScript itself: engines know different versions of Unicode. */
function propertyRanges(property: string): string {
  const known = properties.get(property);
  if (known !== undefined) return known;
  const test = new RegExp(property, "u");
  const ranges: string[] = [];
  let start = -1;
  for (let point = 1; point <= 0x110000; point += 1) {
    const inside =
      point < 0x110000 && (point < 0xd800 || point > 0xdfff) && test.test(String.fromCodePoint(point));
    if (inside && start < 0) start = point;
    if (inside || start < 0) continue;
    ranges.push(`\\x{${start.toString(16)}}-\\x{${(point - 1).toString(16)}}`);
    start = -1;
  }
  properties.set(property, ranges.join(""));
  return ranges.join("");
}

function readClass(characters: readonly string[], from: number, no: (what: string) => never): Piece {
  let out = "[";
  let index = from + 1;
  if (characters[index] === "^") {
    out += "^";
    index += 1;
  }
  if (characters[index] === "]") no("an empty […]");
  while (index < characters.length && characters[index] !== "]") {
    const character = characters[index] ?? "";
    if (character === "\\") {
      const piece = readEscape(characters, index, true, no);
      out += piece.re2;
      index = piece.next;
    } else {
      // RE2 reads [:alpha:] inside a class, and a caret that we moved to its start
      out += character === "[" || character === "^" ? `\\${character}` : character;
      index += 1;
    }
  }
  return { re2: `${out}]`, next: index + 1 };
}
