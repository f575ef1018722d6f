import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Room → rooms it may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  commands: [
    "runs",
    "processing",
    "contracts",
    "quality",
    "transformations",
    "lake",
    "monitoring",
    "engines",
    "generator",
    "lib",
  ],
  runs: ["processing", "contracts", "quality", "transformations", "lake", "monitoring", "engines", "lib"],
  processing: ["contracts", "engines", "lib"],
  contracts: ["engines", "lib"],
  quality: ["contracts", "lake", "engines", "lib"],
  transformations: ["lake", "engines", "lib"],
  lake: ["engines", "lib"],
  monitoring: ["lib"],
  engines: ["lib"],
  generator: ["engines", "lib"],
  lib: [],
};

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function forbiddenImports(file: string, text: string): string[] {
  const room = file.split("/")[0] ?? "";
  const targets = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map((match) => match[1] ?? "");
  return targets
    .map((target) => relative(root, resolve(root, dirname(file), target)))
    .filter((target) => {
      const other = target.split("/")[0] ?? "";
      return other !== room && !(allowed[room] ?? []).includes(other);
    })
    .map((target) => `${file} → ${target}`);
}

test.each(Object.keys(allowed))("%s imports only what its room may import", (room) => {
  const broken = sourceFiles(room).flatMap((file) =>
    forbiddenImports(file, readFileSync(join(root, file), "utf8")),
  );
  expect(broken).toEqual([]);
});

test("the rule sees static and dynamic imports", () => {
  expect(forbiddenImports("lib/a.ts", 'import { x } from "../lake/b.js";')).toEqual(["lib/a.ts → lake/b.js"]);
  expect(forbiddenImports("monitoring/a/b.ts", 'await import("../../engines/duckdb.js")')).toHaveLength(1);
  expect(forbiddenImports("lake/a.ts", 'import { x } from "../engines/duckdb.js";')).toEqual([]);
});

test("no source file is longer than 250 lines", () => {
  const long = Object.keys(allowed)
    .flatMap(sourceFiles)
    .map((file) => [file, readFileSync(join(root, file), "utf8").split("\n").length - 1] as const)
    .filter(([, lines]) => lines > 250);
  expect(long).toEqual([]);
});
