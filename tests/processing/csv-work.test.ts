import { expect, test } from "vitest";
import { threeColumns, work } from "./work-harness.js";

test("a clean file is accepted whole", async () => {
  const { file, accepted, quarantined } = await work({
    files: { "a.csv": 'id,name,amount\n1,x,5\n2,,\n3,"a\nb",7' },
    schema: threeColumns,
  });
  expect(file).toMatchObject({
    outcome: "judged",
    message: null,
    records: 3,
    accepted: 3,
    lines: 5,
    header_lines: 1,
  });
  expect(file.null_counts).toEqual({ id: 0, name: 1, amount: 1 });
  expect(quarantined).toEqual([]);
  expect(accepted.map((row) => [row["id"], row["name"], row["amount"], row["_file"]])).toEqual([
    ["1", "x", 5n, "a.csv"],
    ["2", null, null, "a.csv"],
    ["3", "a\nb", 7n, "a.csv"],
  ]);
});

test("failed and malformed records keep their line and raw text", async () => {
  const { file, verdicts, quarantined } = await work({
    files: { "a.csv": 'id,name,amount\n1,"a\nb",5\n2,x,abc\n\n3,x\n4,"x,1\n5,x,1,9\n6,ok,-1\n' },
    schema: threeColumns,
  });
  expect(file).toMatchObject({
    outcome: "judged",
    message: null,
    records: 6,
    accepted: 1,
    quarantined: 5,
    lines: 9,
    blank_lines: 1,
    stray_quotes: 1,
  });
  expect(verdicts).toEqual([
    "2:4 wrong_type amount type",
    "3:6 malformed_row column_count",
    "4:7 malformed_row stray_quote",
    "5:8 malformed_row column_count",
    "6:9 out_of_range amount minimum",
  ]);
  expect(quarantined.map((row) => row["raw"])).toEqual(["2,x,abc", "3,x", '4,"x,1', "5,x,1,9", "6,ok,-1"]);
});

test("columns may be called what the work calls its own", async () => {
  const names = ["raw", "fault", "m_raw", "m_record", "m_code", "m_column", "c0", "record", "reasons"];
  const schema = {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "integer" }])),
  };
  const csv = `${names.join(",")}\n1,2,3,4,5,6,7,8,9\nx,2,3,4,5,6,7,8,9\n1,2\n`;
  const object = (raw: unknown) =>
    JSON.stringify(Object.fromEntries(names.map((name, at) => [name, at === 0 ? raw : at])));
  const json = `${object(1)}\n${object("x")}\n{"raw":\n`;
  for (const [file, text] of [
    ["a.csv", csv],
    ["a.jsonl", json],
  ] as const) {
    const { accepted, quarantined, verdicts } = await work({ files: { [file]: text }, schema });
    expect(accepted.map((row) => [row["raw"], row["m_code"]])).toEqual([[1n, file === "a.csv" ? 5n : 4n]]);
    expect(verdicts[0]).toMatch(/^2:\d wrong_type raw type$/);
    expect(quarantined.map((row) => row["raw"])).toEqual(text.trim().split("\n").slice(-2));
  }
});

test.each([
  20, 40,
])("of %i columns a record tells all checks that it fails, one, two or each", async (count) => {
  // two checks a column: 40 of them fit one word of the mask, 80 do not
  const names = Array.from({ length: count }, (_, at) => `n${at}`);
  const schema = {
    type: "object",
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, { type: "integer" }])),
  };
  const failing = (...wrong: readonly number[]) => names.map((_, at) => (wrong.includes(at) ? "x" : "1"));
  const rows = [
    names,
    failing(count - 1),
    failing(0, count - 1),
    names.map(() => "x"),
    failing(3),
    failing(),
  ];
  const { quarantined } = await work({
    files: { "a.csv": `${rows.map((row) => row.join(",")).join("\n")}\n` },
    schema,
  });
  const columns = quarantined.map((row) =>
    (row["reasons"] as readonly Record<string, unknown>[]).map((reason) => reason["column"]),
  );
  const last = `n${count - 1}`;
  expect(columns).toEqual([[last], ["n0", last], names, ["n3"]]);
});

test("samples of a rule come from the file that broke it, whatever the numbers of its records", async () => {
  const file = (bad: readonly number[]) =>
    `id,name,amount\n${Array.from({ length: 30 }, (_, at) => `${at},x,${bad.includes(at + 1) ? "abc" : at}`).join("\n")}\n`;
  const { result } = await work({
    files: { "a.csv": file([2, 4, 6, 8, 10, 12, 14]), "b.csv": file([1, 2, 30]) },
    schema: threeColumns,
  });
  expect(
    result.files.map(({ rules }) =>
      rules.map(({ count, samples }) => [count, samples.map((sample) => sample.record)]),
    ),
  ).toEqual([[[7, [2, 4, 6, 8, 10]]], [[3, [1, 2, 30]]]]);
});

test.each([
  ["CRLF, an LF in a cell", 'id,name,amount\r\n1,"a\nb",5\r\n2,x,6\r\n', "a\nb"],
  ["CRLF, a CR in a cell", 'id,name,amount\r\n1,"a\rb",5\r\n2,x,6\r\n', "a\rb"],
  ["LF, a CRLF in a cell", 'id,name,amount\n1,"a\r\nb",5\n2,x,6\n', "a\r\nb"],
  ["LF, a CR in a cell", 'id,name,amount\n1,"a\rb",5\n2,x,6\n', "a\rb"],
  ["LF, a CR in an unquoted field", "id,name,amount\n1,a\rb,5\n2,x,6\n", "a\rb"],
  ["CRLF, two CR before an LF", 'id,name,amount\r\n1,"a\r\r\nb",5\r\n2,x,6\r\n', "a\r\r\nb"],
  ["CRLF, the first record ends in LF", "id,name,amount\r\n1,a,5\n2,x,6\r\n", "a"],
  ["LF, the first record ends in CRLF", "id,name,amount\n1,a,5\r\n2,x,6\n", "a"],
])("a first record with a line end of another kind is read as any other: %s", async (_, text, name) => {
  const { file, accepted } = await work({ files: { "a.csv": text }, schema: threeColumns });
  expect(file).toMatchObject({ outcome: "judged", message: null, records: 2, accepted: 2 });
  expect(accepted.map((row) => row["name"])).toEqual([name, "x"]);
});

test("a CRLF file of one column keeps its records, its blank lines and the line ends within them", async () => {
  const schema = { type: "object", properties: { note: { type: "string" } } };
  const text = 'note\r\n"a\nb"\r\n\r\nc\r\n""\r\nd';
  const { file, accepted } = await work({ files: { "a.csv": text }, schema });
  expect(file).toMatchObject({ outcome: "judged", message: null, records: 4, blank_lines: 1, lines: 7 });
  expect(accepted.map((row) => row["note"]).sort()).toEqual(["a\nb", "c", "d", null].sort());
});

test("a bad first record with a line end of another kind keeps its raw text", async () => {
  const text = 'id,name,amount\r\n1,"a\nb",abc\r\n2,x,6\r\n';
  const { verdicts, quarantined } = await work({ files: { "a.csv": text }, schema: threeColumns });
  expect(verdicts).toEqual(["1:2 wrong_type amount type"]);
  expect(quarantined[0]?.["raw"]).toBe('1,"a\nb",abc');
});

test("a missing delimiter before a quoted field costs its record; a quote within a field is text", async () => {
  const text =
    'id,name,amount\n1"a,b",5\n2,27" TV,6\n3,"24"" TV",7\n4 "x,y",8\n5,TV 27",9\n6,27" TV,"10"\n7,27" TV,8"\n';
  const { verdicts, accepted } = await work({ files: { "a.csv": text }, schema: threeColumns });
  expect(verdicts).toEqual([
    "1:2 malformed_row missing_delimiter",
    "4:5 malformed_row missing_delimiter",
    "7:8 malformed_row missing_delimiter",
  ]);
  expect(accepted.map((row) => row["name"])).toEqual(['27" TV', '24" TV', 'TV 27"', '27" TV']);
});
