import type { Engine } from "../engines/engine.js";
import { installPrelude } from "../engines/prelude.js";
import { withSessions } from "../engines/sessions.js";
import { inLanes } from "../lib/lanes.js";
import type { LedgerEntry } from "../lib/ledger-types.js";
import type { DataPaths, StagingPaths } from "../lib/paths.js";
import type { ChangeSet } from "../lib/table-types.js";
import type { RunVerdict } from "../lib/verdict-types.js";
import { type BronzeDelta, bronzeChange } from "./bronze/bronze-change.js";
import { carriersOfRun } from "./bronze/carriers-of-run.js";
import { followersOf, inOrder, isReady, type Needs, soonestNeeded, tablesBehind } from "./models/graph.js";
import { loadModels } from "./models/load-models.js";
import { type Model, tableOf } from "./models/model.js";
import { standardModels } from "./models/standard-models.js";
import {
  type BoundModel,
  type BoundModels,
  bindModels,
  bindSession,
  installFunctions,
} from "./planner/bind-models.js";
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
  /** Tables made side by side; 2 by default. */
  readonly sessions?: number;
  readonly rebuild: boolean;
}

/** One table's statements leave a core idle where there are few rows. */
const SESSIONS = 2;

/**
 * Everything that a run changes in processed/, written to its staging: bronze by the published files, then every
 * model that follows. Throws bad_model, bad_configuration, schema_conflict, file_system.
 */
export async function transform(input: TransformInput): Promise<Pick<ChangeSet, "tables" | "identities">> {
  const carriers = carriersOfRun(input.verdict.files, input.ledger);
  const publishes = input.verdict.files.some((file) => file.status === "published" && file.job !== null);
  const moves = carriers.replaced.dropped.size + carriers.replaced.moved.size + carriers.reranked.size > 0;
  if (!publishes && !moves && !input.rebuild) return { tables: [], identities: {} };
  const opened = await open(input, carriers);
  const { context } = opened;
  const run = startTransform(opened);
  const { steps } = run;
  await withSessions(input.engine, input.sessions ?? SESSIONS, async ([, ...further]) => {
    for (const engine of further) await bindSession(engine, opened.models, opened.known);
    const lanes = [context, ...further.map((engine) => ({ ...context, engine }))];
    await inLanes(
      steps,
      lanes,
      (step, lane) => step.take(lane),
      (step, done) => isReady(step, done, steps),
    );
  });
  return { tables: context.tables.changes(), identities: run.identities };
}

interface Opened {
  readonly context: TransformContext;
  readonly models: BoundModels;
  /** All that a model may name, configured or not. */
  readonly known: ReadonlyMap<string, SourceSpec>;
  readonly inputsOf: (name: string) => readonly string[];
}

/** A table's work: it waits for those that it reads. */
interface Step extends Needs {
  take(context: TransformContext): Promise<void>;
}

function startTransform({ context, models, inputsOf }: Opened): {
  readonly steps: readonly Step[];
  readonly identities: Readonly<Record<string, Identities>>;
} {
  const identities: Record<string, Identities> = {};
  const byName = new Map(models.bound.map((entry) => [entry.model.name, entry]));
  const deltas = new Map<string, BronzeDelta>();
  const takeIn = async (lane: TransformContext, source: SourceSpec): Promise<void> => {
    const delta = await bronzeChange(lane, source);
    if (delta === null) return;
    deltas.set(source.name, delta);
    if (delta.change !== null) lane.tables.record(delta.change, "all");
  };
  const make = async (lane: TransformContext, entry: BoundModel): Promise<void> => {
    const { source, model } = entry;
    const delta = source === null ? null : (deltas.get(source.name) ?? null);
    if (delta !== null && source !== null) await noteChangedKeys(lane, source, delta);
    const plan = await planModel(lane, entry, byName, delta);
    if (plan === null) return;
    await runModel(lane, entry, byName, plan);
    if (delta !== null && source?.name === model.relation)
      identities[source.name] = await identitiesOf(lane, entry, plan);
  };
  const steps = [
    ...[...context.sources.values()].map((source) => ({
      name: `latest.${source.name}`,
      needs: [],
      take: (lane: TransformContext) => takeIn(lane, source),
    })),
    ...models.bound.map((entry) => ({
      name: entry.model.name,
      needs: inputsOf(entry.model.name),
      take: (lane: TransformContext) => make(lane, entry),
    })),
  ];
  return { steps: soonestNeeded(steps), identities };
}

async function open(input: TransformInput, carriers: Carriers): Promise<Opened> {
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
  const written = new Set(bound.bound.map(({ model }) => model.name));
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
  return { context, models: bound, known, inputsOf: (name) => tablesBehind(name, all, written) };
}

/** A configured source with the columns that the delivered models name and its contract lacks. */
function withDefaults(configured: SourceSpec | undefined, source: SourceSpec): SourceSpec {
  if (configured === undefined) return source;
  const has = new Set(configured.columns.map(({ name }) => name));
  const missing = source.columns.filter(({ name }) => !has.has(name));
  return { ...configured, absent: missing };
}
