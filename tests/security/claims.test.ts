import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { packageRoot } from "../../lib/paths.js";

const claims = load(readFileSync(join(import.meta.dirname, "claims.yaml"), "utf8")) as Readonly<
  Record<string, readonly string[]>
>;

test.each(Object.entries(claims))("%s", (_claim, tests) => {
  expect(tests.length).toBeGreaterThan(0);
  for (const named of tests) {
    const [file = "", title = ""] = named.split(" > ");
    expect(title, named).not.toBe("");
    expect(readFileSync(join(packageRoot, "tests", file), "utf8"), named).toContain(title);
  }
});
