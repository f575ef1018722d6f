import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Path of pigz in a PATH variable, which packs on all cores; null where there is none. */
export function findPigz(path: string): string | null {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const candidate = join(folder, "pigz");
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not in this folder: look in the next
    }
  }
  return null;
}
