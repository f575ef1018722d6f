import type { Engine } from "../engines/engine.js";
import { installPrelude } from "../engines/prelude.js";
import type { LedgerEntry } from "../lib/ledger-types.js";
import type { DataPaths, StagingPaths } from "../lib/paths.js";
import type { ChangeSet } from "../lib/table-types.js";
import type { RunVerdict } from "../lib/verdict-types.js";
import { type BronzeDelta, bronzeChange } from "./bronze/bronze-change.js";
import { carriersOfRun } from "./bronze/carriers-of-run.js";
import { followersOf, inOrder } from "./models/graph.js";
import { loadModels } from "./models/load-models.js";
import { type Model, tableOf } from "./models/model.js";
import { standardModels } from "./models/standard-models.js";
import { type BoundModel, bindModels, installFunctions } from "./planner/bind-models.js";
import type { Carriers, TransformContext } from "./planner/context.js";
import { type Identities, identitiesOf } from "./planner/identities.js";
import type { ChunkLimits } from "./planner/partitions.js";
import { planModel } from "./planner/plan-model.js";
import { runModel } from "./planner/run-model.js";
import { noteChangedKeys } from "./planner/source-touched.js";
import { openTables } from "./planner/tables.js";
import { installPersonalHash } from "./sources/personal.js";
import { refuseTakenPartition, type SourceSpec } from "./sources/source-spec.js";

export interface TransformInput {
  readonly engine: Engine;
  readonly paths: DataPaths;
  readonly staging: StagingPaths;
  readonly verdict: RunVerdict;
  readonly ledger: readonly LedgerEntry[];
  /** The configured sources. */
  readonly sources: readonly SourceSpec[];
  /** Those of the default configuration, whose columns the delivered models name. */
  readonly defaults: readonly SourceSpec[];
  /** Folder whose `models/` come on top of the delivered ones. */
  readonly configDir: string | null;
  readonly hashKey: string | undefined;
  readonly defaultVat: number;
  readonly windowDays: number;
  readonly limits: ChunkLimits;
  readonly rebuild: boolean;
}

/**
 * Everything that a run changes in processed/, written to its staging: bronze by the published files, then every
 * model that follows. Throws bad_model, bad_configuration, schema_conflict, file_system.
 */
export async function transform(input: TransformInput): Promise<Pick<ChangeSet, "tables" | "identities">> {
  const carriers = carriersOfRun(input.verdict.files, input.ledger);
  const publishes = input.verdict.files.some((file) => file.status === "published" && file.job !== null);
  const moves = carriers.replaced.dropped.size + carriers.replaced.moved.size + carriers.reranked.size > 0;
  if (!publishes && !moves && !input.rebuild) return { tables: [], identities: {} };
  const { context, bound } = await open(input, carriers);
  const models = new Map(bound.map((entry) => [entry.model.name, entry]));
  const deltas = new Map<string, BronzeDelta>();
  for (const source of context.sources.values()) {
    const delta = await bronzeChange(context, source);
    if (delta === null) continue;
    deltas.set(source.name, delta);
    if (delta.change !== null) context.tables.record(delta.change, "all");
  }
  const identities: Record<string, Identities> = {};
  for (const entry of bound) {
    const delta = entry.source === null ? null : (deltas.get(entry.source.name) ?? null);
    if (delta !== null && entry.source !== null) await noteChangedKeys(context, entry.source, delta);
    const plan = await planModel(context, entry, models, delta);
    if (plan === null) continue;
    await runModel(context, entry, models, plan);
    if (delta !== null && entry.source?.name === entry.model.relation)
      identities[entry.source.name] = await identitiesOf(context, entry, plan);
  }
  return { tables: context.tables.changes(), identities };
}

async function open(
  input: TransformInput,
  carriers: Carriers,
): Promise<{ readonly context: TransformContext; readonly bound: readonly BoundModel[] }> {
  const { engine, paths, staging } = input;
  const configured = new Map(input.sources.map((source) => [source.name, source]));
  const known = new Map<string, SourceSpec>();
  for (const source of input.defaults)
    known.set(source.name, withDefaults(configured.get(source.name), source));
  for (const source of input.sources) if (!known.has(source.name)) known.set(source.name, source);
  for (const source of input.sources) refuseTakenPartition(source);
  await installPrelude(engine);
  await installPersonalHash(engine, input.sources, input.hashKey);
  const { models, functions } = await loadModels(engine, input.configDir);
  const all = new Map<string, Model>(models);
  for (const source of known.values())
    for (const model of await standardModels(engine, source, models)) all.set(model.name, model);
  await installFunctions(engine, functions, { asOf: input.verdict.as_of, defaultVat: input.defaultVat });
  const tables = await openTables(paths, staging, [
    ...[...known.keys()].map((name) => `processed/${name}`),
    ...[...all.values()].map(tableOf).filter((table) => table !== null),
  ]);
  // binding a model takes milliseconds: what no source leads to is left alone
  const isAlive = (source: string): boolean =>
    (input.verdict.accepted[source] ?? []).length > 0 || tables.state(`processed/${source}`).before !== null;
  const ordered = followersOf(inOrder(all, new Set(known.keys())), isAlive);
  const bound = await bindModels(engine, ordered, known);
  const context: TransformContext = {
    engine,
    staging,
    tables,
    verdict: input.verdict,
    carriers,
    sources: configured,
    limits: input.limits,
    windowDays: input.windowDays,
    rebuild: input.rebuild,
  };
  return { context, bound };
}

/** A configured source with the columns that the delivered models name and its contract lacks. */
function withDefaults(configured: SourceSpec | undefined, source: SourceSpec): SourceSpec {
  if (configured === undefined) return source;
  const has = new Set(configured.columns.map(({ name }) => name));
  const missing = source.columns.filter(({ name }) => !has.has(name));
  return { ...configured, absent: missing };
}
