import { compileContract } from "../../contracts/contract.js";
import { checkExpressions } from "../../contracts/expression-check.js";
import type { Engine } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";
import { readLedger } from "../../lake/ledger.js";
import type { LedgerState } from "../../lake/ledger-state.js";
import { relation } from "../../lake/relation.js";
import { openTable } from "../../lake/snapshot.js";
import { writeJson } from "../../lib/json-file.js";
import { type StagingPaths, stagingPaths } from "../../lib/paths.js";
import type { LedgerEntry, PlannedFile, RunPlan, RunVerdict } from "../../lib/run-types.js";
import { checkRun } from "../../quality/checks/check-run.js";
import { openPublished } from "../../quality/checks/published-tables.js";
import { quarantineColumns, quarantineTable } from "../../quality/quarantine/columns.js";
import { mergeWhole } from "../../quality/replay/judged-whole.js";
import { leftOut, type Merged, mergeReplay, type Replayed } from "../../quality/replay/replayed-file.js";
import type { RunContext } from "../run-context.js";
import { openStageEngine } from "../stage-engine.js";
import { findInputs, type ReplayInput } from "./inputs.js";
import type { ReplayRequest } from "./request.js";
import { filesInRaw, judgeInput, judgeWhole, plannedFor } from "./work.js";

export interface Judged {
  readonly judged: number;
  readonly passed: number;
  /** Files that were left out, and why. */
  readonly notes: readonly string[];
  /** null when nothing passed, so that there is nothing to publish. */
  readonly verdict: RunVerdict | null;
}

interface Part {
  readonly planned: PlannedFile;
  readonly merged: Merged;
}

/**
 * Judge the chosen records and leave plan, results and verdict in the run's staging, as the stages do. Throws
 * bad_configuration for a row expression that may not run, bad_replay.
 */
export async function judgeAgain(context: RunContext, request: ReplayRequest): Promise<Judged> {
  const { paths } = context;
  const staging = stagingPaths(paths, context.run());
  const engine = await openStageEngine(context.config(), staging.temp);
  try {
    await checkExpressions(context.config(), engine);
    const ledger = await readLedger(paths);
    const { inputs, notes } = await findInputs(context, engine, ledger, request);
    const parts: Part[] = [];
    const skipped: string[] = [...notes];
    const held = inputs.filter(({ entry }) => entry.status === "held");
    const inRaw = await filesInRaw(context, staging, [...new Set(held.map(({ entry }) => entry.source))]);
    for (const [at, input] of inputs.entries()) {
      const job = `replay-${at + 1}`;
      const part = await judgeOne(context, engine, staging, input, job, { now: request.now, inRaw });
      if (part.kind === "left_out") skipped.push(part.why);
      else if (part.kind === "merged")
        parts.push({ planned: plannedFor(context.config(), input, job), merged: part.merged });
    }
    const judged = inputs.reduce((sum, input) => sum + input.ids.length, 0);
    const passed = parts.reduce((sum, part) => sum + part.merged.passed, 0);
    const verdict = parts.length === 0 ? null : await check(context, engine, ledger, parts, request.now);
    return { judged, passed, notes: skipped, verdict };
  } finally {
    engine.close();
  }
}

async function judgeOne(
  context: RunContext,
  engine: Engine,
  staging: StagingPaths,
  input: ReplayInput,
  job: string,
  { now, inRaw }: { readonly now: Date; readonly inRaw: readonly PlannedFile[] },
): Promise<Replayed> {
  const config = context.config();
  const { entry } = input;
  const whole = entry.status === "held" ? await judgeWhole(context, staging, entry, job, inRaw) : null;
  if (whole?.kind === "left_out") return whole;
  const quarantine = await quarantinedRows(context, entry);
  if (whole !== null && !input.edited) {
    const asked = { job, whole: whole.result, quarantine, ids: input.ids };
    return mergeWhole(engine, staging, context.run(), asked);
  }
  const left = whole === null ? quarantine : staged(whole.result.quarantined, UNMARKED);
  if (left === null) return leftOut(entry.path, "all of it passes now; the next run publishes it");
  const judged = await judgeInput(context, staging, input, job);
  if (judged.kind === "left_out") return judged;
  const compiled = compileContract(config, entry.source);
  const contract = {
    columns: compiled.columns.map((column) => column.name),
    eventTime: config.sources[entry.source]?.event_time ?? null,
    needsRecord: compiled.needsRecord,
  };
  return mergeReplay(engine, context.paths, staging, context.run(), now.toISOString(), contract, {
    entry,
    job,
    base: whole === null ? await publishedRows(context, entry) : staged(whole.result.accepted),
    quarantine: left,
    ids: input.ids,
    judged: judged.result,
    apart: judged.apart,
    edited: input.edited,
  });
}

/** What the quarantine table has beside a worker's columns. */
const UNMARKED = ", cast(null as timestamptz) as judged_at, cast(null as varchar) as replayed_by";

/** Rows that a worker handed over; null where there are none. */
function staged(files: readonly string[], more = ""): string | null {
  if (files.length === 0) return null;
  return `(select *${more} from read_parquet([${files.map(literal).join(", ")}], union_by_name = true))`;
}

async function publishedRows(context: RunContext, entry: LedgerEntry): Promise<string> {
  const snapshot = await openTable(context.paths, `processed/${entry.source}`);
  return `(select * from ${relation(snapshot)} where _file = ${literal(entry.path)})`;
}

async function quarantinedRows(context: RunContext, entry: LedgerEntry): Promise<string> {
  const snapshot = await openTable(context.paths, quarantineTable);
  return `(select * from ${relation(snapshot, { columns: quarantineColumns })} where path = ${literal(entry.path)})`;
}

/** The stage `check` over the files put together again; a replay tells nothing about volume or drift. */
async function check(
  context: RunContext,
  engine: Engine,
  ledger: LedgerState,
  parts: readonly Part[],
  now: Date,
): Promise<RunVerdict> {
  const { paths } = context;
  const config = context.config();
  const run = context.run();
  const staging = stagingPaths(paths, run);
  const plan: RunPlan = {
    run,
    started_at: now.toISOString(),
    as_of: now.toISOString().slice(0, 10),
    engine: "duckdb",
    workers: 1,
    rebuild: false,
    files: parts.map(({ planned }) => planned),
    jobs: parts.map(({ merged, planned }) => ({
      job: merged.result.job,
      source: planned.source,
      files: 1,
      weight: planned.size,
    })),
    unclaimed: [],
  };
  writeJson(staging.plan, plan);
  for (const { merged } of parts)
    writeJson(`${staging.work}/${merged.result.job}/result.json`, merged.result);
  const checked = await checkRun({
    paths,
    staging,
    config,
    plan,
    live: ledger.live,
    tables: await openPublished(paths, Object.keys(config.sources)),
    engine: () => Promise.resolve(engine),
    extract: async (file, records) => {
      const snapshot = await openTable(paths, quarantineTable);
      const rows = await engine.all(
        `select record, line, coalesce(raw_bytes, encode(raw)) as raw from ${relation(snapshot, { columns: quarantineColumns })}
         where path = ${literal(file.path)} and record in (${records.join(", ")})`,
      );
      return rows.map((row) => ({
        record: Number(row["record"]),
        line: row["line"] === null ? null : Number(row["line"]),
        raw: row["raw"] as Uint8Array,
      }));
    },
    now: now.toISOString(),
  });
  const verdict: RunVerdict = {
    ...checked,
    quarantined: [...checked.quarantined, ...parts.map(({ merged }) => merged.marked)],
    findings: checked.findings.filter(({ kind }) => kind !== "volume" && kind !== "drift"),
    profiles: {},
  };
  writeJson(staging.verdict, verdict);
  return verdict;
}
