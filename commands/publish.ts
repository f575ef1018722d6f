import type { Engine } from "../engines/engine.js";
import { readLedger } from "../lake/ledger.js";
import { type Publication, publishRun } from "../lake/publish-run.js";
import { listTables } from "../lake/tables.js";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { readJson, readJsonIfThere } from "../lib/json-file.js";
import { stagingPaths } from "../lib/paths.js";
import type { ChangeSet, RunPlan, RunVerdict } from "../lib/run-types.js";
import { openStageEngine } from "../runs/stage-engine.js";
import { replacedPaths } from "../transformations/bronze/replaced-paths.js";
import type { CommandContext, CommandSpec } from "./command.js";

export const command: CommandSpec = {
  configure: () => undefined,
  execute: async (context) => {
    const { tables, warnings } = await publish(context);
    const log = context.log("publish");
    for (const warning of warnings) log.warn(warning);
    log.info("published", { tables: tables.length });
    context.print(`said\t${tables.length} tables have a new version`);
    return 0;
  },
};

/** Publish what the run's transform left, durably and at once. Throws conflict, file_system. */
export async function publish(
  context: CommandContext,
  effects: FileEffects = nodeEffects,
): Promise<Publication> {
  const { paths } = context;
  const run = context.run();
  const staging = stagingPaths(paths, run);
  const verdict = readJson<RunVerdict>(staging.verdict);
  const nothing: ChangeSet = { run, tables: [], identities: {} };
  const opened: Promise<Engine>[] = [];
  const engine = (): Promise<Engine> => {
    if (opened.length === 0) opened.push(openStageEngine(context.config(), staging.temp));
    return opened[0] as Promise<Engine>;
  };
  try {
    const published = await publishRun(paths, {
      plan: readJson<RunPlan>(staging.plan),
      verdict,
      changes: readJsonIfThere<ChangeSet>(staging.changes) ?? nothing,
      moved: replacedPaths(verdict.files, (await readLedger(paths)).entries).moved,
      now: Date.now(),
      retentionDays: context.config().retention.table_days,
      engine,
      effects,
    });
    const { writeExports } = await import("../transformations/formatter/write-exports.js");
    const exported = await writeExports(engine, paths, listTables(paths), effects);
    return { ...published, warnings: [...published.warnings, ...exported.warnings] };
  } finally {
    for (const one of opened) (await one).close();
  }
}
