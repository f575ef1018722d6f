import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { threeColumns, work } from "./work-harness.js";

const TEXT = "id,name,amount\n1,Zoë,5\n2,née,6\n";
const rows = [
  ["1", "Zoë", 5n],
  ["2", "née", 6n],
];
const utf16 = Buffer.from(`\ufeff${TEXT}`, "utf16le");

test.each<[string, Uint8Array, string | null]>([
  ["UTF-8", Buffer.from(TEXT), null],
  ["UTF-8 with BOM", Buffer.from(`\ufeff${TEXT}`), null],
  ["CRLF", Buffer.from(TEXT.replaceAll("\n", "\r\n")), null],
  ["CR alone", Buffer.from(TEXT.replaceAll("\n", "\r")), null],
  ["UTF-16LE by BOM", utf16, null],
  ["UTF-16BE by BOM", Buffer.from(utf16).swap16(), null],
  ["UTF-16LE by option", utf16.subarray(2), "utf-16le"],
  ["Latin-1 by option", Buffer.from(TEXT, "latin1"), "latin-1"],
])("encoding: %s", async (_, bytes, encoding) => {
  const options = { encoding };
  const { file, accepted } = await work({
    files: { "a.csv": bytes },
    schema: threeColumns,
    feed: { options },
  });
  expect(accepted.map((row) => [row["id"], row["name"], row["amount"]])).toEqual(rows);
  expect(file).toMatchObject({ outcome: "judged", lines: 3, bytes: bytes.length });
});

test("windows-1252 has signs where Latin-1 has none", async () => {
  const bytes = Buffer.concat([Buffer.from("id,name,amount\n1,"), Buffer.from([0x80]), Buffer.from(",1\n")]);
  const options = { encoding: "windows-1252" };
  const { accepted } = await work({ files: { "a.csv": bytes }, schema: threeColumns, feed: { options } });
  expect(accepted[0]?.["name"]).toBe("€");
});

test.each([",", ";", "\t", "|"])("the delimiter %j is found", async (delimiter) => {
  const text = TEXT.replaceAll(",", delimiter);
  const { accepted } = await work({ files: { "a.csv": text }, schema: threeColumns });
  expect(accepted).toHaveLength(2);
});

test("aliases, trimmed names, doubled names, unknown columns and constants", async () => {
  const { file, accepted } = await work({
    files: { "a.csv": 'Number, name ,name,extra,more\nA1,x,y,"q""z",\n,,,,m\n' },
    schema: threeColumns,
    feed: { columns: { Number: "id" }, constants: { id: "none", amount: "3" } },
  });
  expect(accepted.map((row) => [row["id"], row["name"], row["amount"], row["_rescued"]])).toEqual([
    ["A1", "x", 3n, '{"name_2":"y","extra":"q\\"z"}'],
    ["none", null, 3n, '{"more":"m"}'],
  ]);
  expect(file).toMatchObject({ unknown_columns: ["name_2", "extra", "more"], lost_columns: [] });
});

test("a required column that is missing holds the whole file", async () => {
  const { file, quarantined } = await work({
    files: { "a.csv": "\nname,amount\nx,1\n" },
    schema: threeColumns,
  });
  expect(file).toMatchObject({ outcome: "missing_column", records: 1, accepted: 0, quarantined: 1 });
  expect(quarantined[0]).toMatchObject({ record: 1n, line: 2n, raw: "name,amount", raw_bytes: null });
  expect(quarantined[0]?.["reasons"]).toMatchObject([{ code: "missing_column", column: "id" }]);
});

test.each<[string, string, Record<string, unknown>]>([
  ["empty", "", { lines: 0, header_lines: 0, blank_lines: 0 }],
  ["blank lines alone", "\n\n", { lines: 2, header_lines: 0, blank_lines: 2 }],
  ["a header alone", "id,name,amount\n", { lines: 1, header_lines: 1, blank_lines: 0 }],
  ["a header without its line end", "id,name,amount", { lines: 1, header_lines: 1, blank_lines: 0 }],
])("%s: judged, no record", async (_, text, counts) => {
  const { file, result } = await work({ files: { "a.csv": text }, schema: threeColumns });
  expect(file).toMatchObject({ outcome: "judged", records: 0, accepted: 0, quarantined: 0, ...counts });
  expect(result).toMatchObject({ accepted: [], quarantined: [] });
});

test("a file that changed or vanished waits, the others are judged", async () => {
  const { result } = await work({
    files: { "a.csv": TEXT, "b.csv": TEXT, "c.csv": TEXT },
    schema: threeColumns,
    meanwhile: (raw) => {
      writeFileSync(join(raw, "a.csv"), `${TEXT}3,x,1\n`);
      rmSync(join(raw, "b.csv"));
    },
  });
  expect(result.files.map((file) => [file.outcome, file.accepted])).toEqual([
    ["waiting", 0],
    ["waiting", 0],
    ["judged", 2],
  ]);
});

test("small files share scans, and every record knows its file", async () => {
  const files: Record<string, string> = {};
  for (let n = 0; n < 60; n++) files[`d'${n}/f[${n}].csv`] = `id,name,amount\n${n},a,1\n\n${n},b,x\n${n},c\n`;
  const { result, accepted, quarantined } = await work({ files, schema: threeColumns });
  expect(
    result.files.every((file) => file.outcome === "judged" && file.accepted === 1 && file.quarantined === 2),
  ).toBe(true);
  expect(accepted.every((row) => row["_file"] === `d'${row["id"]}/f[${row["id"]}].csv`)).toBe(true);
  expect(quarantined.map((row) => `${row["record"]}:${row["line"]}`)).toEqual(
    Array.from({ length: 60 }, () => ["2:4", "3:5"]).flat(),
  );
  expect(result.files[7]?.null_counts).toEqual({ id: 0, name: 0, amount: 0 });
  expect(result.profile.scans).toBeLessThan(6);
});

test.each<[string, string, string]>([
  ["HTML called xlsx", "a.xlsx", "<html><body>Not found</body></html>"],
  ["a workbook that is a broken zip", "a.xlsx", "PK\u0003\u0004 and nothing more"],
  ["a zip called csv", "a.csv", "PK\u0003\u0004 and nothing more"],
  ["UTF-16 without mark or option", "a.csv", Buffer.from(TEXT, "utf16le").toString("latin1")],
])("%s is unreadable", async (_, name, text) => {
  const { file, quarantined } = await work({ files: { [name]: text }, schema: threeColumns });
  expect(file).toMatchObject({ outcome: "unreadable", records: 1, quarantined: 1, accepted: 0 });
  expect(file.message).not.toContain("    at ");
  expect(quarantined[0]).toMatchObject({ record: 1n, line: null, raw: null });
});

test("rules are counted with samples; personal values are masked", async () => {
  const { file } = await work({
    files: {
      "a.csv": `id,name,amount\n${Array.from({ length: 9 }, (_, n) => `${n},Ann,-1`).join("\n")}\n,Eve,x\n10,Zed,1000\n`,
    },
    schema: {
      type: "object",
      properties: {
        id: { type: "string" },
        name: { type: "string", "x-personal": "mask" },
        amount: { type: "integer", minimum: 0 },
      },
      required: ["id"],
    },
    rules: { columns: { amount: { max_value: { value: 100, severity: "warn" } } } },
  });
  const counts = file.rules.map((rule) => [
    rule.rule,
    rule.code,
    rule.column,
    rule.severity,
    rule.count,
    rule.samples.length,
  ]);
  expect(counts.sort()).toEqual([
    ["max_value", "out_of_range", "amount", "warn", 1, 1],
    ["minimum", "out_of_range", "amount", "error", 9, 5],
    ["required", "missing_required", "id", "error", 1, 1],
    ["type", "wrong_type", "amount", "error", 1, 1],
  ]);
  const minimum = file.rules.find((rule) => rule.rule === "minimum");
  expect(minimum?.samples[1]).toEqual({ record: 2, line: 3, value: "-1", raw: "1,***,-1" });
});

test("a file none of whose columns the contract knows is held, and not rows of nulls", async () => {
  const schema = { type: "object", properties: { id: { type: "string" }, name: { type: "string" } } };
  const { file, accepted, quarantined } = await work({ files: { "a.csv": "Nr,Bez\n1,x\n2,y\n" }, schema });
  expect(file).toMatchObject({ outcome: "missing_column", records: 1, accepted: 0, quarantined: 1 });
  expect(file.message).toContain("(Nr, Bez)");
  expect(quarantined).toMatchObject([{ raw: "Nr,Bez", reasons: [{ code: "missing_column", column: null }] }]);
  expect(accepted).toEqual([]);
});

test.each([
  'id,name,"amount\n1,x,5\n',
  'id,"na"me,amount\n1,x,5\n',
  '"id,name,amount\n1,x,5\n',
])("a stray quote in the header holds the file with a sentence: %j", async (text) => {
  const { file } = await work({ files: { "a.csv": text }, schema: threeColumns });
  expect(file).toMatchObject({ outcome: "unreadable", records: 1, quarantined: 1 });
  expect(file.message).toContain("a quote in its header (line 1) opens and does not close");
});

test("a header longer than what is usually read first is read whole", async () => {
  const more = Array.from({ length: 200 }, (_, index) => `${"long".repeat(100)}_${index}`);
  const blanks = more.map(() => "").join(",");
  const text = `id,name,amount,${more.join(",")}\n1,x,5,${blanks}\n2,y,6,${blanks}\n`;
  expect(text.indexOf("\n")).toBeGreaterThan(65_536);
  const { file } = await work({ files: { "a.csv": text }, schema: threeColumns });
  expect(file).toMatchObject({ outcome: "judged", message: null, records: 2, accepted: 2, header_lines: 1 });
});
