import { readJsonIfThere } from "../../lib/json-file.js";
import type { DataPaths } from "../../lib/paths.js";
import type { ValidationReport } from "./report.js";
import { reportFile } from "./report-name.js";

/** The report of a path, or null when there is none. */
export function readReport(paths: DataPaths, path: string): ValidationReport | null {
  const report = readJsonIfThere<ValidationReport>(reportFile(paths.quality, path));
  return report?.path === path ? report : null;
}
