import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packageRoot } from "../../lib/paths.js";

const page = readFileSync(`${packageRoot}/docs/output.md`, "utf8");
const schemas = JSON.parse(readFileSync(`${packageRoot}/config/data_schemas.json`, "utf8")) as Record<
  string,
  { properties?: Record<string, unknown> }
>;
const sources = Object.keys(schemas).filter((name) => !name.startsWith("$"));

test.each(sources)("docs/output.md lists every column of %s, and what it is traced by", (source) => {
  const section = page.split(`### processed/${source}\n`)[1]?.split("\n### ")[0] ?? "";
  const listed = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]);
  const columns = Object.keys(schemas[source]?.properties ?? {});
  expect(columns.length).toBeGreaterThan(0);
  expect(listed).toEqual(expect.arrayContaining([...columns, "_file", "_run", "_rescued"]));
});
