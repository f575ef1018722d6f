import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type Case, threeColumns, work } from "./work-harness.js";

const lines = [
  '{"id":"1","name":"a","amount":1}',
  '{"id":"2","amount":NaN}',
  '{"id":"3","amount":1,}',
  "",
  "[1]",
  '"text"',
  '{"id":"4","id":"5","name":"Finance, info","note":{"x":[1,null]}}',
  '{"id":"6","name":"nan,inf: -inf, }","extra":null}',
  '{"id":"7","amount":"12"}',
  '{"id":"8","amount":-3}',
  '{"id":"9"',
  '{"name":"no id"}',
  '{"id":10,"name":true}',
];
const lineVerdicts = [
  "2:2 invalid_json json",
  "3:3 invalid_json json",
  "4:5 invalid_json json",
  "5:6 invalid_json json",
  "9:10 out_of_range amount minimum",
  "10:11 invalid_json json",
  "11:12 missing_required id required",
  "12:13 wrong_type name type",
];

test.each<[string, Case["files"]]>([
  ["lines", { "a.ndjson": lines.join("\n") }],
  ["lines with CRLF and BOM", { "a.json": `\ufeff${lines.join("\r\n")}\r\n` }],
  ["lines, packed", { "a.json.gz": gzipSync(lines.join("\n")) }],
])("JSON %s", async (_, files) => {
  const { file, verdicts, accepted, quarantined } = await work({ files, schema: threeColumns });
  expect(file).toMatchObject({
    outcome: "judged",
    message: null,
    lines: 13,
    blank_lines: 1,
    records: 12,
    accepted: 4,
  });
  expect(file.oracle).toMatchObject({ disagreements: 0, examples: [] });
  expect(verdicts).toEqual(lineVerdicts);
  expect(quarantined.map((row) => row["raw"])).toEqual(
    lineVerdicts.map((v) => lines[Number(v.split(/[: ]/)[1]) - 1]),
  );
  expect(accepted.map((row) => [row["id"], row["name"], row["amount"], row["_rescued"]])).toEqual([
    ["1", "a", 1n, null],
    ["4", "Finance, info", null, '{"note":{"x":[1,null]}}'],
    ["6", "nan,inf: -inf, }", null, null],
    ["7", null, 12n, null],
  ]);
});

test("texts that look like other JSON values are texts, and a null under a known key leaves none unknown", async () => {
  const rows = [
    '{"id":"true","name":"[x]","amount":null}',
    '{"id":"{y","name":null,"extra":"true"}',
    '{"id":"1","name":[1]}',
    '{"id":"2","name":{"x":1}}',
    '{"id":"3","name":false}',
    '{"id":"4","name":null,"amount":null}',
  ];
  const { file, verdicts, accepted } = await work({
    files: { "a.ndjson": rows.join("\n") },
    schema: threeColumns,
  });
  expect(file.oracle).toMatchObject({ disagreements: 0, examples: [] });
  expect(verdicts).toEqual([
    "3:3 wrong_type name type",
    "4:4 wrong_type name type",
    "5:5 wrong_type name type",
  ]);
  expect(accepted.map((row) => [row["id"], row["name"], row["_rescued"]])).toEqual([
    ["4", null, null],
    ["true", "[x]", null],
    ["{y", null, '{"extra":"true"}'],
  ]);
});

const arrays: readonly [string, string, number, readonly string[]][] = [
  ["compact", '[{"id":"1"},{"id":"2","amount":-1},{"id":"3"}]', 2, ["2:- out_of_range amount minimum"]],
  [
    "pretty",
    '[\n  {\n    "id": "1",\n    "name": "x"\n  },\n  {\n    "name": "y"\n  }\n]\n',
    1,
    ["2:- missing_required id required"],
  ],
  ["trailing comma in an object", '[{"id":"1"},{"id":"2",},{"id":"3"}]', 2, ["2:- invalid_json json"]],
  ["missing brace", '[{"id":"1"},{"id":"2","name":"x",{"id":"3"}]', 2, ["2:- invalid_json json"]],
  [
    "missing brace, one a line",
    '[{"id":"1"},\n{"id":"2"\n,{"id":"3"},\n{"id":"4"}]',
    3,
    ["2:- invalid_json json"],
  ],
  ["missing quote", '[{"id":"1"},{"id":"2","name":"x},{"id":"3"},{"id":"4"}]', 3, ["2:- invalid_json json"]],
  [
    "missing quote, one a line",
    '[{"id":"1"},\n{"id":"2","name":"x},\n{"id":"3"},\n{"id":"4"}]',
    3,
    ["2:- invalid_json json"],
  ],
  [
    "quote within a text",
    '[{"id":"1"},{"id":"2","name":"a "b" c"},{"id":"3"}]',
    2,
    ["2:- invalid_json json"],
  ],
  [
    "scalars",
    '[{"id":"1"},7,"x",null,[{"id":"2"}],{"id":"3"}]',
    2,
    ["2:- invalid_json json", "3:- invalid_json json", "4:- invalid_json json", "5:- invalid_json json"],
  ],
  ["not closed", '[{"id":"1"},{"id":"2"}', 2, ["3:- invalid_json json"]],
  ["cut in mid-object", '[{"id":"1"},{"id":"2","na', 1, ["2:- invalid_json json"]],
  ["text behind", '[{"id":"1"}] x', 1, ["2:- invalid_json json"]],
  ["brackets in texts", '[{"id":"}],{["},{"id":"\\"],"}]', 2, []],
];
test.each(arrays)("JSON array: %s", async (_, text, accepted, verdicts) => {
  const found = await work({ files: { "a.json": text }, schema: threeColumns });
  expect(found.verdicts).toEqual(verdicts);
  expect(found.file).toMatchObject({ outcome: "judged", message: null, lines: null, accepted });
  expect(found.file.oracle.disagreements).toBe(0);
});

test("a gz cut short is unreadable, and its batch is judged without it", async () => {
  const whole = gzipSync(Array.from({ length: 30_000 }, (_, i) => `{"id":"${Math.sin(i)}"}`).join("\n"));
  const { result, quarantined } = await work({
    files: {
      "a.json": '{"id":"1"}',
      "b.json.gz": whole.subarray(0, whole.length - 2000),
      "c.json": '{"id":"2"}',
    },
    schema: threeColumns,
  });
  expect(result.files.map((file) => [file.path, file.outcome, file.records, file.accepted])).toEqual([
    ["a.json", "judged", 1, 1],
    ["b.json.gz", "unreadable", 1, 0],
    ["c.json", "judged", 1, 1],
  ]);
  expect(quarantined[0]).toMatchObject({ path: "b.json.gz", record: 1n, line: null, raw: null });
  expect((quarantined[0]?.["raw_bytes"] as Uint8Array).length).toBe(4096);
});

test("a null value counts for a bare scalar in a nested column, and both judges say so", async () => {
  const schema = { type: "object", properties: { id: { type: "string" }, tags: { type: "array" } } };
  const text =
    '{"id":"1","tags":true}\n{"id":"2","tags":["a"]}\n{"id":"3","tags":7}\n{"id":"4","tags":false}\n';
  const { file, accepted, verdicts } = await work({
    files: { "a.ndjson": text },
    schema,
    feed: { options: { null_values: ["true", "7"] } },
  });
  expect(file).toMatchObject({ outcome: "judged", message: null, records: 4, oracle: { disagreements: 0 } });
  expect(verdicts).toEqual(["4:4 wrong_type tags type"]);
  expect(accepted.map((row) => [row["id"], row["tags"]])).toEqual([
    ["1", null],
    ["2", '["a"]'],
    ["3", null],
  ]);
});

test("a foreign name that is also a column's own name gives its value to the column that the feed names", async () => {
  const properties = { price: { type: "string" }, unit_price: { type: "string" } };
  const columns = { price: "unit_price" };
  const json = await work({
    files: { "a.ndjson": '{"price":"1"}\n{"unit_price":"2"}\n' },
    schema: { type: "object", properties },
    feed: { columns },
  });
  expect(json.file).toMatchObject({
    outcome: "judged",
    message: null,
    accepted: 2,
    oracle: { disagreements: 0 },
  });
  expect(json.accepted.map((row) => [row["price"], row["unit_price"]])).toEqual([
    [null, "1"],
    [null, "2"],
  ]);
  const csv = await work({
    files: { "a.csv": "price,note\n1,x\n" },
    schema: { type: "object", properties },
    feed: { columns },
  });
  expect(csv.accepted.map((row) => [row["price"], row["unit_price"]])).toEqual([[null, "1"]]);
});
