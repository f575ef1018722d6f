import { GristmillError } from "../lib/errors.js";
import type { RunFile } from "../lib/run-types.js";
import { findRun, runList, secondsOf } from "../runs/run-list.js";
import type { CommandSpec } from "./command.js";
import { textTable } from "./text-table.js";

const NAMES = ["run", "as_of", "exit", "seconds", "files", "accepted", "quarantined", "held", "note"];

/** `runs` lists them, newest last; `runs show RUN` says where the time went. */
export const command: CommandSpec = {
  configure: (sub) => sub.argument("[action]", "show").argument("[run]", "id of the run, or latest"),
  execute: async (context, _, [action, wanted]) => {
    if (action === undefined) {
      const runs = await runList(context.paths);
      for (const line of context.json ? [JSON.stringify(runs)] : textTable(NAMES, runs)) context.print(line);
      return 0;
    }
    if (action !== "show" || wanted === undefined)
      throw new GristmillError("bad_flag", "runs takes nothing, or show RUN");
    const run = findRun(context.paths, wanted);
    for (const line of context.json ? [JSON.stringify(run)] : shownRun(run)) context.print(line);
    return 0;
  },
};

function shownRun(run: RunFile): readonly string[] {
  const stages = Object.entries(run.stages).map(([stage, measure]) => ({ stage, ...measure }));
  const sources = Object.entries(run.sources).map(([source, sums]) => ({
    source,
    ...sums,
    score: scoreText(sums.score),
  }));
  const tables = Object.entries(run.tables).map(([table, sums]) => ({ table, ...sums }));
  return [
    `${run.run}, as of ${run.as_of}: exit ${run.exit_code ?? "unknown"}, ${secondsOf(run)} s, ${run.workers} workers`,
    "",
    ...textTable(["stage", "seconds", "cpu_seconds", "peak_rss_mb"], stages),
    "",
    ...textTable(["source", "files", "records", "accepted", "quarantined", "held", "score"], sources),
    "",
    ...textTable(["table", "version", "rows", "files", "bytes"], tables),
  ];
}

function scoreText(score: number | null): string {
  return score === null ? "" : (Math.floor(score * 100) / 100).toFixed(2);
}
