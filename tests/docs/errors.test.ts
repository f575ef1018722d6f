import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorCatalogue } from "../../lib/error-catalogue.js";
import { packageRoot } from "../../lib/paths.js";

const rows = readFileSync(`${packageRoot}/docs/errors.md`, "utf8")
  .split("\n")
  .map((line) => /^\| `(\w+)` \| (\d+) \| (.*) \| (.*) \|$/.exec(line))
  .filter((match) => match !== null);

test("docs/errors.md lists every coded error with its exit code, meaning and remedy", () => {
  const documented = Object.fromEntries(rows.map(([, code, exit, means, remedy]) => [code, { exit: Number(exit), means, remedy }]));
  expect(documented).toEqual(errorCatalogue);
});
