import { expect, test } from "vitest";
import { loadConfig } from "../../../lib/config.js";
import type { QuarantineRow } from "../../../quality/quarantine/browse.js";
import { exportFile } from "../../../quality/quarantine/export.js";

const none = new Set<string>();
const feed = loadConfig({ configDir: null, environment: {} }).feeds["sales"];

function row(path: string, raw: string | null, over: Partial<QuarantineRow> = {}): QuarantineRow {
  return {
    id: `id-${raw}`,
    run: "r",
    source: "sales",
    feed: "sales",
    path,
    sha256: "s",
    record: 1,
    line: 2,
    reasons: [{ code: "wrong_type", column: "a", rule: "type", value: null, message: "m" }],
    raw,
    raw_bytes: null,
    replayed_by: null,
    ...over,
  };
}

test("CSV records stand below their header, bytes that are no text as they were", () => {
  const bytes = Buffer.from([0x31, 0x3b, 0xff]);
  const file = exportFile(
    [row("sales/a.csv.gz", "x;1"), row("sales/a.csv.gz", null, { raw_bytes: bytes })],
    undefined,
    ["a", "b;c"],
    none,
  );
  expect(file.name).toBe("sales/a.csv");
  expect(file.content).toEqual(Buffer.concat([Buffer.from('a;"b;c"\nx;1\n'), bytes, Buffer.from("\n")]));
});

test("broken JSON objects of an array become a line each", () => {
  const file = exportFile([row("a.json", '{\n "a": 1\n}'), row("a.json", '{"b": ')], undefined, [], none);
  expect(file.content.toString()).toBe('{  "a": 1 }\n{"b": \n');
});

test("a workbook's records become CSV under its header", () => {
  const file = exportFile(
    [row("p.xlsx", '{"id":"1","name":"a, \\"b\\""}')],
    undefined,
    ["id", "price", "name"],
    none,
  );
  expect([file.name, file.content.toString()]).toEqual(["p.csv", 'id,price,name\n1,,"a, ""b"""\n']);
});

test("a file without a needed column is its header line alone; an encoding of the feed is kept", () => {
  const reasons = [
    { code: "missing_column", column: "b", rule: "missing_column", value: null, message: "m" },
  ] as const;
  const header = exportFile([row("a.csv", "a,é", { reasons })], undefined, ["a", "é"], none);
  expect(header.content.toString()).toBe("a,é\n");
  if (feed === undefined) throw new Error("the default configuration has a feed sales");
  const latin = { ...feed, options: { ...feed.options, encoding: "latin-1" } };
  expect(exportFile([row("a.csv", "é,1")], latin, ["a", "b"], none).content).toEqual(
    Buffer.from("a,b\né,1\n", "latin1"),
  );
});
