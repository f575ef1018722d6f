import { join } from "node:path";
import { readJsonIfThere, writeJson } from "../../lib/json-file.js";
import type { DataPaths } from "../../lib/paths.js";
import type { RunFile } from "../../lib/run-types.js";
import type { OpenTrouble, Trouble } from "./trouble.js";

/** What is open before and after a run. Both are kept, so that a run whose alerts are sent again says the same. */
interface StateOnDisk {
  readonly run: string;
  readonly before: readonly OpenTrouble[];
  readonly after: readonly OpenTrouble[];
}

/** Troubles that were open when this run began. */
export function readOpen(paths: DataPaths, run: string): readonly OpenTrouble[] {
  const state = readJsonIfThere<StateOnDisk>(statePath(paths));
  if (state === null) return [];
  return state.run === run ? state.before : state.after;
}

export function writeOpen(
  paths: DataPaths,
  run: string,
  before: readonly OpenTrouble[],
  after: readonly OpenTrouble[],
): void {
  writeJson(statePath(paths), { run, before, after } satisfies StateOnDisk);
}

/** Open troubles that this run looked at again and did not find any more. */
export function resolvedBy(
  run: RunFile,
  open: readonly OpenTrouble[],
  troubles: readonly Trouble[],
): readonly OpenTrouble[] {
  const found = new Set(troubles.map(({ key }) => key));
  const seen = sourcesSeen(run);
  return open.filter((trouble) => !found.has(trouble.key) && judgedAgain(trouble, seen));
}

/** What is open after this run: what it found, and what it did not look at. `told`: trouble → channels that now know it. */
export function openAfter(
  run: RunFile,
  open: readonly OpenTrouble[],
  troubles: readonly Trouble[],
  told: (key: string) => readonly string[],
): readonly OpenTrouble[] {
  const before = new Map(open.map((trouble) => [trouble.key, trouble]));
  const found = new Set(troubles.map(({ key }) => key));
  const seen = sourcesSeen(run);
  const kept = open.filter((trouble) => !found.has(trouble.key) && !judgedAgain(trouble, seen));
  const now = troubles.map(({ key, kind, source, severity, subject }): OpenTrouble => {
    const known = before.get(key);
    const channels = new Set([...(known?.told ?? []), ...told(key)]);
    return {
      key,
      kind,
      source,
      severity,
      subject,
      since: known?.since ?? run.started_at,
      told: [...channels],
    };
  });
  return [...kept, ...now];
}

/** A finding about data is only judged again by a run that read files of its source; freshness by every run. */
function judgedAgain(trouble: OpenTrouble, seen: ReadonlySet<string>): boolean {
  if (trouble.kind !== "finding" || trouble.source === null) return true;
  return seen.has(trouble.source) || trouble.key.startsWith('["finding","freshness"');
}

function sourcesSeen(run: RunFile): ReadonlySet<string> {
  const profiled = Object.values(run.profiles ?? {}).map(({ source }) => source);
  const published = run.files.filter(({ status }) => status === "published").map(({ source }) => source);
  return new Set([...profiled, ...published]);
}

function statePath(paths: DataPaths): string {
  return join(paths.quality, "alert_state.json");
}
