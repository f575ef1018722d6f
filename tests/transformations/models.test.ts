import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { JSON_SCHEMA, load } from "js-yaml";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";
import { installPrelude } from "../../engines/prelude.js";
import { ident, literal } from "../../engines/quote.js";
import { sqlType } from "../../lake/columns.js";
import type { TableColumn } from "../../lib/table-types.js";
import { inOrder } from "../../transformations/models/graph.js";
import { loadModels } from "../../transformations/models/load-models.js";
import type { Model } from "../../transformations/models/model.js";
import { bindModels, installFunctions, relationName } from "../../transformations/planner/bind-models.js";
import { modelColumns } from "../../transformations/planner/columns.js";
import { installPersonalHash } from "../../transformations/sources/personal.js";
import { defaultSources, type Row } from "./small-lake.js";

interface Case {
  readonly what: string;
  readonly run_date?: string;
  readonly given: Readonly<Record<string, readonly Row[]>>;
  readonly expect: readonly Row[];
}

const folder = join(dirname(fileURLToPath(import.meta.url)), "cases");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".yaml"))
  .sort();
let temp: string;
let engine: DuckDbEngine;
let models: ReadonlyMap<string, Model>;

beforeAll(async () => {
  temp = mkdtempSync(join(tmpdir(), "gristmill-models-"));
  engine = await openDuckDb({ threads: 1, memoryMb: 400, tempDir: temp });
  await installPrelude(engine);
  await installPersonalHash(engine, defaultSources, undefined);
  const loaded = await loadModels(engine, null);
  models = loaded.models;
  await installFunctions(engine, loaded.functions, { asOf: "2026-01-31", defaultVat: 0.1 });
  const sources = new Map(defaultSources.map((source) => [source.name, source]));
  await bindModels(engine, inOrder(models, new Set(sources.keys())), sources);
});
afterAll(() => {
  engine.close();
  rmSync(temp, { recursive: true });
});

function typed(columns: readonly TableColumn[], row: Row): string {
  const unknown = Object.keys(row).filter((name) => !columns.some((column) => column.name === name));
  if (unknown.length > 0) throw new Error(`no column ${unknown.join(", ")}`);
  const value = (name: string): string => {
    const given = row[name] ?? null;
    return given === null ? "null" : literal(String(given));
  };
  return `select ${columns.map(({ name, type }) => `cast(${value(name)} as ${sqlType(type)}) as ${ident(name)}`).join(", ")}`;
}

/** Replace a relation by rows for as long as `use` runs. */
async function given<T>(relations: Case["given"], use: () => Promise<T>): Promise<T> {
  const views: string[] = [];
  try {
    for (const [name, rows] of Object.entries(relations)) {
      const columns = await modelColumns(engine, name, `select * from ${relationName(name)}`);
      const found = await engine.all(
        `select sql from duckdb_views() where schema_name || '.' || view_name = ${literal(name)}`,
      );
      views.push(String(found[0]?.["sql"]));
      const select = rows.map((row) => typed(columns, row)).join(" union all ");
      await engine.run(`create or replace view ${relationName(name)} as ${select}`);
    }
    return await use();
  } finally {
    for (const [at, name] of Object.keys(relations).entries()) {
      await engine.run(`drop view ${relationName(name)}`);
      if (views[at] !== undefined) await engine.run(views[at]);
    }
  }
}

const plain = (rows: readonly Record<string, unknown>[], names: readonly string[]) =>
  rows
    .map((row) =>
      JSON.stringify(
        names.map((name) => (typeof row[name] === "bigint" ? Number(row[name]) : (row[name] ?? null))),
      ),
    )
    .sort();

test.each(files)("%s", async (file) => {
  const model = models.get(dirname(file));
  const golden = load(readFileSync(join(folder, file), "utf8"), { schema: JSON_SCHEMA }) as Case;
  if (model === undefined) throw new Error(`no model for ${file}`);
  await engine.run(`create or replace macro run_date() as date ${literal(golden.run_date ?? "2026-01-31")}`);
  const select = model.layer === "cleaned" ? `select * from ${relationName(model.name)}` : model.sql;
  const rows = await given(golden.given, () => engine.all(select));
  const names = [...new Set(golden.expect.flatMap((row) => Object.keys(row)))];
  expect(plain(rows, names), golden.what).toEqual(plain(golden.expect, names));
});

test("every model that computes something has a case", () => {
  const covered = new Set(files.map((file) => dirname(file)));
  const missing = [...models.values()].filter(({ layer, name }) => layer !== "cleaned" && !covered.has(name));
  expect(missing.map(({ file }) => relative(folder, file))).toEqual([]);
});
