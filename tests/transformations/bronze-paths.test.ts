import { expect, test } from "vitest";
import type { LedgerEntry } from "../../lib/ledger-types.js";
import type { FileVerdict } from "../../lib/verdict-types.js";
import { carriersOfRun } from "../../transformations/bronze/carriers-of-run.js";
import { replacedPaths } from "../../transformations/bronze/replaced-paths.js";
import { fromLoserToWinner, pathDate } from "../../transformations/identity/path-order.js";

const entry = (
  seq: number,
  path: string,
  sha256: string,
  status: LedgerEntry["status"] = "published",
  carrier = path,
): LedgerEntry => ({ path, sha256, status, carrier, seq, run: `r${seq}` }) as LedgerEntry;
const published = (path: string, sha256: string) =>
  ({ path, sha256, status: "published", job: "1", twin_of: null }) as FileVerdict;
const held = (path: string, sha256: string) =>
  ({ ...published(path, sha256), status: "held" }) as FileVerdict;
const twin = (path: string, sha256: string, of: string) =>
  ({ path, sha256, status: "skipped", job: null, twin_of: of }) as FileVerdict;
const sides = (files: FileVerdict[], ledger: LedgerEntry[]) => {
  const { dropped, moved } = replacedPaths(files, ledger);
  return { dropped: [...dropped], moved: Object.fromEntries(moved) };
};

test("a new path replaces nothing", () => {
  expect(sides([published("b", "2")], [entry(1, "a", "1")])).toEqual({ dropped: [], moved: {} });
});
test("new content of a path drops the old, the same content too when it is worked on again", () => {
  expect(sides([published("a", "2")], [entry(1, "a", "1")])).toEqual({ dropped: ["a"], moved: {} });
  expect(sides([published("a", "1")], [entry(1, "a", "1")])).toEqual({ dropped: ["a"], moved: {} });
});
test("held content replaces nothing, and leaves what was there before as the path's own", () => {
  expect(sides([held("a", "2")], [entry(1, "a", "1")])).toEqual({ dropped: [], moved: {} });
  const ledger = [entry(1, "a", "1"), entry(2, "z", "1", "twin", "a"), entry(3, "a", "2", "held")];
  expect(sides([published("a", "3")], ledger)).toEqual({ dropped: [], moved: { a: "z" } });
});
test("the first twin by path inherits; one that changes in the same run does not", () => {
  const ledger = [entry(1, "m", "1"), entry(2, "z", "1", "twin", "m"), entry(3, "b", "1", "twin", "m")];
  expect(sides([published("m", "2")], ledger)).toEqual({ dropped: [], moved: { m: "b" } });
  expect(sides([published("m", "2"), published("b", "3")], ledger).moved).toEqual({ m: "z" });
  expect(sides([published("b", "3")], ledger).moved).toEqual({});
});
test("a path that arrives with the content that another one gives up inherits it", () => {
  expect(sides([published("log", "2"), twin("log.1", "1", "log")], [entry(1, "log", "1")])).toEqual({
    dropped: [],
    moved: { log: "log.1" },
  });
});
test("a twin of a file that is held in this run keeps what it had", () => {
  const ledger = [entry(1, "b", "1")];
  expect(sides([held("a", "2"), twin("b", "2", "a")], ledger)).toEqual({ dropped: [], moved: {} });
  expect(sides([published("a", "2"), twin("b", "2", "a")], ledger).dropped).toEqual(["b"]);
});
test("a path that was rolled back gives up whatever rows it may have", () => {
  const ledger = [entry(1, "a", "1"), entry(2, "a", "2", "rolled_back")];
  expect(sides([published("a", "3")], ledger).dropped).toEqual(["a"]);
});
test("of all paths of a content the one that wins ties ranks it, whichever came first", () => {
  const ledger = [entry(1, "x_2026-01-01.csv", "1"), entry(2, "x_2026-01-02.csv", "2")];
  const { best, reranked } = carriersOfRun([twin("x_2026-01-03.csv", "1", "x_2026-01-01.csv")], ledger);
  expect(best.get("x_2026-01-01.csv")).toBe("x_2026-01-03.csv");
  expect([...reranked]).toEqual(["x_2026-01-01.csv"]);
});

test.each([
  ["sales/2026-01-02.csv", "2026-01-02"],
  ["sales_20260102.csv", "2026-01-02"],
  ["2025-12-31/sales_20260102.csv", "2026-01-02"],
  ["sales_2026-13-02.csv", null],
  ["sales_2026-02-30.csv", null],
  ["sales_120260102.csv", null],
  ["sales_2026-0102.csv", null],
  ["sales.csv", null],
])("the date in %s is %s", (path, date) => expect(pathDate(path)).toBe(date));

test("paths without a date lose, then the date decides, then the bytes of the path", () => {
  const paths = [
    "z_2026-01-01",
    "a_2026-01-02",
    "z",
    "b_2026-01-02",
    "a_2026-01-02\u{10000}",
    "a_2026-01-02\uffff",
  ];
  expect(fromLoserToWinner(paths)).toEqual([
    "z",
    "z_2026-01-01",
    "a_2026-01-02",
    "a_2026-01-02\uffff",
    "a_2026-01-02\u{10000}",
    "b_2026-01-02",
  ]);
});
