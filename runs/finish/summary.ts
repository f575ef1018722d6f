import { join, relative } from "node:path";
import type { DataPaths } from "../../lib/paths.js";
import type { RunFile, RunFileEntry } from "../../lib/run-file-types.js";
import type { RunVerdict } from "../../lib/verdict-types.js";
import { readReport } from "../../monitoring/inputs/file-report.js";
import { remedyOf, type WholeFileFault, wholeFileFault } from "../../monitoring/inputs/whole-file-fault.js";

const SHOWN = 10;

export interface SummaryContext {
  readonly paths: DataPaths;
  readonly configDir: string | null;
}

/** What a run came to, for people: a line a source, what was held back, where to look, and the command that goes on. */
export function summaryLines(
  run: RunFile,
  verdict: RunVerdict | null,
  context: SummaryContext,
): readonly string[] {
  const flags = programFlags(context);
  const messages = new Map((verdict?.files ?? []).map((file) => [file.path, file.message]));
  return [
    ...sourceLines(run),
    ...heldLines(run, messages, context, flags),
    ...errorLines(run, messages),
    ...waitingLines(run),
    ...unclaimedLines(run, context, flags),
    ...alertLines(run),
    "",
    `${outcome(run)}`,
    `look at  ${shown(join(context.paths.quality, "dashboard.html"))}`,
  ];
}

function sourceLines(run: RunFile): readonly string[] {
  const judged = Object.entries(run.sources).filter(([, sums]) => sums.records > 0);
  if (judged.length === 0)
    return isQuiet(run) ? ["", "Nothing new: every file is in the tables already."] : [];
  const header = ["source", "files", "records", "accepted", "quarantined", "held", "score"];
  const rows = judged.map(([name, sums]) => {
    const { files, records, accepted, quarantined, held, score } = sums;
    return [
      name,
      ...[files, records, accepted, quarantined, held].map(thousands),
      score === null ? "–" : `${floored(score)} %`,
    ];
  });
  return ["", ...table([header, ...rows])];
}

function isQuiet(run: RunFile): boolean {
  return run.files.every((file) => file.status === "skipped");
}

function heldLines(
  run: RunFile,
  messages: ReadonlyMap<string, string | null>,
  context: SummaryContext,
  flags: string,
): readonly string[] {
  const held = run.files.filter((file) => file.status === "held");
  if (held.length === 0) return [];
  const first = held[0]?.path ?? "";
  return [
    "",
    held.length === 1
      ? "1 file is held back (exit 65): too many of its records failed, or it cannot be read."
      : `${held.length} files are held back (exit 65): too many of their records failed, or they cannot be read.`,
    `${held.length === 1 ? "Its good records wait, its" : "Their good records wait, their"} bad ones are in quarantine; everything else was published.`,
    ...listed(held, (file) => `  ${printable(file.path)}: ${messages.get(file.path) ?? heldReason(file)}`),
    `  see the records       npx gristmill quarantine show --file ${quoted(first)}${flags}`,
    ...releaseLine(held, flags),
    ...remedyLines(held, context.paths),
  ];
}

/** A release publishes good records: the command is shown for a file that has some. */
function releaseLine(held: readonly RunFileEntry[], flags: string): readonly string[] {
  const good = held.find((file) => file.held > 0);
  if (good === undefined) return [];
  return [`  publish all the same  npx gristmill release ${quoted(good.path)}${flags}`];
}

/** A file without a readable record cannot be released: what helps instead, for the first of each fault. */
function remedyLines(held: readonly RunFileEntry[], paths: DataPaths): readonly string[] {
  const first = new Map<WholeFileFault, RunFileEntry>();
  for (const file of held) {
    // such a file counts as one bad record; of others the report need not be read
    if (file.records !== 1 || file.quarantined !== 1) continue;
    const fault = wholeFileFault(readReport(paths, file.path));
    if (fault !== null && !first.has(fault)) first.set(fault, file);
    if (first.size === 2) break;
  }
  return [...first].map(([fault, { path, feed }]) => {
    const what = fault === "missing_column" ? "mend its columns    " : "mend the file       ";
    return `  ${what}  ${printable(path)}: ${remedyOf(fault, printable(feed))}`;
  });
}

function heldReason(file: RunFileEntry): string {
  return `${thousands(file.quarantined)} of ${thousands(file.records)} records failed`;
}

function errorLines(run: RunFile, messages: ReadonlyMap<string, string | null>): readonly string[] {
  const failed = run.files.filter((file) => file.status === "error");
  if (failed.length === 0) return [];
  return [
    "",
    `${failed.length} ${failed.length === 1 ? "file" : "files"} could not be worked on, by a fault of ours; the next run tries again:`,
    ...listed(failed, (file) => `  ${printable(file.path)}: ${messages.get(file.path) ?? "see the log"}`),
  ];
}

function waitingLines(run: RunFile): readonly string[] {
  const waiting = run.files.filter((file) => file.status === "waiting");
  if (waiting.length === 0) return [];
  return [
    "",
    "Still being written, taken by a later run:",
    ...listed(waiting, (f) => `  ${printable(f.path)}`),
  ];
}

function unclaimedLines(run: RunFile, context: SummaryContext, flags: string): readonly string[] {
  const [first] = run.unclaimed;
  if (first === undefined) return [];
  const file = shown(join(context.paths.raw, ...first.split("/")));
  return [
    "",
    `${run.unclaimed.length} ${run.unclaimed.length === 1 ? "file is" : "files are"} matched by no feed and not read:`,
    ...listed(run.unclaimed, (path) => `  ${printable(path)}`),
    `  propose a feed        npx gristmill propose ${quoted(file)}${flags}`,
  ];
}

function alertLines(run: RunFile): readonly string[] {
  const told = run.alerts.filter((alert) => alert.outcome !== "none");
  return told.length === 0 ? [] : ["", ...told.map((alert) => `alert by ${alert.channel}: ${alert.outcome}`)];
}

function outcome(run: RunFile): string {
  switch (run.exit_code) {
    case 0:
      return isQuiet(run) ? "Done (exit 0)." : "Done: all that was given is published (exit 0).";
    case 65:
      return "Done, with files held back: someone has to look (exit 65).";
    default:
      return `Ended with a fault (exit ${run.exit_code}): the tables are as they were for what failed; run again.`;
  }
}

function listed<T>(items: readonly T[], text: (item: T) => string): readonly string[] {
  const lines = items.slice(0, SHOWN).map(text);
  return items.length > SHOWN ? [...lines, `  and ${items.length - SHOWN} more`] : lines;
}

/** Columns wide enough; the first to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
}

/** 99.996 is shown as 99.99: a score that is not 100 must not look like it. */
function floored(score: number): string {
  return (Math.floor(score * 100) / 100).toFixed(2);
}

function thousands(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

function programFlags(context: SummaryContext): string {
  const data = ` --data-dir ${quoted(shown(context.paths.root))}`;
  return context.configDir === null ? data : `${data} --config-dir ${quoted(shown(context.configDir))}`;
}

/** As seen from here where that is shorter. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") || near === "" ? path : near;
}

/** File names are data: quoted for the shell, control signs shown and not obeyed. */
function quoted(text: string): string {
  const plain = printable(text);
  return /^[\w./:=@%+-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`;
}

function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
