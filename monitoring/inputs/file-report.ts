import { basename } from "node:path";
import { readJsonIfThere } from "../../lib/json-file.js";
import type { DataPaths } from "../../lib/paths.js";
import { reportFile } from "../../lib/report-name.js";
import type { RuleCount, RunFileEntry } from "../../lib/run-types.js";

/** What the dashboard and the alerts need of a validation report. */
export interface FileReport {
  readonly path: string;
  /** Base name of the report, beside the dashboard. */
  readonly report: string;
  readonly threshold: number | null;
  /** Name → per cent; null = cannot be told. */
  readonly parts: Readonly<Record<string, number | null>>;
  readonly errors: readonly string[];
  readonly rules: readonly RuleCount[];
}

interface ReportOnDisk {
  readonly path?: string;
  readonly threshold?: number;
  readonly completeness?: number | null;
  readonly score?: number | null;
  readonly parts?: Readonly<Record<string, number | null>>;
  readonly score_parts?: Readonly<Record<string, number | null>>;
  readonly errors?: readonly unknown[];
  readonly rules?: readonly RuleCount[];
}

/** The report of one file, or null when there is none. */
export function readReport(paths: DataPaths, path: string): FileReport | null {
  const file = reportFile(paths.quality, path);
  const found = readJsonIfThere<ReportOnDisk>(file);
  if (found === null || (found.path !== undefined && found.path !== path)) return null;
  return {
    path,
    report: basename(file),
    threshold: found.threshold ?? null,
    parts: found.parts ?? found.score_parts ?? { completeness: found.completeness ?? null },
    errors: (found.errors ?? []).map((error) => (typeof error === "string" ? error : JSON.stringify(error))),
    rules: found.rules ?? [],
  };
}

/** Files that a run judged, or that still wait: those have a report to show. */
export function judgedFiles(files: readonly RunFileEntry[]): readonly RunFileEntry[] {
  return files.filter(({ status }) => status === "published" || status === "held" || status === "error");
}

/** Reports by path, of every judged file of a run that has one. */
export function readReports(
  paths: DataPaths,
  files: readonly RunFileEntry[],
): ReadonlyMap<string, FileReport> {
  const reports = new Map<string, FileReport>();
  for (const { path } of judgedFiles(files)) {
    const report = readReport(paths, path);
    if (report !== null) reports.set(path, report);
  }
  return reports;
}
