import { statSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../../lib/errors.js";
import { readJson, readJsonIfThere, writeJson } from "../../lib/json-file.js";
import { type DataPaths, packageRoot } from "../../lib/paths.js";
import { BUSINESS_TABLES, type Figure } from "./sections/business.js";

interface KeptFigures {
  readonly key: string;
  readonly figures: readonly Figure[];
}

/** The business view as drawn for the same exports before, or drawn now: most nights change no table. */
export function keptFigures(paths: DataPaths, draw: () => readonly Figure[]): readonly Figure[] {
  const file = join(paths.quality, "business_view.json");
  const { version } = readJson<{ readonly version: string }>(join(packageRoot, "package.json"));
  const key = [version, ...BUSINESS_TABLES.map((table) => stamp(join(paths.exports, `${table}.json`)))].join(
    " ",
  );
  const kept = readJsonIfThere<KeptFigures>(file);
  if (kept !== null && kept.key === key) return kept.figures;
  const figures = draw();
  writeJson(file, { key, figures } satisfies KeptFigures);
  return figures;
}

function stamp(file: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(file);
    return `${size}:${mtimeMs}:${ino}`;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "none";
    throw error;
  }
}
