import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type FileEffects, nodeEffects } from "./effects.js";
import { GristmillError, messageOf, systemCode } from "./errors.js";
import { makeFolder } from "./make-folder.js";

/** Write a file durably under its name: temporary name beside it, fsync, rename, fsync of the folder. */
export function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  effects: FileEffects = nodeEffects,
): void {
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    makeFolder(dirname(file), effects);
    effects.write(temporary, content);
    effects.sync(temporary);
    effects.rename(temporary, file);
    effects.sync(dirname(file));
  } catch (error) {
    throw new GristmillError("file_system", `cannot write ${file}: ${messageOf(error)}`, { cause: error });
  }
}

export function writeJson(file: string, value: unknown, effects: FileEffects = nodeEffects): void {
  writeFileAtomic(file, `${JSON.stringify(value, null, 1)}\n`, effects);
}

/** Parse a JSON file that this product wrote; the caller names its shape. */
export function readJson<T>(file: string): T {
  return JSON.parse(readText(file)) as T;
}

/** The same, or null when the file does not exist. */
export function readJsonIfThere<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw new GristmillError("file_system", `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new GristmillError("file_system", `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}
