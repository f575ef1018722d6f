import { existsSync, readdirSync } from "node:fs";
import { readLedger } from "../lake/ledger.js";
import { ledgerTable } from "../lake/ledger-columns.js";
import { tableVersions } from "../lake/run-versions.js";
import { GristmillError } from "../lib/errors.js";
import type { DataPaths } from "../lib/paths.js";
import { readRunFile } from "../lib/run-file.js";
import type { RunFile } from "../lib/run-types.js";
import type { CommandContext, CommandSpec } from "./command.js";
import { textTable } from "./text-table.js";

/** `runs` lists them, newest last; `runs show RUN` says where the time went. */
export const command: CommandSpec = {
  configure: (sub) => sub.argument("[action]", "show").argument("[run]", "id of the run, or latest"),
  execute: async (context, _, [action, run]) => {
    if (action === undefined) return list(context);
    if (action !== "show" || run === undefined) {
      throw new GristmillError("bad_flag", "runs takes nothing, or show RUN");
    }
    return show(context, run);
  },
};

async function list(context: CommandContext): Promise<number> {
  const undone = await undoneRuns(context.paths);
  const runs = runIds(context.paths).map((id) => summary(runFile(context.paths, id), undone.has(id)));
  if (context.json) context.print(JSON.stringify(runs));
  else {
    const names = ["run", "as_of", "exit", "seconds", "files", "accepted", "quarantined", "held", "note"];
    for (const line of textTable(names, runs)) context.print(line);
  }
  return 0;
}

/** Runs that changed the ledger and of which it says nothing any more but that files were rolled back. */
async function undoneRuns(paths: DataPaths): Promise<ReadonlySet<string | null>> {
  const { entries } = await readLedger(paths);
  const standing = new Set(
    entries.filter(({ status }) => status !== "rolled_back").map((entry) => entry.run),
  );
  const committed = tableVersions(paths, ledgerTable).map((version) => version.run);
  return new Set(committed.filter((run) => run !== null && !standing.has(run)));
}

function summary(run: RunFile, rolledBack: boolean): Record<string, string | number> {
  const judged = run.files.filter((file) => file.status === "published" || file.status === "held");
  const sum = (of: (file: RunFile["files"][number]) => number): number =>
    judged.reduce((all, file) => all + of(file), 0);
  return {
    run: run.run,
    as_of: run.as_of,
    exit: run.exit_code ?? "?",
    seconds: secondsOf(run),
    files: judged.length,
    accepted: sum((file) => file.accepted),
    quarantined: sum((file) => file.quarantined),
    held: sum((file) => file.held),
    note: rolledBack ? "rolled back" : run.finished_at === null ? "did not end" : "",
  };
}

function secondsOf(run: RunFile): number {
  if (run.finished_at === null) return 0;
  return Math.round((Date.parse(run.finished_at) - Date.parse(run.started_at)) / 100) / 10;
}

function show(context: CommandContext, wanted: string): number {
  const id = wanted === "latest" ? runIds(context.paths).at(-1) : wanted;
  if (id === undefined || !runIds(context.paths).includes(id)) {
    throw new GristmillError("unknown_run", `there is no run ${wanted}; gristmill runs lists them`);
  }
  const run = runFile(context.paths, id);
  if (context.json) {
    context.print(JSON.stringify(run));
    return 0;
  }
  for (const line of shownRun(run)) context.print(line);
  return 0;
}

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

function runIds(paths: DataPaths): readonly string[] {
  if (!existsSync(paths.runs)) return [];
  return readdirSync(paths.runs)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

function runFile(paths: DataPaths, id: string): RunFile {
  const run = readRunFile(paths, id);
  if (run === null) throw new GristmillError("unknown_run", `there is no run ${id}`);
  return run;
}
