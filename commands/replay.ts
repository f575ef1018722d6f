import { rmSync } from "node:fs";
import { join } from "node:path";
import { recover } from "../lake/recover.js";
import { openLog } from "../lib/logging.js";
import { stagingPaths } from "../lib/paths.js";
import { latestRunFile } from "../lib/run-file.js";
import type { RunVerdict } from "../lib/run-types.js";
import { exitCodeOf } from "../quality/checks/check-run.js";
import { withDataLock } from "../runs/data-lock.js";
import { type Judged, judgeAgain } from "../runs/replay/judge-again.js";
import { nextRunId } from "../runs/replay/run-id.js";
import type { CommandContext, CommandSpec } from "./command.js";
import { command as finish } from "./finish.js";
import { publish } from "./publish.js";
import { quarantineFilter, quarantineFlags } from "./quarantine.js";
import { command as transform } from "./transform.js";

/**
 * `gristmill replay [--from EXPORT]`: judge quarantined records again, as they are or as they were mended, and publish
 * those that pass, once. It is a run of its own, with the pipeline's own gate, transform and publish.
 */
export const command: CommandSpec = {
  configure: (sub) => {
    quarantineFlags(sub).option(
      "--from <export>",
      "a folder that `quarantine export` wrote, or one file of it, after mending",
    );
  },
  execute: (context, options) =>
    withDataLock(context.paths, async () => {
      await recover(context.paths, null);
      const now = new Date();
      const run = nextRunId(now, latestRunFile(context.paths)?.run ?? null);
      const own = runContext(context, run);
      const from = typeof options["from"] === "string" ? options["from"] : null;
      const leave = () => rmSync(stagingPaths(context.paths, run).root, { recursive: true, force: true });
      const request = { filter: quarantineFilter(options), from, now };
      const judged = await judgeAgain(own, request).catch((error: unknown) => {
        leave();
        throw error;
      });
      if (judged.verdict === null) {
        leave();
        report(context, run, judged);
        return 0;
      }
      const exitCode = await publishReplay(own, judged.verdict);
      report(context, run, judged);
      return exitCode;
    }),
};

async function publishReplay(context: CommandContext, verdict: RunVerdict): Promise<number> {
  const exitCode = exitCodeOf(verdict);
  await transform.execute(context, {}, []);
  await publish(context);
  await finish.execute(context, { exitCode: String(exitCode), quiet: true }, []);
  return exitCode;
}

function report(context: CommandContext, run: string, { judged, passed, notes, verdict }: Judged): void {
  if (context.json) {
    const files = verdict?.files.filter((file) => file.job !== null) ?? [];
    context.print(
      JSON.stringify({ run: verdict === null ? null : run, judged, passed, notes, files }, null, 1),
    );
    return;
  }
  for (const note of notes) context.print(note);
  context.print(`${judged} records judged again, ${passed} of them pass`);
  for (const file of verdict?.files ?? []) {
    if (file.job === null) continue;
    const { path, status, accepted, held, quarantined } = file;
    const message = file.message === null ? "" : ` (${file.message})`;
    context.print(
      `  ${path}: ${status}, ${accepted} accepted, ${held} held, ${quarantined} quarantined${message}`,
    );
  }
}

/** The context of the run that a replay is: what its stages tell the master is of no use here. */
function runContext(context: CommandContext, run: string): CommandContext {
  const folder = process.env["GRISTMILL_LOG_DIR"] ?? join(context.paths.root, "logs");
  return { ...context, run: () => run, log: (stage) => openLog(folder, run, stage), print: () => undefined };
}
