import { basename, dirname, join } from "node:path";
import type { CommitPlan } from "../../../lake/commit-plan.js";
import { decodePath } from "../../../lake/log-actions.js";
import { parseActions } from "../../../lake/log-files.js";
import { type DataPaths, stagingPaths } from "../../../lib/paths.js";

/** What record-syncs.mjs writes. */
export type SyncEvent = readonly [string, ...string[]];

/**
 * What a power cut could take from under a link: the bytes of a file that the linked plan or commit names, when it was
 * not fsynced before; its name, when a folder above it was not fsynced after it got there.
 */
export function unsafeLinks(events: readonly SyncEvent[], paths: DataPaths): readonly string[] {
  const unsafe: string[] = [];
  const synced = new Map<string, number>();
  const arrived = new Map<string, number>();
  for (const [at, [kind, first = "", second = "", text = ""]] of events.entries()) {
    if (kind === "fsync") synced.set(first, at);
    if (kind === "rename") {
      arrived.set(second, at);
      synced.set(second, synced.get(first) ?? -1);
    }
    if (kind !== "link") continue;
    if (!synced.has(first)) unsafe.push(`${second}: its own bytes`);
    for (const file of namedBy(second, text, paths)) {
      const bytes = synced.get(file) ?? -1;
      if (bytes < 0) unsafe.push(`${second}: bytes of ${file}`);
      for (const folder of foldersAbove(file, paths.root)) {
        if ((synced.get(folder) ?? -1) < (arrived.get(file) ?? bytes))
          unsafe.push(`${second}: name of ${file} in ${folder}`);
      }
    }
  }
  return unsafe;
}

function namedBy(link: string, text: string, paths: DataPaths): readonly string[] {
  if (dirname(link) === paths.commits) {
    const plan = JSON.parse(text) as CommitPlan;
    const { tables } = stagingPaths(paths, plan.id);
    return plan.commits.flatMap(({ table, moves }) => moves.map((path) => join(tables, table, path)));
  }
  if (basename(dirname(link)) !== "_delta_log") return [];
  const folder = dirname(dirname(link));
  return parseActions(text, link).flatMap(({ add }) => (add ? [join(folder, decodePath(add.path))] : []));
}

function foldersAbove(file: string, root: string): readonly string[] {
  const folders: string[] = [];
  for (let at = dirname(file); at.startsWith(root); at = dirname(at)) folders.push(at);
  return folders;
}
