import { readdirSync } from "node:fs";
import { join } from "node:path";
import { GristmillError, systemCode } from "../../lib/errors.js";
import { readJson } from "../../lib/json-file.js";
import { stageSums } from "../../lib/measure.js";
import { type DataPaths, stagingPaths } from "../../lib/paths.js";
import { readRunFile } from "../../lib/run-file.js";
import type { RunFile, StageMeasure } from "../../lib/run-types.js";

/** Names of the files in a folder, sorted; none where the folder does not exist. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** The run file. Throws bad_flag when there is none. */
export function readRun(paths: DataPaths, run: string): RunFile {
  const found = readRunFile(paths, run);
  if (found === null)
    throw new GristmillError("bad_flag", `no run ${run} in ${paths.runs}; see gristmill runs`);
  return found;
}

/** Ids of all runs before this one, oldest first: an id begins with its time, so their order is that of time. */
export function earlierRuns(paths: DataPaths, run: string): readonly string[] {
  return namesIn(paths.runs)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .filter((id) => id < run);
}

/** Stages measured so far: the run file's own once the run has ended, before that what the processes left behind. */
export function stagesSoFar(paths: DataPaths, run: RunFile): RunFile["stages"] {
  if (Object.keys(run.stages).length > 0) return run.stages;
  const folder = stagingPaths(paths, run.run).stages;
  return stageSums(
    namesIn(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => readJson<StageMeasure>(join(folder, name))),
  );
}
