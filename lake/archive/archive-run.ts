import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";
import { type FileEffects, nodeEffects } from "../../lib/effects.js";
import { systemCode } from "../../lib/errors.js";
import { readJson, readJsonIfThere } from "../../lib/json-file.js";
import { type DataPaths, stagingPaths } from "../../lib/paths.js";
import { reportFile } from "../../lib/report-name.js";
import { runFilePath } from "../../lib/run-file.js";
import type { RunFile, RunFileEntry, RunVerdict } from "../../lib/run-types.js";
import { relation } from "../relation.js";
import { openTable } from "../snapshot.js";
import { cleanRaw } from "./clean-raw.js";
import { type ArchiveSource, type PackOptions, packArchive } from "./pack.js";
import { verifyArchive } from "./read-archive.js";
import { judgedByRun, runInputs } from "./run-inputs.js";

export interface ArchiveRequest {
  readonly run: string;
  readonly cleanRaw: boolean;
  readonly pack: PackOptions;
  /** Opened only when the run quarantined something. */
  readonly engine: () => Promise<Engine>;
  readonly effects?: FileEffects;
}

export interface WrittenArchive {
  /** null: the run worked on no file, there is nothing to keep. */
  readonly file: string | null;
  readonly files: number;
  /** Raw files that changed or vanished after the run read them, and are not in the archive. */
  readonly missing: readonly string[];
  /** Raw files removed because they are wholly published and archived. */
  readonly removed: readonly string[];
}

/**
 * Keeps what a run read and said as archive_YYYYMMDD_HHMM[_n].tar.gz: written under a temporary name, read back and
 * compared, then given its name. Throws file_system, broken_archive.
 */
export async function archiveRun(paths: DataPaths, request: ArchiveRequest): Promise<WrittenArchive> {
  const { run: id, effects = nodeEffects } = request;
  const run = readJson<RunFile>(runFilePath(paths, id));
  const judged = judgedByRun(run.files, readJsonIfThere<RunVerdict>(stagingPaths(paths, id).verdict));
  if (judged.length === 0) return { file: null, files: 0, missing: [], removed: [] };
  const { inputs, missing } = await runInputs(paths, judged);
  effects.mkdir(paths.archive);
  sweep(paths, effects);
  const temporary = join(paths.archive, `.${id}.tmp-${process.pid}`);
  const quarantined = `${temporary}.parquet`;
  try {
    const sources: ArchiveSource[] = inputs.map(({ path }) => ({
      name: `raw/${path}`,
      location: join(paths.raw, ...path.split("/")),
    }));
    sources.push(...accounts(paths, id, judged), ...exportsOf(paths));
    if (await writeQuarantine(paths, request, judged, quarantined))
      sources.push({ name: `quarantine/${id}.parquet`, location: quarantined });
    const about = { format: 1, run: id, as_of: run.as_of, started_at: run.started_at, inputs } as const;
    const written = await packArchive(temporary, sources, about, request.pack);
    effects.sync(temporary);
    const readBack = await verifyArchive(temporary);
    const file = giveName(paths, run.started_at, temporary, effects);
    const removed = request.cleanRaw ? await cleanRaw(paths, run.files, readBack, effects) : [];
    return { file, files: written.files.length, missing, removed };
  } finally {
    effects.remove(temporary);
    effects.remove(quarantined);
  }
}

/** What a killed run left half written. Runs exclude one another, so none is at work on it. */
function sweep(paths: DataPaths, effects: FileEffects): void {
  for (const name of readdirSync(paths.archive))
    if (/^\..+\.tmp-\d+(\.parquet)?$/.test(name)) effects.remove(join(paths.archive, name));
}

/** The first free name of the minute. link fails where a name is taken, so two runs never write over one another. */
function giveName(paths: DataPaths, startedAt: string, temporary: string, effects: FileEffects): string {
  const minute = `${startedAt.slice(0, 10).replaceAll("-", "")}_${startedAt.slice(11, 16).replace(":", "")}`;
  for (let count = 1; ; count += 1) {
    const file = join(paths.archive, `archive_${minute}${count === 1 ? "" : `_${count}`}.tar.gz`);
    try {
      effects.link(temporary, file);
      effects.sync(paths.archive);
      return file;
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
    }
  }
}

/** What the run said: its reports, the page, the alert, the numbers and the run file. */
function accounts(paths: DataPaths, id: string, judged: readonly RunFileEntry[]): readonly ArchiveSource[] {
  const files = [
    ...judged.map(({ path }) => reportFile(paths.quality, path)),
    ...["dashboard.html", "quality_alert.txt", "metrics.prom"].map((name) => join(paths.quality, name)),
  ];
  return [
    ...files.map((location) => ({ name: `quality/${basename(location)}`, location })),
    { name: `quality/runs/${id}.json`, location: runFilePath(paths, id) },
  ].filter(({ location }) => existsSync(location));
}

function exportsOf(paths: DataPaths): readonly ArchiveSource[] {
  if (!existsSync(paths.exports)) return [];
  return readdirSync(paths.exports, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ name }) => ({ name: `processed/exports/${name}`, location: join(paths.exports, name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The quarantined records of the run, as Parquet; false when there are none. */
async function writeQuarantine(
  paths: DataPaths,
  request: ArchiveRequest,
  judged: readonly RunFileEntry[],
  to: string,
): Promise<boolean> {
  if (judged.every(({ quarantined }) => quarantined === 0)) return false;
  const snapshot = await openTable(paths, "quality/quarantine");
  if (snapshot.files.length === 0) return false;
  const engine = await request.engine();
  const [written] = await engine.copy(
    `select * from ${relation(snapshot)} where run = ${literal(request.run)} order by path, record`,
    { to },
  );
  return (written?.rows ?? 0) > 0;
}
