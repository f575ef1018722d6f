import { join } from "node:path";
import type { DataPaths } from "../../lib/paths.js";
import type { RunFile } from "../../lib/run-types.js";
import { moment, plural } from "../format.js";
import type { News, OpenTrouble, Trouble, TroubleKind } from "./trouble.js";

/** Troubles of one kind and source that a message spells out; the rest are counted. */
const SPELT_OUT = 5;

export interface Message {
  readonly subject: string;
  readonly text: string;
}

/** One grouped message: what is new in full, what lasts in a line, what ended in a line. */
export function composeMessage(paths: DataPaths, run: RunFile, headline: string, news: News): Message {
  const lines = [`${headline} (data of ${run.as_of}, run ${run.run})`];
  if (news.fresh.length > 0) lines.push("", "NEW", ...groups(news.fresh).flatMap(inFull));
  if (news.still.length > 0) lines.push("", "STILL, told before", ...groups(news.still).flatMap(inShort));
  if (news.resolved.length > 0) lines.push("", "RESOLVED", ...groups(news.resolved).flatMap(ended));
  lines.push("", `Dashboard: ${join(paths.quality, "dashboard.html")}`);
  return { subject: subjectOf(run, news), text: `${lines.join("\n")}\n` };
}

function subjectOf(run: RunFile, news: News): string {
  const parts = [
    news.fresh.length > 0 ? `${news.fresh.length} new` : "",
    news.still.length > 0 ? `${news.still.length} still` : "",
    news.resolved.length > 0 ? `${news.resolved.length} resolved` : "",
  ].filter((part) => part !== "");
  const [worst] = groups(news.fresh);
  const what = worst === undefined ? "" : `: ${title(worst)}`;
  return `[Gristmill] ${parts.join(", ")}${what} (${run.as_of})`;
}

/** Troubles of one kind and source. */
type Group<T> = readonly [T, ...T[]];

function groups<T extends OpenTrouble | Trouble>(troubles: readonly T[]): readonly Group<T>[] {
  const found = new Map<string, [T, ...T[]]>();
  for (const trouble of troubles) {
    const key = `${trouble.kind} ${trouble.severity} ${trouble.source ?? ""}`;
    const group = found.get(key);
    if (group === undefined) found.set(key, [trouble]);
    else group.push(trouble);
  }
  return [...found.values()].sort(([a], [b]) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

const order: readonly TroubleKind[] = [
  "balance",
  "disagreement",
  "error",
  "held",
  "missing_column",
  "unreadable_file",
  "finding",
  "unclaimed",
  "delivery",
  "waiting",
];

function title(group: Group<OpenTrouble | Trouble>): string {
  const [first] = group;
  const source = first.source === null ? "" : `${first.source}: `;
  const size = group.length;
  switch (first.kind) {
    case "balance":
      return `${source}${plural(size, "file does not", "files do not")} add up`;
    case "disagreement":
      return "the two judges disagree";
    case "error":
      return `${source}${plural(size, "file")} could not be processed`;
    case "held":
      return `${source}${plural(size, "file")} held back`;
    case "missing_column":
      return `${source}${plural(size, "file lacks", "files lack")} a required column`;
    case "unreadable_file":
      return `${source}${plural(size, "file")} cannot be read`;
    case "finding":
      return `${source}${plural(size, "finding")} (${first.severity})`;
    case "unclaimed":
      return `${plural(size, "file")} that no feed claims`;
    case "waiting":
      return `${source}${plural(size, "file")} still being written`;
    case "delivery":
      return `${plural(size, "channel")} could not be reached`;
  }
}

function inFull(group: Group<Trouble>): readonly string[] {
  const [first] = group;
  const lines = [`* ${title(group)}`];
  for (const trouble of group.slice(0, SPELT_OUT)) {
    lines.push(`    ${trouble.subject}: ${trouble.detail}`);
    for (const example of trouble.examples) lines.push(`      e.g. ${example}`);
    if (trouble.report !== null) lines.push(`      report: ${trouble.report}`);
  }
  if (group.length > SPELT_OUT) lines.push(`    and ${group.length - SPELT_OUT} more, see the dashboard`);
  lines.push(`    What to do: ${first.remedy}`);
  return lines;
}

function inShort(group: Group<Trouble & { readonly since: string }>): readonly string[] {
  const since = group.map((trouble) => trouble.since).sort()[0] ?? "";
  return [`* ${title(group)}, since ${moment(since)}: ${subjects(group)}`];
}

function ended(group: Group<OpenTrouble>): readonly string[] {
  return [`* ${title(group)}: ${subjects(group)}`];
}

function subjects(group: Group<OpenTrouble | Trouble>): string {
  const some = group.slice(0, 3).map(({ subject }) => subject);
  return group.length > some.length
    ? `${some.join(", ")} and ${group.length - some.length} more`
    : some.join(", ");
}
