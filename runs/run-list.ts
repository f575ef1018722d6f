import { existsSync, readdirSync } from "node:fs";
import { readLedger } from "../lake/ledger.js";
import { ledgerTable } from "../lake/ledger-columns.js";
import { tableVersions } from "../lake/run-versions.js";
import { GristmillError } from "../lib/errors.js";
import type { DataPaths } from "../lib/paths.js";
import { readRunFile } from "../lib/run-file.js";
import type { RunFile } from "../lib/run-types.js";

/** A line per run, the newest last. */
export async function runList(paths: DataPaths): Promise<readonly Record<string, string | number>[]> {
  const undone = await undoneRuns(paths);
  return runIds(paths).map((id) => summaryOf(runFile(paths, id), undone.has(id)));
}

/** The run file of a run, or of the newest by the name latest. Throws unknown_run. */
export function findRun(paths: DataPaths, wanted: string): RunFile {
  const id = wanted === "latest" ? runIds(paths).at(-1) : wanted;
  if (id === undefined || !runIds(paths).includes(id)) {
    throw new GristmillError("unknown_run", `there is no run ${wanted}; gristmill runs lists them`);
  }
  return runFile(paths, id);
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

function summaryOf(run: RunFile, rolledBack: boolean): Record<string, string | number> {
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

/** Seconds from start to end; 0 for a run that did not end. */
export function secondsOf(run: RunFile): number {
  if (run.finished_at === null) return 0;
  return Math.round((Date.parse(run.finished_at) - Date.parse(run.started_at)) / 100) / 10;
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
