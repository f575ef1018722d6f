import { randomUUID } from "node:crypto";
import { dirname, join, relative } from "node:path";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { GristmillError, messageOf, systemCode } from "../lib/errors.js";
import { makeFolder } from "../lib/make-folder.js";

/** Temporary names begin with this; sweep removes what a killed process left. */
export const TEMPORARY_PREFIX = ".tmp-";

/** A file that is to appear whole, or not at all. */
export interface NewFile {
  readonly file: string;
  readonly text: string;
}

/** One new file; see `putAllIfAbsent`. False when its name is taken. */
export async function putIfAbsent(
  file: string,
  text: string,
  effects: FileEffects = nodeEffects,
): Promise<boolean> {
  const [won] = await putAllIfAbsent([{ file, text }], effects);
  return won === true;
}

/**
 * Give complete, fsynced texts their final names, unless a name is taken: false then. The folders are fsynced.
 * link(2), because an exclusive create alone leaves a torn file when killed in mid-write. Throws file_system.
 */
export async function putAllIfAbsent(
  files: readonly NewFile[],
  effects: FileEffects = nodeEffects,
): Promise<readonly boolean[]> {
  const staged = files.map(({ file, text }) => {
    const temporary = join(dirname(file), `${TEMPORARY_PREFIX}${randomUUID()}`);
    return { file, text, temporary };
  });
  try {
    for (const { file, text, temporary } of staged) {
      makeFolder(dirname(file), effects);
      effects.write(temporary, text);
    }
    await effects.syncAll(staged.map(({ temporary }) => temporary));
    const won = staged.map(({ file, temporary }) => linked(temporary, file, effects));
    for (const { temporary } of staged) effects.unlink(temporary);
    await effects.syncAll([...new Set(files.map(({ file }) => dirname(file)))]);
    return won;
  } catch (error) {
    const names = files.map(({ file }) => file).join(", ");
    throw new GristmillError("file_system", `cannot write ${names}: ${messageOf(error)}`, { cause: error });
  }
}

function linked(temporary: string, file: string, effects: FileEffects): boolean {
  try {
    effects.link(temporary, file);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Every folder from those of the given files up to `root`, for fsync: new folders stand in their parents. */
export function foldersOf(files: readonly string[], root: string): readonly string[] {
  const folders = new Set<string>();
  for (const file of files) {
    let folder = dirname(file);
    while (!folders.has(folder) && !relative(root, folder).startsWith("..")) {
      folders.add(folder);
      if (folder === root) break;
      folder = dirname(folder);
    }
  }
  return [...folders];
}
