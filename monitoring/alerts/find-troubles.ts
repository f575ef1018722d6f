import type { RuleCount, RunFile, RunFileEntry } from "../../lib/run-types.js";
import { count, percent } from "../format.js";
import type { FileReport } from "../inputs/file-report.js";
import type { TrendPoint } from "../inputs/history.js";
import { balances } from "../inputs/sums.js";
import { remedyOf, type WholeFileFault, wholeFileFault } from "../inputs/whole-file-fault.js";
import { shellQuoted } from "../shell-quoted.js";
import { shown, shownExample } from "../shown-text.js";
import type { Trouble } from "./trouble.js";

const EXAMPLES = 3;

/** Everything that is wrong with a run, file by file and finding by finding. `flags` go on every command. */
export function findTroubles(
  run: RunFile,
  report: (path: string) => FileReport | null,
  earlier: readonly TrendPoint[],
  flags: string,
): readonly Trouble[] {
  return [
    ...run.files.flatMap((file) => fileTrouble(file, report, earlier, flags)),
    ...disagreementTrouble(run),
    ...run.findings.map(
      (finding): Trouble => ({
        key: JSON.stringify([
          "finding",
          finding.kind,
          finding.source,
          finding.path,
          finding.column,
          finding.rule,
        ]),
        kind: "finding",
        source: finding.source,
        severity: finding.severity,
        subject: shown(
          [finding.kind, finding.path, finding.column].filter((part) => part !== null).join(" "),
        ),
        detail: `${shown(finding.message, 300)} (${count(finding.count)})`,
        examples: [],
        remedy: "See the section Drift and anomalies of the dashboard.",
        report: finding.path === null ? null : reportOf(report(finding.path)),
      }),
    ),
    ...run.unclaimed.map(
      (path): Trouble => ({
        key: JSON.stringify(["unclaimed", path]),
        kind: "unclaimed",
        source: null,
        severity: "warn",
        subject: shown(path),
        detail: "no feed claims it, so it was not read",
        examples: [],
        remedy: `npx gristmill propose ${shellQuoted(shown(path))}${flags}`,
        report: null,
      }),
    ),
  ];
}

function fileTrouble(
  file: RunFileEntry,
  reportFor: (path: string) => FileReport | null,
  earlier: readonly TrendPoint[],
  flags: string,
): readonly Trouble[] {
  if (!balances(file))
    return [
      {
        ...about(file, "balance", "error"),
        detail: `does not add up: ${count(file.records)} records ≠ ${count(file.accepted)} accepted + ${count(file.quarantined)} quarantined + ${count(file.held)} held`,
        examples: [],
        remedy: "Do not use this file's records; report the fault with the log of the run.",
        report: reportOf(reportFor(file.path)),
      },
    ];
  if (file.status === "waiting")
    return [
      {
        ...about(file, "waiting", "info"),
        detail: "still being written",
        examples: [],
        remedy: "Nothing: the next run takes it up.",
        report: null,
      },
    ];
  if (file.status !== "held" && file.status !== "error") return [];
  const report = reportFor(file.path);
  const reason = (report?.errors ?? []).slice(0, 2).map((error) => shown(error, 240));
  if (file.status === "error")
    return [
      {
        ...about(file, "error", "error"),
        detail: reason.length > 0 ? reason.join("; ") : "the pipeline failed on it",
        examples: [],
        remedy: "See the log of the run, then run again: bash orchestration/pipeline_master.sh",
        report: reportOf(report),
      },
    ];
  const fault = wholeFileFault(report);
  if (fault !== null) return [wholeFileTrouble(file, fault, reason, report)];
  return [
    {
      ...about(file, "held", "error"),
      detail: heldDetail(file, report, earlier),
      examples: (report?.rules ?? [])
        .filter(({ severity }) => severity === "error")
        .toSorted((a, b) => b.count - a.count)
        .flatMap(exampleOf)
        .slice(0, EXAMPLES),
      remedy: `npx gristmill quarantine show --file ${shellQuoted(shown(file.path))}${flags}`,
      report: reportOf(report),
    },
  ];
}

function about(file: RunFileEntry, kind: Trouble["kind"], severity: Trouble["severity"]) {
  return {
    key: JSON.stringify([kind, file.path]),
    kind,
    source: file.source,
    severity,
    subject: shown(file.path),
  };
}

/** The file itself could not be judged, so its one record and its gate value say nothing. */
function wholeFileTrouble(
  file: RunFileEntry,
  fault: WholeFileFault,
  reason: readonly string[],
  report: FileReport | null,
): Trouble {
  return {
    ...about(file, "held", "error"),
    kind: fault,
    detail: reason.join("; "),
    examples: [],
    remedy: remedyOf(fault, shown(file.feed)),
    report: reportOf(report),
  };
}

function heldDetail(file: RunFileEntry, report: FileReport | null, earlier: readonly TrendPoint[]): string {
  const needed = report?.threshold === null || report === null ? "" : `, ${percent(report.threshold)} needed`;
  const scores = earlier.flatMap((point) => point.sources[file.source]?.score ?? []);
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
  const usual = scores.length === 0 ? "" : ` (${file.source} usually ${percent(mean)})`;
  return `${percent(file.score)} of ${count(file.records)} records pass${needed}${usual}`;
}

function exampleOf(rule: RuleCount): readonly string[] {
  const [sample] = rule.samples;
  const what = `${rule.code}${rule.column === null ? "" : ` ${shown(rule.column, 60)}`} × ${count(rule.count)}`;
  if (sample === undefined) return [what];
  const place = sample.line === null ? `record ${count(sample.record)}` : `line ${count(sample.line)}`;
  return [`${what}, ${place}: ${sample.value === null ? "(nothing)" : shownExample(sample.value, 100)}`];
}

function disagreementTrouble(run: RunFile): readonly Trouble[] {
  if (run.disagreements === 0) return [];
  return [
    {
      key: JSON.stringify(["disagreement"]),
      kind: "disagreement",
      source: null,
      severity: "error",
      subject: "the second judge",
      detail: `SQL and ajv disagree on ${count(run.disagreements)} records; their files are not published`,
      examples: [],
      remedy: "Report the fault with the log of the run.",
      report: null,
    },
  ];
}

function reportOf(report: FileReport | null): string | null {
  return report === null ? null : `quality/${report.report}`;
}
