import { randomUUID } from "node:crypto";
import { dirname, join, relative } from "node:path";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { GristmillError, messageOf, systemCode } from "../lib/errors.js";
import { makeFolder } from "../lib/make-folder.js";

/** Temporary names begin with this; sweep removes what a killed process left. */
export const TEMPORARY_PREFIX = ".tmp-";

/**
 * Give a complete, fsynced text its final name, unless the name is taken: false then. The folder is fsynced.
 * link(2), because an exclusive create alone leaves a torn file when killed in mid-write. Throws file_system.
 */
export function putIfAbsent(file: string, text: string, effects: FileEffects = nodeEffects): boolean {
  const folder = dirname(file);
  const temporary = join(folder, `${TEMPORARY_PREFIX}${randomUUID()}`);
  try {
    makeFolder(folder, effects);
    effects.write(temporary, text);
    effects.sync(temporary);
    const won = linked(temporary, file, effects);
    effects.unlink(temporary);
    effects.sync(folder);
    return won;
  } catch (error) {
    throw new GristmillError("file_system", `cannot write ${file}: ${messageOf(error)}`, { cause: error });
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
