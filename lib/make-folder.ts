import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { FileEffects } from "./effects.js";

/** Make a folder with its parents, durably: each new name is fsynced in the folder that holds it. */
export function makeFolder(folder: string, effects: FileEffects): void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.push(at);
  if (missing.length === 0) return;
  effects.mkdir(folder);
  for (const made of missing.reverse()) effects.sync(dirname(made));
}
