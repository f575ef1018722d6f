import { expect, test } from "vitest";
import { bytes, duration, percent } from "../../monitoring/format.js";
import { shellQuoted } from "../../monitoring/shell-quoted.js";
import { shown, shownExample } from "../../monitoring/shown-text.js";

test("controls and direction signs become visible", () => {
  expect(shown("a\nb\u0000c\u202Etxt.exe")).toBe("a\\u{0a}b\\u{00}c\\u{202e}txt.exe");
});

test("long text keeps its beginning and its end, by characters", () => {
  expect(shown("😀".repeat(300), 10)).toBe(`${"😀".repeat(7)}…${"😀".repeat(2)}`);
});

test.each([
  ["mail lan.nguyen+x@service.co.vn now", "mail ••• now"],
  ["from 203.0.113.9:443", "from •••:443"],
  ["2001:db8:0:0:1:2:3:4 GET", "••• GET"],
  ["p_007, 12.50, 2026-01-02T10:20:30", "p_007, 12.50, 2026-01-02T10:20:30"],
])("an example %s", (text, masked) => {
  expect(shownExample(text)).toBe(masked);
});

test("a percentage never rounds up to all nor down to nothing", () => {
  expect([99.999, 100, 0.0001, 0, 98.764, null].map(percent)).toEqual([
    "> 99.99 %",
    "100 %",
    "< 0.01 %",
    "0 %",
    "98.76 %",
    "–",
  ]);
});

test("sizes and durations as people say them", () => {
  expect([999, 1_500, 20_400_000].map(bytes)).toEqual(["999 B", "1.5 kB", "20 MB"]);
  expect([0.42, 12.34, 200, 7_500].map(duration)).toEqual(["0.42 s", "12.3 s", "3 min 20 s", "2 h 5 min"]);
  expect([59.94, 59.96, 119.6, 3_599.7].map(duration)).toEqual([
    "59.9 s",
    "1 min 0 s",
    "2 min 0 s",
    "1 h 0 min",
  ]);
});

test("a name with a quote stays one word of the shell", () => {
  expect(shellQuoted("sales/a.csv")).toBe("sales/a.csv");
  expect(shellQuoted("it's $(rm).csv")).toBe(`'it'\\''s $(rm).csv'`);
  expect(shellQuoted("-rf")).toBe("'-rf'");
});
