import type { Engine } from "../../engines/engine.js";
import { ident, literal } from "../../engines/quote.js";
import { GristmillError } from "../../lib/errors.js";
import type { TableColumn } from "../../lib/table-types.js";
import { type Model, type ModelFunction, tableOf } from "../models/model.js";
import { droppedColumns, withoutPersonal } from "../sources/personal.js";
import { partitionColumn, type SourceSpec } from "../sources/source-spec.js";
import { modelColumns, typedNull } from "./columns.js";

/** A model that is to be written, with the shape of its table. */
export interface BoundModel {
  readonly model: Model;
  readonly table: string;
  /** Columns that other models see; the table lacks those that the schema drops. */
  readonly columns: readonly TableColumn[];
  readonly tableColumns: readonly TableColumn[];
  readonly partition: string | null;
  /** SELECT over the views of its inputs, with the columns of the table. */
  readonly select: string;
  /** The source whose rows it follows directly, else null. */
  readonly source: SourceSpec | null;
}

export interface RunValues {
  /** YYYY-MM-DD. */
  readonly asOf: string;
  readonly defaultVat: number;
}

/** The models of a run, in order. */
export interface BoundModels {
  readonly bound: readonly BoundModel[];
  readonly views: readonly ModelView[];
}

/** What is not written, as a view: its text reads other relations of the session. */
export interface ModelView {
  readonly name: string;
  readonly sql: string;
}

/** Where the relations of one session stand. */
async function installSchemas(engine: Engine): Promise<void> {
  for (const schema of ["latest", "cleaned", "enriched", "joined", "aggregated", "scratch"])
    await engine.run(`create schema if not exists ${schema}`);
}

/** Give a further session the views that the first one has. */
export async function bindSession(
  engine: Engine,
  models: BoundModels,
  sources: ReadonlyMap<string, SourceSpec>,
): Promise<void> {
  await installSchemas(engine);
  for (const source of sources.values())
    await bindEmpty(engine, `latest.${source.name}`, latestColumns(source));
  for (const { model, columns } of models.bound) await bindEmpty(engine, model.name, columns);
  for (const { name, sql } of models.views) await bindModelView(engine, name, sql);
}

/** Schemas, shared functions and the values of the run. */
export async function installFunctions(
  engine: Engine,
  functions: readonly ModelFunction[],
  values: RunValues,
): Promise<void> {
  await installSchemas(engine);
  await engine.run(`create or replace macro run_date() as date ${literal(values.asOf)}`);
  await engine.run(`create or replace macro default_vat() as cast(${values.defaultVat} as double)`);
  for (const { name, parameters, body } of functions) {
    const list = parameters.map((parameter) => ident(parameter.name)).join(", ");
    await engine.run(`create or replace macro ${ident(name)}(${list}) as (${body})`);
  }
}

/**
 * Make a view of every relation, empty for now, and learn each model's columns from it. Throws bad_model where a
 * model does not bind. `sources`: all that a model may name, configured or not.
 */
export async function bindModels(
  engine: Engine,
  models: readonly Model[],
  sources: ReadonlyMap<string, SourceSpec>,
): Promise<BoundModels> {
  for (const source of sources.values())
    await bindEmpty(engine, `latest.${source.name}`, latestColumns(source));
  const bound: BoundModel[] = [];
  const views: ModelView[] = [];
  for (const model of models) {
    const source = sourceOf(model, sources);
    const columns = await modelColumns(engine, model.file, model.sql);
    const table = tableOf(model);
    if (table === null) {
      const sql = source === null ? model.sql : withoutPersonal(source, columns, model.sql);
      await bindModelView(engine, model.name, sql);
      views.push({ name: model.name, sql });
      continue;
    }
    refuseRunDate(model, source);
    const shaped = shape(model, columns, source);
    await bindEmpty(engine, model.name, shaped.columns);
    bound.push({ model, table, source, ...shaped });
  }
  return { bound, views };
}

async function bindModelView(engine: Engine, name: string, sql: string): Promise<void> {
  await engine.run(`create or replace view ${relationName(name)} as ${sql}`);
}

/** `layer.relation`, quoted. */
export function relationName(name: string): string {
  return name.split(".").map(ident).join(".");
}

/** What `latest.<source>` offers to models. */
export function latestColumns(source: SourceSpec): readonly TableColumn[] {
  return [...source.columns, ...(source.absent ?? [])].map(({ name, deltaType }) => ({
    name,
    type: deltaType,
  }));
}

async function bindEmpty(engine: Engine, name: string, columns: readonly TableColumn[]): Promise<void> {
  await engine.run(
    `create or replace view ${relationName(name)} as select ${columns.map(typedNull).join(", ")} where false`,
  );
}

function sourceOf(model: Model, sources: ReadonlyMap<string, SourceSpec>): SourceSpec | null {
  const [layer, relation] = (model.facts.driver ?? "").split(".");
  return layer === "latest" || layer === "cleaned" ? (sources.get(relation ?? "") ?? null) : null;
}

function shape(
  model: Model,
  columns: readonly TableColumn[],
  source: SourceSpec | null,
): Pick<BoundModel, "columns" | "tableColumns" | "partition" | "select"> {
  if (source === null)
    return { columns, tableColumns: columns, partition: model.partition, select: model.sql };
  const partition = partitionColumn(source);
  const has = (name: string): boolean => columns.some((column) => column.name === name);
  if (partition !== null && !has("date"))
    throw new GristmillError(
      "bad_model",
      `${model.file}: a model of a partitioned source needs a column date`,
    );
  const addsMonth = partition === "month" && !has("month");
  const month = addsMonth ? ", month_of(date) as month" : "";
  const dropped = droppedColumns(source);
  const seen = addsMonth ? [...columns, { name: "month", type: "date" }] : columns;
  const tableColumns = seen.filter(({ name }) => !dropped.has(name));
  const list = tableColumns.map(({ name }) => ident(name)).join(", ");
  const select = `select ${list} from (select *${month} from (${model.sql}))`;
  return { columns: seen, tableColumns, partition, select };
}

/** Partitions follow their rows, not the calendar: nothing in them may depend on the run's date. */
function refuseRunDate(model: Model, source: SourceSpec | null): void {
  const partitioned = model.grain !== null || (source !== null && partitionColumn(source) !== null);
  if (partitioned && model.facts.functions.has("run_date"))
    throw new GristmillError(
      "bad_model",
      `${model.file}: run_date() has no place in a table that is kept by partition`,
    );
}
