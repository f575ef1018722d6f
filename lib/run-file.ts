import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readJsonIfThere, writeJson } from "./json-file.js";
import type { DataPaths } from "./paths.js";
import type { RunPlan } from "./plan-types.js";
import type { RunFile, RunFileEntry, SourceSums } from "./run-file-types.js";
import type { RunVerdict } from "./verdict-types.js";

export function runFilePath(paths: DataPaths, run: string): string {
  return join(paths.runs, `${run}.json`);
}

export function readRunFile(paths: DataPaths, run: string): RunFile | null {
  return readJsonIfThere<RunFile>(runFilePath(paths, run));
}

export function writeRunFile(paths: DataPaths, runFile: RunFile): void {
  writeJson(runFilePath(paths, runFile.run), runFile);
}

/** The run file as it stands after the verdict; publish adds the tables, finish the stages and the end. */
export function runFileOf(
  plan: RunPlan,
  verdict: RunVerdict,
  tables: RunFile["tables"],
  identities: Readonly<Record<string, { readonly duplicates: number; readonly superseded: number }>> = {},
): RunFile {
  const files = verdict.files.map(entryOf);
  return {
    run: plan.run,
    started_at: plan.started_at,
    finished_at: null,
    as_of: plan.as_of,
    engine: plan.engine,
    workers: plan.workers,
    exit_code: null,
    files,
    sources: sumsOf(files, identities),
    tables,
    stages: {},
    unclaimed: verdict.unclaimed,
    disagreements: verdict.disagreements,
    alerts: [],
    findings: verdict.findings,
    profiles: verdict.profiles,
  };
}

/** Sums by source; `score` is the gate value over all records that were judged. */
export function sumsOf(
  files: readonly RunFileEntry[],
  identities: Readonly<Record<string, { readonly duplicates: number; readonly superseded: number }>>,
): Readonly<Record<string, SourceSums>> {
  const sums: Record<string, SourceSums> = {};
  for (const source of [...new Set(files.map((file) => file.source))].sort()) {
    const own = files.filter((file) => file.source === source);
    const sum = (of: (file: RunFileEntry) => number): number => own.reduce((all, file) => all + of(file), 0);
    const records = sum((file) => file.records);
    const quarantined = sum((file) => file.quarantined);
    sums[source] = {
      files: own.length,
      bytes: sum((file) => file.bytes),
      lines: sum((file) => file.lines ?? 0),
      records,
      accepted: sum((file) => file.accepted),
      quarantined,
      held: sum((file) => file.held),
      score: records === 0 ? null : (100 * (records - quarantined)) / records,
      stray_quotes: sum((file) => file.stray_quotes),
      duplicates: identities[source]?.duplicates ?? 0,
      superseded: identities[source]?.superseded ?? 0,
    };
  }
  return sums;
}

function entryOf(file: RunFileEntry): RunFileEntry {
  const { source, feed, path, sha256, bytes, lines, header_lines, blank_lines } = file;
  const { records, accepted, quarantined, held, score, status, stray_quotes } = file;
  return {
    source,
    feed,
    file: file.file,
    path,
    sha256,
    bytes,
    lines,
    header_lines,
    blank_lines,
    records,
    accepted,
    quarantined,
    held,
    score,
    status,
    stray_quotes,
  };
}

/** The newest run file there is, by the run's name. */
export function latestRunFile(paths: DataPaths): RunFile | null {
  if (!existsSync(paths.runs)) return null;
  const newest = readdirSync(paths.runs)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .at(-1);
  return newest === undefined ? null : readRunFile(paths, newest.slice(0, -".json".length));
}
