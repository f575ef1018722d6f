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

/** What a file imports of the project, relative to its root, as .ts; `also` decides of each import statement. */
function importsOf(file: string, text: string, also: (statement: string) => boolean = () => true): string[] {
  return [...text.matchAll(/(import type|import|export type|export)?[^;"]*?(?:from|import\()\s*"(\.[^"]+)"/g)]
    .filter((match) => also(match[1] ?? "import"))
    .map((match) => relative(root, resolve(root, dirname(file), match[2] ?? "")).replace(/\.js$/, ".ts"));
}

function forbiddenImports(file: string, text: string): string[] {
  const room = file.split("/")[0] ?? "";
  return importsOf(file, text)
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
  expect(forbiddenImports("lib/a.ts", 'import { x } from "../lake/b.js";')).toEqual(["lib/a.ts → lake/b.ts"]);
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

const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Modules that import one another in a ring; types count as well, since a reader has to follow them. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      const ring = path.slice(at);
      const first = ring.indexOf([...ring].sort()[0] ?? "");
      found.add([...ring.slice(first), ...ring.slice(0, first)].join(" → "));
      return;
    }
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return [...found].sort();
}

test("no module is part of a circle of imports", () => {
  const files = Object.keys(allowed).flatMap(sourceFiles);
  expect(circles(new Map(files.map((file) => [file, importsOf(file, read(file))])))).toEqual([]);
});

test("the rule sees a circle", () => {
  expect(
    circles(
      new Map([
        ["b", ["c"]],
        ["c", ["a"]],
        ["a", ["b"]],
      ]),
    ),
  ).toEqual(["a → b → c"]);
  expect(
    circles(
      new Map([
        ["a", ["b", "c"]],
        ["b", ["c"]],
        ["c", []],
      ]),
    ),
  ).toEqual([]);
});

test("a command is flags, one call and print: at most 60 lines, and only the registry names it", () => {
  const long = sourceFiles("commands").filter((file) => read(file).split("\n").length - 1 > 60);
  expect(long).toEqual([]);
  const shared = /^commands\/(command|registry|text-table|print-[a-z]+|quarantine-flags)\.ts$/;
  const named = ["main.ts", ...Object.keys(allowed).flatMap(sourceFiles)]
    .filter((file) => file !== "commands/registry.ts")
    .flatMap((file) =>
      importsOf(file, read(file))
        .filter((target) => target.startsWith("commands/") && !shared.test(target))
        .map((target) => `${file} → ${target}`),
    );
  expect(named).toEqual([]);
});

test("outside engines/ nobody imports an engine's package", () => {
  const files = Object.keys(allowed)
    .flatMap(sourceFiles)
    .filter((file) => !file.startsWith("engines/"));
  expect(files.filter((file) => /from "@duckdb\/|import\("@duckdb\//.test(read(file)))).toEqual([]);
});
