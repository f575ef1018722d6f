import type { RunFile } from "../../lib/run-types.js";
import { bytes, count, moment, percent } from "../format.js";
import { identitySums, passRate, sumFiles, withStatus } from "../inputs/sums.js";
import { shown } from "../shown-text.js";
import { flowChart } from "./charts/flow.js";
import type { DashboardInput } from "./input.js";
import { nextSteps } from "./next-steps.js";
import { drift, findingLines } from "./sections/drift.js";
import { fileLines, keptInSpite, unclaimedPaths } from "./sections/files.js";
import { ruleLines } from "./sections/rules.js";
import { scoreTrend } from "./sections/score-trend.js";
import { freshnessLines, sourceLines } from "./sections/sources.js";
import { stageBars } from "./sections/stages.js";
import { verdictOf } from "./verdict.js";

/** Everything the template shows, in words and escaped-to-be text; `Markup` alone is put in as it stands. */
export function pageModel(input: DashboardInput) {
  const { run } = input;
  const verdict = verdictOf(run);
  const sources = sourceLines(input);
  return {
    run: run.run,
    asOf: run.as_of,
    startedAt: moment(run.started_at),
    first: input.trend.length === 1,
    verdict: { ...verdict, mark: marks[verdict.level], word: words[verdict.level] },
    steps: nextSteps(input),
    score: scoreTrend(input),
    flow: flowOf(run),
    facts: factsOf(run),
    stages: stageBars(input.stages),
    sources,
    freshness: freshnessLines(sources.lines),
    rules: ruleLines(input),
    files: fileLines(input),
    unclaimed: unclaimedPaths(input),
    kept: keptInSpite(input),
    findings: findingLines(run),
    drift: drift(input),
    figures: input.figures,
    tables: tableLines(run),
  };
}

export type PageModel = ReturnType<typeof pageModel>;

const marks = { ok: "✓", quiet: "✓", look: "!", held: "‖", bad: "✕" } as const;
const words = {
  ok: "trusted",
  quiet: "unchanged",
  look: "trusted, look",
  held: "held back",
  bad: "fault",
} as const;

function flowOf(run: RunFile) {
  const sums = sumFiles(run.files);
  const { duplicates, superseded } = identitySums(run);
  const published = sumFiles(withStatus(run, "published")).accepted;
  const unpublished = sums.accepted - published;
  const distinct = published - duplicates - superseded;
  // records of several runs may stand for one another: only then the second equation does not hold within a run
  const splits = distinct >= 0;
  const kept = splits
    ? { distinct, duplicates, superseded }
    : { distinct: published, duplicates: 0, superseded: 0 };
  return {
    any: sums.records > 0,
    chart: flowChart({ ...sums, ...kept, unpublished }),
    records: count(sums.records),
    accepted: count(sums.accepted),
    quarantined: count(sums.quarantined),
    held: count(sums.held),
    splits,
    distinct: count(kept.distinct),
    duplicates: count(duplicates),
    superseded: count(superseded),
    unpublished: unpublished === 0 ? "" : count(unpublished),
    rate: percent(passRate(sums)),
    balanced: sums.records === sums.accepted + sums.quarantined + sums.held,
    difference: count(Math.abs(sums.records - sums.accepted - sums.quarantined - sums.held)),
  };
}

function factsOf(
  run: RunFile,
): readonly { readonly name: string; readonly value: string; readonly level: string }[] {
  const of = (...wanted: Parameters<typeof withStatus>[1][]) => withStatus(run, ...wanted).length;
  const facts = [
    { name: "files published", value: of("published"), level: "usual" },
    { name: "held back", value: of("held"), level: "held" },
    { name: "in error", value: of("error"), level: "bad" },
    { name: "skipped, already in", value: of("skipped"), level: "usual" },
    { name: "waiting", value: of("waiting"), level: "look" },
    { name: "unclaimed", value: run.unclaimed.length, level: "look" },
  ];
  return [
    ...facts.map(({ name, value, level }) => ({
      name,
      value: count(value),
      level: value === 0 ? "none" : level,
    })),
    {
      name: "read",
      value: bytes(sumFiles(withStatus(run, "published", "held", "error")).bytes),
      level: "usual",
    },
  ];
}

const TABLES_LIMIT = 100;

function tableLines(run: RunFile) {
  const all = Object.entries(run.tables).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    lines: all.slice(0, TABLES_LIMIT).map(([name, table]) => ({
      name: shown(name),
      version: count(table.version),
      rows: count(table.rows),
      files: count(table.files),
      volume: bytes(table.bytes),
    })),
    left: Math.max(0, all.length - TABLES_LIMIT),
  };
}
