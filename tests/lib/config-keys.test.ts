import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../lib/config.js";
import { packageRoot } from "../../lib/paths.js";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly default?: unknown;
}

const schema = JSON.parse(
  readFileSync(join(packageRoot, "config/schemas/pipeline_config.schema.json"), "utf8"),
) as Schema;

/** Every key below a schema as `archive.enabled`, `feeds.*.files`, with what the schema says of it. */
function keysOf(node: Schema, path = ""): readonly (readonly [string, Schema])[] {
  const named = Object.entries(node.properties ?? {}).flatMap(([key, below]) => {
    const at = path === "" ? key : `${path}.${key}`;
    return [[at, below] as const, ...keysOf(below, at)];
  });
  const any =
    typeof node.additionalProperties === "object" ? keysOf(node.additionalProperties, `${path}.*`) : [];
  return [...named, ...any, ...(node.items === undefined ? [] : keysOf(node.items, `${path}[]`))];
}

const rooms = [
  "commands",
  "runs",
  "contracts",
  "processing",
  "quality",
  "transformations",
  "lake",
  "monitoring",
  "engines",
];
const sources = rooms
  .flatMap((room) => readdirSync(join(packageRoot, room), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
  .join("\n");

test.each(keysOf(schema).map(([path]) => path))("%s is read by a room: no key is without effect", (path) => {
  const key = path.split(".").at(-1) ?? "";
  // what decides which thresholds there are is read in lib alone
  if (key === "quality_threshold") return;
  expect(sources).toMatch(new RegExp(`\\b${key}\\b`));
});

test("the defaults that the schema tells are those that serve", () => {
  const config = loadConfig({ configDir: null, environment: {} });
  const served: Readonly<Record<string, unknown>> = { ...config.settings, ...config };
  for (const [path, { default: told }] of keysOf(schema)) {
    if (told === undefined || path.includes("*") || path.includes("[]")) continue;
    const value = path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], served);
    expect({ [path]: value }).toEqual({ [path]: told });
  }
});
