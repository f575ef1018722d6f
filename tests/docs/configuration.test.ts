import { expect, test } from "vitest";
import { packageRoot } from "../../lib/paths.js";
import { configKeys, configurationPage } from "./configuration-page.js";

test("docs/configuration.md lists every key of the configuration's schemas", async () => {
  await expect(configurationPage()).toMatchFileSnapshot(`${packageRoot}/docs/configuration.md`);
});

test("keys are found below maps, lists and choices", () => {
  const keys = configKeys({
    properties: {
      feeds: {
        additionalProperties: {
          properties: { files: { anyOf: [{ type: "string" }], description: "Globs." } },
        },
      },
    },
  });
  expect(keys).toEqual([{ path: "feeds.<name>.files", type: "string", default: "", description: "Globs." }]);
});
