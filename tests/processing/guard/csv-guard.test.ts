import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CsvDialect } from "../../../processing/guard/csv-dialect.js";
import { csvGuard } from "../../../processing/guard/csv-guard.js";
import { emptyTally, type MalformedRecord, type Tally } from "../../../processing/record-stream.js";

const plain: CsvDialect = { delimiter: 44, quote: 34, columns: 3, crlf: false, guess: true };

interface Seen {
  readonly clean: string;
  readonly malformed: readonly string[];
  readonly raw: readonly string[];
  readonly tally: Tally;
}

/** Push a text through the guard in blocks of a size, and write down what comes out. */
function guard(text: string | Uint8Array, dialect: Partial<CsvDialect> = {}, block = 1 << 20): Seen {
  const bytes = Buffer.from(text as string);
  const tally = emptyTally();
  const clean: Buffer[] = [];
  const malformed: string[] = [];
  const raw: string[] = [];
  const sink = {
    wanted: Number.POSITIVE_INFINITY,
    clean: (part: Uint8Array) => {
      clean.push(Buffer.from(part));
    },
    take: () => undefined,
    malformed: (record: MalformedRecord) => {
      malformed.push(`${record.record}:${record.line} ${record.rule}`);
      raw.push(Buffer.from(record.raw).toString());
    },
  };
  const scanner = csvGuard({ path: "a.csv", dialect: { ...plain, ...dialect }, linesBefore: 0 }, sink, tally);
  for (let p = 0; p < bytes.length; p += block) scanner.push(bytes.subarray(p, p + block));
  scanner.end();
  return { clean: Buffer.concat(clean).toString(), malformed, raw, tally };
}

const table: readonly [
  name: string,
  text: string,
  clean: string,
  malformed: readonly string[],
  dialect?: Partial<CsvDialect>,
][] = [
  ["plain", "a,b,c\nd,e,f\n", "a,b,c\nd,e,f\n", []],
  ["no newline at the end", "a,b,c\nd,e,f", "a,b,c\nd,e,f\n", []],
  ["blank lines", "a,b,c\n\n  \t\nd,e,f\n\n", "a,b,c\nd,e,f\n", []],
  ["an inch sign is text", 'a,27" TV,c\n', 'a,27" TV,c\n', []],
  ["a record over lines", 'a,"b\nb",c\nd,e,f\n', 'a,"b\nb",c\nd,e,f\n', []],
  ["doubled quotes", 'a,"say ""x"", ok",c\n', 'a,"say ""x"", ok",c\n', []],
  ["a blank before a quote is text", 'a, "b",c\n', '"a"," ""b""","c"\n', []],
  ["a quote that opens and never closes", 'a,"b,c\nd,e,f\n', "d,e,f\n", ["1:1 stray_quote"]],
  ["a quote on the last line", 'a,b,c\nd,"e,f', "a,b,c\n", ["2:2 stray_quote"]],
  ["a lone quote as a whole last field", 'a,b,c\nd,e,"', "a,b,c\n", ["2:2 stray_quote"]],
  [
    "strays on two neighbouring lines",
    'a,"b,c\nd,"e,f\ng,h,i\n',
    "g,h,i\n",
    ["1:1 stray_quote", "2:2 stray_quote"],
  ],
  [
    "strays around whole rows",
    'a,"b,c\nd,e,f\ng,h,i\nj,k","l\n',
    "d,e,f\ng,h,i\n",
    ["1:1 stray_quote", "4:4 stray_quote"],
  ],
  [
    "a closing quote behind whole rows",
    'a,"b,c\nd,e,f\ng,h,i\nj",k,l\nm,n,o\n',
    'd,e,f\ng,h,i\nj",k,l\nm,n,o\n',
    ["1:1 stray_quote"],
  ],
  ["open and close in one column is one record", 'a,"b,c\nd,e",f\n', 'a,"b,c\nd,e",f\n', []],
  ["text behind a closing quote", 'a,"b"x,c\nd,e,f\n', "d,e,f\n", ["1:1 stray_quote"]],
  [
    "text behind a closing quote in a record over lines",
    'a,"b"x,"c\nc"\nd,e,f\n',
    "d,e,f\n",
    ["1:1 stray_quote"],
  ],
  ["a quote that opens in a record over lines", 'a,"b,"c\nc"\nd,e,f\n', "d,e,f\n", ["1:1 stray_quote"]],
  ["text behind a closing quote, and an open one", 'a,"b"x,"c\nd,e,f\n', "d,e,f\n", ["1:1 stray_quote"]],
  ["too few and too many", "a,b\nc,d,e\nf,g,h,i\n", "c,d,e\n", ["1:1 column_count", "3:3 column_count"]],
  ["NUL", "a,b\0,c\nd,e,f\n", "d,e,f\n", ["1:1 nul_byte"]],
  ["a BOM in mid-file", "a,b,c\n\ufeffd,e,f\n", 'a,b,c\n"d","e","f"\n', []],
  ["a CRLF among LF", "a,b,c\nd,e,f\r\ng,h,i\n", "a,b,c\nd,e,f\ng,h,i\n", []],
  ["an LF among CRLF", "a,b,c\r\nd,e,f\ng,h,i\r\n", "a,b,c\r\nd,e,f\r\ng,h,i\r\n", [], { crlf: true }],
  ["a lone CR is text", "a,b\rb,c\n", '"a","b\rb","c"\n', []],
  ["semicolons", "a;b,x;c\n", "a;b,x;c\n", [], { delimiter: 59 }],
  ["no quote character", 'a,"b,c\n', 'a,"b,c\n', [], { quote: -1 }],
  ["one column: the standard alone", '"a\nb\nc"\nd\n', '"a\nb\nc"\nd\n', [], { columns: 1 }],
];

describe.each([1 << 20, 7, 1])("in blocks of %d bytes", (block) => {
  test.each(table)("%s", (_, text, clean, malformed, dialect) => {
    const seen = guard(text, dialect, block);
    expect(seen.malformed).toEqual(malformed);
    expect(seen.clean).toBe(clean);
    expect(seen.tally.lines).toBe(text.split("\n").length - (text.endsWith("\n") ? 1 : 0));
    expect(seen.tally.lines).toBe(seen.tally.blankLines + seen.tally.recordLines);
    expect(seen.tally.records).toBe(seen.tally.wellFormed + seen.tally.malformed);
  });
});

test("without the guess a quote swallows what the standard says", () => {
  const text = 'a,"b,c\nd,e,f\ng,h,i\nj,k",l\n';
  expect(guard(text).malformed).toEqual(["1:1 stray_quote"]);
  expect(guard(text, { guess: false }).clean).toBe(text);
});

test("bad UTF-8 costs its line alone", () => {
  const text = Buffer.concat([
    Buffer.from("a,b,c\nd,"),
    Buffer.from([0xff, 0xc3]),
    Buffer.from(",f\ng,ü,i\n"),
  ]);
  const seen = guard(text);
  expect(seen.malformed).toEqual(["2:2 encoding"]);
  expect(seen.clean).toBe("a,b,c\ng,ü,i\n");
});

test("nothing closes within 2 MB: one line is stray, the rest is kept", () => {
  const rows = "x,yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy,z\n".repeat(50_000);
  const seen = guard(`a,"b,c\n${rows}`, {}, 256 * 1024);
  expect(seen.malformed).toEqual(["1:1 stray_quote"]);
  expect(seen.tally.wellFormed).toBe(50_000);
});

test("well-formed records come through in whatever blocks they arrive", () => {
  const field = fc.string({
    unit: fc.constantFrom("a", "é", " ", '"', ",", "\n", "\r\n", "7"),
    maxLength: 6,
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(field, field, field), { maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      (rows, block) => {
        const records = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(","));
        const text = records.map((record) => `${record}\n`).join("");
        const seen = guard(text, { guess: false }, block);
        expect(seen.clean).toBe(text);
        expect(seen.tally.wellFormed).toBe(rows.length);
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});
