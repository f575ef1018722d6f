import { rmSync } from "node:fs";
import { recover } from "../lake/recover.js";
import { stagingPaths } from "../lib/paths.js";
import { latestRunFile } from "../lib/run-file.js";
import { exitCodeOf } from "../quality/checks/check-run.js";
import { withDataLock } from "./data-lock.js";
import { finishRun } from "./finish.js";
import { openRunLog } from "./log-folder.js";
import { publish } from "./publish.js";
import { type Judged, judgeAgain } from "./replay/judge-again.js";
import type { ReplayRequest } from "./replay/request.js";
import type { RunContext } from "./run-context.js";
import { nextRunId } from "./run-id.js";
import { transformStage } from "./transform.js";

/** What a replay came to; its run is null where nothing passed, so that nothing was published. */
export interface Replay extends Judged {
  readonly run: string | null;
  readonly exitCode: number;
}

/**
 * Judge quarantined records again, as they are or as they were mended, and publish those that pass, once. It is a run
 * of its own, with the pipeline's own gate, transform and publish. Throws locked, bad_replay, bad_configuration.
 */
export function replayRun(context: RunContext, request: Omit<ReplayRequest, "now">): Promise<Replay> {
  return withDataLock(context.paths, async () => {
    await recover(context.paths, null);
    const now = new Date();
    const run = nextRunId(now, latestRunFile(context.paths)?.run ?? null);
    const own: RunContext = {
      ...context,
      run: () => run,
      log: (stage) => openRunLog(context.paths, run, stage),
    };
    const leave = () => rmSync(stagingPaths(context.paths, run).root, { recursive: true, force: true });
    const judged = await judgeAgain(own, { ...request, now }).catch((error: unknown) => {
      leave();
      throw error;
    });
    if (judged.verdict === null) {
      leave();
      return { ...judged, run: null, exitCode: 0 };
    }
    const exitCode = exitCodeOf(judged.verdict);
    await transformStage(own, false);
    await publish(own);
    finishRun(own, exitCode);
    return { ...judged, run, exitCode };
  });
}
