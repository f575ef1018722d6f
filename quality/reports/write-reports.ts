import { type FileEffects, nodeEffects } from "../../lib/effects.js";
import { writeJson } from "../../lib/json-file.js";
import type { FileVerdict, RuleCount } from "../../lib/run-types.js";
import type { StagedResults } from "../checks/staged-results.js";
import type { FileCounts } from "../scores/score.js";
import { buildReport } from "./report.js";
import { reportFile } from "./report-name.js";

/** Thousands of reports are not worth thousands of waits for the disk; each is whole or absent all the same. */
const unsynced: FileEffects = { ...nodeEffects, sync: () => undefined };

/** Write the report of every file that this run judged or failed on. */
export function writeReports(
  folder: string,
  files: readonly FileVerdict[],
  results: StagedResults,
  countsOf: (file: FileVerdict) => FileCounts,
  extra: readonly ReadonlyMap<string, readonly RuleCount[]>[],
  at: { readonly run: string; readonly validated_at: string },
): void {
  for (const verdict of files) {
    if (verdict.status === "skipped" || verdict.status === "waiting") continue;
    const result = results.files.get(verdict.path)?.result ?? null;
    const rules = extra.flatMap((byPath) => byPath.get(verdict.path) ?? []);
    const report = buildReport(verdict, result, countsOf(verdict), rules, at);
    writeJson(reportFile(folder, verdict.path), report, unsynced);
  }
}
