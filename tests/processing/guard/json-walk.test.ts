import fc from "fast-check";
import { expect, test } from "vitest";
import { type JsonKey, jsonWalker } from "../../../processing/guard/json-walk.js";

const seed = Number(process.env["GRISTMILL_SEED"] ?? Date.now() % 1_000_000);
const keys: readonly JsonKey[] = [
  { key: "id", form: "text" },
  { key: "n", form: "integer" },
  { key: "amount", form: "number" },
  { key: 'cl"ef', form: "boolean" },
  { key: "größe", form: "any" },
  { key: "", form: "none" },
];

/** Whether the whole text is a plain record. It stands between other bytes, as in a file. */
function isPlain(text: string): boolean {
  const bytes = Buffer.from(`,${text}\n"}`);
  return jsonWalker(keys).walk(bytes, 1, bytes.length - 3) === bytes.length - 3;
}

test.each([
  "{}",
  '{"id":"a","n":1,"amount":-1.5,"cl\\"ef":true,"größe":{"x":[1,null,{}],"y":"z"},"":null}',
  '{ "n" : -0 ,\t"id":"" }',
  '{"id":"\\u00e9\\n\\/\\\\\\" 😀 nan, }","amount":999999999999999999}',
  '{"id":12,"größe":0.001,"amount":123456789012.345}',
  '{"id":null,"n":null,"amount":null,"cl\\"ef":null}',
])("a plain record: %s", (text) => {
  expect(typeof JSON.parse(text)).toBe("object");
  expect(isPlain(text)).toBe(true);
});

test.each([
  ["an unknown key", '{"id":"a","x":1}'],
  ["a key twice", '{"id":"a","id":"a"}'],
  ["a key in escapes", '{"\\u0069d":"a"}'],
  ["a string for a number", '{"amount":"1"}'],
  ["a fraction for an integer", '{"n":1.0}'],
  ["a literal for a text", '{"id":true}'],
  ["a number for a boolean", '{"cl\\"ef":1}'],
  ["an object for a text", '{"id":{}}'],
  ["anything where nothing fits", '{"":""}'],
  ["an exponent", '{"amount":1e2}'],
  ["more digits than a double keeps", '{"amount":0.1234567890123456}'],
  ["more digits than an integer keeps", '{"n":1234567890123456789}'],
  ["a small number", '{"amount":0.00012}'],
  ["a surrogate", '{"id":"\\ud83d\\ude00"}'],
  ["half a pair", '{"id":"\\udc00"}'],
  ["a line break in a text", '{"id":"a\nb"}'],
  ["a leading zero", '{"n":01}'],
  ["a bare sign", '{"n":-}'],
  ["a trailing comma", '{"id":"a",}'],
  ["a trailing comma inside", '{"größe":[1,]}'],
  ["NaN", '{"amount":NaN}'],
  ["no colon", '{"id" "a"}'],
  ["no value", '{"id":}'],
  ["an escape that is none", '{"id":"\\x41"}'],
  ["half a code", '{"id":"\\u00"}'],
  ["half a word", '{"cl\\"ef":tru}'],
  ["no end", '{"id":"a"'],
  ["no closing quote", '{"id":"a'],
  ["a list", '["id"]'],
  ["text behind", '{"id":"a"}}'],
  ["too deep", `{"größe":${"[".repeat(60)}${"]".repeat(60)}}`],
])("no plain record: %s", (_, text) => {
  expect(isPlain(text)).toBe(false);
});

test("a walk stops at its limit, and says whether line breaks stand between tokens", () => {
  const walker = jsonWalker(keys);
  const text = '{"id":"a",\r\n"n":1}{"id":"b"}';
  const bytes = Buffer.from(text);
  const first = text.indexOf("}") + 1;
  expect(walker.walk(bytes, 0, bytes.length)).toBe(first);
  expect(walker.newlines).toBe(true);
  for (let limit = 0; limit < first; limit++) expect(walker.walk(bytes, 0, limit)).toBe(-1);
  expect(walker.walk(bytes, first, bytes.length)).toBe(bytes.length);
  expect(walker.newlines).toBe(false);
});

test("what counts as plain is JSON with known keys, each once, however a text is broken", () => {
  const piece = fc.constantFrom(
    ...'{ } [ ] , : " \\ \\" \\u00e9 \\ud83d 0 1 -1.5 1e5 .5 true false null nul NaN é "id": "n": "amount": "größe": "a" {} [1,2] {"x":1}'.split(
      " ",
    ),
    " ",
    "\t",
    "\n",
  );
  const pair = fc
    .tuple(fc.constantFrom("id", "n", "amount", "größe", "x"), fc.jsonValue({ maxDepth: 2 }))
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const record = fc.array(pair, { maxLength: 4 }).map((pairs) => `{${pairs.join(",")}}`);
  const broken = fc
    .tuple(record, fc.nat(60), fc.nat(3), piece)
    .map(([text, at, less, more]) => text.slice(0, at) + more + text.slice(at + less));
  const soup = fc.array(piece, { maxLength: 12 }).map((pieces) => `{${pieces.join("")}}`);
  let plain = 0;
  fc.assert(
    fc.property(fc.oneof(record, broken, soup), (text) => {
      if (!isPlain(text)) return;
      plain++;
      const value = JSON.parse(text) as Record<string, unknown>;
      const found = Object.keys(value);
      expect(keys.map(({ key }) => key)).toEqual(expect.arrayContaining(found));
      expect(typeof (value["amount"] ?? 0)).toBe("number");
    }),
    { seed, numRuns: 20_000 },
  );
  expect(plain).toBeGreaterThan(500);
});
