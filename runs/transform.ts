import { readLedger } from "../lake/ledger.js";
import type { Config } from "../lib/config-types.js";
import { readJson, writeJson } from "../lib/json-file.js";
import { stagingPaths } from "../lib/paths.js";
import type { ChangeSet } from "../lib/table-types.js";
import type { RunVerdict } from "../lib/verdict-types.js";
import { limitsOf } from "../transformations/planner/limits.js";
import type { ChunkLimits } from "../transformations/planner/partitions.js";
import type { RunContext } from "./run-context.js";
import { openStageEngine, sessionsOf } from "./stage-engine.js";
import type { StageOutcome } from "./stage-outcome.js";

/** The stage `transform`: write what the run changes in the tables beside them, and say what in changes.json. */
export async function transformStage(context: RunContext, rebuild: boolean): Promise<StageOutcome> {
  const staging = stagingPaths(context.paths, context.run());
  const verdict = readJson<RunVerdict>(staging.verdict);
  const changes = await changesOf(context, verdict, rebuild);
  writeJson(staging.changes, changes);
  const rows = changes.tables.flatMap(({ adds }) => adds).reduce((sum, file) => sum + file.rows, 0);
  return { exitCode: 0, said: `${changes.tables.length} tables change, ${rows} rows written` };
}

async function changesOf(context: RunContext, verdict: RunVerdict, rebuild: boolean): Promise<ChangeSet> {
  const worked = verdict.files.some((file) => file.rejudged || file.job !== null || file.twin_of !== null);
  if (!worked && !rebuild) return { run: verdict.run, tables: [], identities: {} };
  const [{ transform }, { quarantineChange }, { sourceSpecs }, { loadConfig }] = await Promise.all([
    import("../transformations/transform.js"),
    import("../quality/quarantine/quarantine-change.js"),
    import("../runs/transform/source-specs.js"),
    import("../lib/config.js"),
  ]);
  const config = context.config();
  const { paths } = context;
  const staging = stagingPaths(paths, verdict.run);
  const engine = await openStageEngine(config, staging.temp);
  try {
    const quarantine = await quarantineChange(engine, paths, staging, verdict);
    const { tables, identities } = await transform({
      engine,
      paths,
      staging,
      verdict,
      ledger: (await readLedger(paths)).entries,
      sources: sourceSpecs(config),
      defaults: sourceSpecs(loadConfig({ configDir: null, environment: {} })),
      configDir: config.configDir,
      hashKey: process.env["GRISTMILL_HASH_KEY"],
      ...settingsOf(config),
      rebuild,
    });
    const changed = quarantine === null ? tables : [...tables, quarantine];
    logChanges(context, changed);
    return { run: verdict.run, tables: changed, identities };
  } finally {
    engine.close();
  }
}

function settingsOf(config: Config): {
  readonly defaultVat: number;
  readonly windowDays: number;
  readonly sessions: number;
  readonly limits: ChunkLimits;
} {
  const { sessions, memoryMb } = sessionsOf(config);
  const { default_vat, joined_window_days } = config.settings;
  return {
    defaultVat: default_vat,
    windowDays: joined_window_days,
    sessions,
    limits: limitsOf(memoryMb),
  };
}

function logChanges(context: RunContext, tables: ChangeSet["tables"]): void {
  const log = context.log("transform");
  for (const { table, adds, removes } of tables)
    log.info("table changes", {
      table,
      files_added: adds.length,
      files_removed: removes.length,
      rows_added: adds.reduce((sum, file) => sum + file.rows, 0),
    });
}
