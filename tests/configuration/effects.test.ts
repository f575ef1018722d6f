import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { packageRoot } from "../../lib/paths.js";
import { configKeys } from "../docs/configuration-page.js";

const effects = load(readFileSync(join(import.meta.dirname, "effects.yaml"), "utf8")) as Readonly<
  Record<string, string>
>;
const files = ["pipeline_config", "business_rules", "quality_thresholds"];
const keys = files.flatMap((name) =>
  configKeys(
    JSON.parse(readFileSync(join(packageRoot, "config", "schemas", `${name}.schema.json`), "utf8")) as object,
  ).map(({ path }) => path),
);

test("effects.yaml names every key, and no other", () => {
  expect(Object.keys(effects).sort()).toEqual([...keys].sort());
});

test.each(keys)("%s has a test that shows its effect", (key) => {
  const [file = "", title = ""] = (effects[key] ?? "").split(" > ");
  expect(title).not.toBe("");
  expect(readFileSync(join(packageRoot, "tests", file), "utf8")).toContain(title);
});
