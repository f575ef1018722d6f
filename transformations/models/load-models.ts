import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { GristmillError, messageOf, systemCode } from "../../lib/errors.js";
import { packageRoot } from "../../lib/paths.js";
import { parseFunction, parseHeader, withoutComments } from "./header.js";
import type { Layer, Model, ModelFunction } from "./model.js";
import { sqlFacts } from "./sql-facts.js";

const layers: readonly (readonly [folder: string, layer: Layer])[] = [
  ["cleaner", "cleaned"],
  ["enricher", "enriched"],
  ["joiner", "joined"],
  ["aggregator", "aggregated"],
];

export interface ModelSet {
  /** By name; a model of the configuration folder replaces the delivered one of its name. */
  readonly models: ReadonlyMap<string, Model>;
  readonly functions: readonly ModelFunction[];
}

/** The delivered models and those below `<config-dir>/models/`. Throws bad_model. */
export async function loadModels(engine: Engine, configDir: string | null): Promise<ModelSet> {
  const roots = [join(packageRoot, "transformations")];
  if (configDir !== null) roots.push(join(configDir, "models"));
  const models = new Map<string, Model>();
  const functions = new Map<string, ModelFunction>();
  for (const root of roots) {
    for (const file of sqlFiles(join(root, "functions"))) {
      const parsed = parseFunction(file, readSql(file));
      functions.set(parsed.name, parsed);
    }
    for (const [folder, layer] of layers)
      for (const file of sqlFiles(join(root, folder))) {
        const model = await readModel(engine, file, layer);
        models.set(model.name, model);
      }
  }
  return { models, functions: [...functions.values()] };
}

/** One model from its text. */
export async function parseModel(engine: Engine, file: string, layer: Layer, text: string): Promise<Model> {
  const relation = /([^/\\]+)\.sql$/.exec(file)?.[1] ?? "";
  if (!/^[a-z][a-z0-9_]*$/.test(relation))
    throw new GristmillError("bad_model", `${file}: a model's name is in snake_case`);
  const sql = withoutComments(text);
  const facts = await sqlFacts(engine, file, sql);
  return { ...parseHeader(file, text), name: `${layer}.${relation}`, layer, relation, file, sql, facts };
}

async function readModel(engine: Engine, file: string, layer: Layer): Promise<Model> {
  return await parseModel(engine, file, layer, readSql(file));
}

function sqlFiles(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
    return names.sort().map((name) => join(folder, name));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return []; // a configuration need not bring models of every kind
    throw new GristmillError("file_system", `cannot read ${folder}: ${messageOf(error)}`, { cause: error });
  }
}

function readSql(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new GristmillError("file_system", `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}
