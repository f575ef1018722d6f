import { readdirSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../../lib/errors.js";
import { readJson } from "../../lib/json-file.js";
import type { FeedProfile, RunFile } from "../../lib/run-types.js";

/** Earlier runs that volume and drift compare with. */
const COMPARED_RUNS = 20;

/** Profiles of earlier runs, the latest first: feed → profile. */
export type ProfileHistory = readonly Readonly<Record<string, FeedProfile>>[];

/** Read the profiles of the latest runs before `run` that worked on a file. */
export function readHistory(runsFolder: string, run: string): ProfileHistory {
  const history: Readonly<Record<string, FeedProfile>>[] = [];
  for (const name of runFiles(runsFolder)) {
    if (history.length === COMPARED_RUNS) break;
    if (name >= `${run}.json`) continue;
    const { profiles } = readJson<Partial<RunFile>>(join(runsFolder, name));
    if (profiles !== undefined && Object.keys(profiles).length > 0) history.push(profiles);
  }
  return history;
}

function runFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .reverse();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
