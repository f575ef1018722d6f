import { expect, test } from "vitest";
import { seededRandom } from "../../../generator/random.js";
import { plainLines } from "../../../processing/guard/plain-lines.js";

const SEED = 20261121;
const PIECES = [
  ..."abcdefghij0123456789",
  ..." ;|\té\0",
  "\\",
  "\r",
  '"',
  '""',
  '"q"',
  '"a, b"',
  '"27"" TV"',
  '"a\0"',
];

/** What a plain line of three columns is, said once more as a pattern. */
function pattern(delimiter: string, crlf: boolean): RegExp {
  const field = `(?:"(?:[^"\\n\\0]|"")*"|(?!")[^${delimiter}"\\n\\r\\0]*)`;
  return new RegExp(`^${field}(?:${delimiter}${field}){2}${crlf ? "\\r\\n" : "\\n"}$`);
}

test.each([
  { delimiter: ",", crlf: false },
  { delimiter: ",", crlf: true },
  { delimiter: "\t", crlf: false },
  { delimiter: " ", crlf: false },
])("delimiter $delimiter, CRLF $crlf: lines pass exactly when the pattern fits, wherever they stand", ({
  delimiter,
  crlf,
}) => {
  const draw = seededRandom(SEED, 1);
  const pieces = PIECES.filter((piece) => delimiter === "," || !piece.includes(delimiter));
  const dialect = {
    delimiter: delimiter.charCodeAt(0),
    quote: 34,
    columns: 3,
    crlf,
    guess: false,
  };
  const plain = plainLines(dialect);
  const fits = pattern(delimiter, crlf);
  const seen = { plain: 0, odd: 0 };
  for (let round = 0; round < 8_000; round++) {
    const text = (length: number): string => Array.from({ length }, () => draw.pick(pieces)).join("");
    const fields = Array.from({ length: draw.chance(0.1) ? 2 : 3 }, () => text(draw.below(6)));
    const line = `${fields.join(delimiter)}${crlf ? "\r\n" : "\n"}`;
    const before = `a${delimiter}b${delimiter}${"c".repeat(draw.below(5))}${crlf ? "\r\n" : "\n"}`;
    const bytes = aligned(`${before}${line}\n`);
    const run = plain(bytes, 0, bytes.length - 1, Number.POSITIVE_INFINITY);
    const expected = fits.test(line);
    seen[expected ? "plain" : "odd"]++;
    expect(run, JSON.stringify(line)).toEqual({
      end: expected ? bytes.length - 1 : Buffer.byteLength(before),
      lines: expected ? 2 : 1,
    });
  }
  expect(Math.min(seen.plain, seen.odd)).toBeGreaterThan(500);
});

test("no more lines than wanted, none that ends beyond the length, none too long, none that begins like a BOM", () => {
  const plain = plainLines({ delimiter: 44, quote: 34, columns: 2, crlf: false, guess: false });
  const bytes = aligned("a,b\nc,d\ne,f\n");
  expect(plain(bytes, 0, bytes.length, 2)).toEqual({ end: 8, lines: 2 });
  expect(plain(bytes, 4, 11, 9)).toEqual({ end: 8, lines: 1 });
  expect(plain(bytes, 4, 8, 9)).toEqual({ end: 8, lines: 1 });
  const long = aligned(`a,b\n${"c".repeat(2_000_000)},d\ne,f\n`);
  expect(plain(long, 0, long.length, 9)).toEqual({ end: 4, lines: 1 });
  expect(plain(aligned("\u{feff}a,b\n"), 0, 7, 9)).toEqual({ end: 0, lines: 0 });
});

/** Bytes at an offset that four divides. */
function aligned(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
