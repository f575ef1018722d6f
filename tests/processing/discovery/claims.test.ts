import { expect, test } from "vitest";
import { claims } from "../../../processing/discovery/claims.js";
import { configOf } from "./raw-folder.js";

const feedOf = (files: string, path: string): string | undefined =>
  claims(configOf({ GRISTMILL_FEEDS__SALES__FILES: files }))(path)?.name;

test.each([
  ["[till/*.csv]", "till/a.csv", true],
  ["[till/*.csv]", "till/x/a.csv", false],
  ["[till/**/*.csv]", "till/a.csv", true],
  ["[till/**/*.csv]", "till/x/y/a.csv", true],
  ["['**/*.csv']", "a.csv", true],
  ["['s[1].csv']", "s1.csv", true],
  ["['a.csv', '*.csv']", "a.csv", true],
  ["['*.csv']", "x\ty.csv", true],
])("the globs %s on %s: %s", (files, path, claimed) => {
  expect(feedOf(files, path)).toBe(claimed ? "sales" : undefined);
});

test("two feeds that claim one file are named together with it", () => {
  const claim = claims(configOf({ GRISTMILL_FEEDS__SALES__FILES: "['*.csv']" }));
  expect(() => claim("users_database.csv")).toThrow(
    /feeds users and sales both claim the file users_database\.csv/,
  );
});

test("the default feeds claim the files of the job as they lie in raw/", () => {
  const claim = claims(configOf({}));
  const named = [
    "api_logs.zip",
    "api_logs_2025.json",
    "x.json.gz",
    "x.ndjson",
    "user_sessions/sessions_1.csv",
    "products_catalog.csv",
    "products_catalog.xlsx",
    "users_database.csv",
    "sales/a.csv",
    "sales_a.csv",
    "web_logs/a.log",
    "web_logs/a.log.gz",
    "events/a.csv",
    "events/a.json",
    "events/a.jsonl.gz",
    "notes.txt",
  ].map((path) => claim(path)?.name ?? "-");
  expect(named.join(" ")).toBe(
    "api_logs api_logs api_logs api_logs sessions products products users sales sales web_logs web_logs events events events -",
  );
});
