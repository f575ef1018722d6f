import { join } from "node:path";
import type { Engine } from "../../engines/engine.js";
import { withSessions } from "../../engines/sessions.js";
import type { Config } from "../../lib/config-types.js";
import { writeJson } from "../../lib/json-file.js";
import { inLanes } from "../../lib/lanes.js";
import type { DataPaths, StagingPaths } from "../../lib/paths.js";
import type {
  FeedProfile,
  FileVerdict,
  Finding,
  LedgerEntry,
  RunPlan,
  RunVerdict,
} from "../../lib/run-types.js";
import { refusedRecords } from "../quarantine/refused.js";
import { writeQuarantined } from "../quarantine/write-records.js";
import { writeReports } from "../reports/write-reports.js";
import { type FileCounts, scoreParts } from "../scores/score.js";
import { carriedFiles } from "./carried.js";
import { countDataset, type DatasetCounts, gateParts } from "./dataset-checks.js";
import { driftFindings } from "./drift.js";
import { type Enforced, enforceErrorRules } from "./error-rules.js";
import { type Freshness, freshnessFindings, freshnessScore, measureFreshness } from "./freshness.js";
import { hold, judgeFile } from "./gate.js";
import { readHistory } from "./history.js";
import type { ExtractRecords } from "./offenders.js";
import { profileFeeds, withDistinct } from "./profile.js";
import { balanceStaged } from "./staged-balance.js";
import { readStagedResults, type StagedResults } from "./staged-results.js";
import type { PublishedTables, StagedRows } from "./staged-rows.js";
import { volumeFindings } from "./volume.js";
import { warningFindings } from "./warnings.js";

export interface CheckInput {
  readonly paths: DataPaths;
  readonly staging: StagingPaths;
  readonly config: Config;
  readonly plan: RunPlan;
  /** Live entries of the ledger, by path. */
  readonly live: ReadonlyMap<string, LedgerEntry>;
  readonly tables: PublishedTables;
  /** Opened only when there are rows to look at. */
  readonly engine: () => Promise<Engine>;
  readonly extract: ExtractRecords;
  /** Time of the verdict, ISO and UTC. */
  readonly now: string;
}

/** Judge everything that the workers of a run handed over; writes the reports and the verdict. */
export async function checkRun(input: CheckInput): Promise<RunVerdict> {
  const { plan, config, staging, tables } = input;
  const results = readStagedResults(staging, plan);
  const judged = plan.files
    .filter((file) => file.action !== "held")
    .map((file) => judgeFile(file, results.files.get(file.path) ?? null));
  const start = {
    files: judged,
    staged: stagedRows(results),
    rules: new Map(),
    quarantined: results.jobs.flatMap((job) => job.quarantined),
  };
  const hasWork = results.jobs.length > 0 || plan.files.some((file) => file.action === "refused");
  const checked = hasWork ? await checkRows(input, results, start) : { ...start, dataset: noCounts };
  const { files: final, dataset } = checked;
  const ages = measureFreshness(config, plan, tables, results, final);
  const countsOf = fileCounts(dataset, ages);
  const profiles = hasWork ? await profiled(input, results, final) : {};
  const files = withCarried(input, withdrawStale(final, input.live));
  const findings = [
    ...dataset.findings,
    ...freshnessFindings(config, ages),
    ...comparisons(input, results, profiles),
    ...warningFindings(final, results),
  ];
  writeReports(input.paths.quality, final, results, countsOf, [checked.rules, dataset.rules], {
    run: plan.run,
    validated_at: input.now,
  });
  const verdict: RunVerdict = {
    run: plan.run,
    as_of: plan.as_of,
    files,
    accepted: checked.staged,
    quarantined: checked.quarantined,
    findings,
    disagreements: [...results.files.values()].reduce(
      (sum, { result }) => sum + result.oracle.disagreements,
      0,
    ),
    unclaimed: plan.unclaimed,
    profiles,
  };
  writeJson(staging.verdict, verdict);
  return verdict;
}

const noCounts: DatasetCounts = { byPath: new Map(), rules: new Map(), findings: [] };

/** 1 when a file failed by our fault, else 65 when one is held, else 0. */
export function exitCodeOf(verdict: RunVerdict): 0 | 1 | 65 {
  if (verdict.files.some((file) => file.status === "error")) return 1;
  return verdict.files.some((file) => file.status === "held") ? 65 : 0;
}

async function checkRows(
  input: CheckInput,
  results: StagedResults,
  start: Enforced,
): Promise<Enforced & { readonly dataset: DatasetCounts }> {
  const { config, plan, staging, tables } = input;
  const engine = await input.engine();
  const refused = await stageRefused(engine, input);
  const quarantined = [...start.quarantined, ...refused];
  const files = await balanceStaged(engine, start.files, start.staged, quarantined);
  const enforced = await enforceErrorRules(
    engine,
    config,
    staging,
    plan.run,
    { files, staged: start.staged, tables },
    input.extract,
  );
  let state = { files: enforced.files, staged: enforced.staged, tables };
  for (;;) {
    const dataset = await countDataset(engine, config, state);
    const ages = measureFreshness(config, plan, tables, results, state.files);
    const counts = fileCounts(dataset, ages);
    const partsOf = (file: FileVerdict) => ({
      ...scoreParts(file, results.files.get(file.path)?.result ?? null, counts(file)),
    });
    const gated = gateParts(config, state.files, partsOf, hold);
    const isStable = gated.every((file, i) => file.status === state.files[i]?.status);
    // a file that is held takes its rows out of what others refer to: count again until nothing changes
    if (isStable) {
      return { ...enforced, files: gated, quarantined: [...quarantined, ...enforced.quarantined], dataset };
    }
    state = { ...state, files: gated };
  }
}

/** Rows in quarantine of a path whose content is gone go too when its new content is published as another path's. */
function withdrawStale(
  files: readonly FileVerdict[],
  live: ReadonlyMap<string, LedgerEntry>,
): readonly FileVerdict[] {
  const now = new Map(files.map((file) => [file.path, file]));
  const isPublished = (path: string | null): boolean => {
    if (path === null) return false;
    const own = now.get(path);
    if (own !== undefined && own.status !== "skipped") return own.status === "published";
    const status = live.get(path)?.status;
    return status === "published" || status === "twin";
  };
  return files.map((file) => {
    const before = live.get(file.path);
    const isReplaced = before !== undefined && before.sha256 !== file.sha256;
    const isStale = file.status === "skipped" && isReplaced && isPublished(file.twin_of);
    return isStale ? { ...file, rejudged: true } : file;
  });
}

/** All files by path; one held before stays held while its new content is still being written. */
function withCarried(input: CheckInput, judged: readonly FileVerdict[]): readonly FileVerdict[] {
  const decided = new Set(judged.filter((file) => file.status !== "waiting").map((file) => file.path));
  const carried = carriedFiles(input.live.values(), decided);
  const held = new Set(carried.map((file) => file.path));
  return [...carried, ...judged.filter((file) => !held.has(file.path))].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

function stagedRows(results: StagedResults): StagedRows {
  const staged: Record<string, readonly string[]> = {};
  for (const job of results.jobs) {
    if (job.accepted.length > 0) staged[job.source] = [...(staged[job.source] ?? []), ...job.accepted];
  }
  return staged;
}

async function stageRefused(engine: Engine, { plan, staging }: CheckInput): Promise<readonly string[]> {
  const records = refusedRecords(plan);
  if (records.length === 0) return [];
  const file = join(staging.work, "_checked", "refused.parquet");
  await writeQuarantined(engine, records, file);
  return [file];
}

function fileCounts(dataset: DatasetCounts, ages: readonly Freshness[]): (file: FileVerdict) => FileCounts {
  return (file) => {
    const { repeats, references } = dataset.byPath.get(file.path) ?? { repeats: null, references: null };
    return { repeats, references, freshness: freshnessScore(ages.find((age) => age.source === file.source)) };
  };
}

async function profiled(
  input: CheckInput,
  results: StagedResults,
  files: readonly FileVerdict[],
): Promise<Readonly<Record<string, FeedProfile>>> {
  const engine = await input.engine();
  const feedOf = new Map(files.map((file) => [file.path, file.feed]));
  const feeds = Object.entries(profileFeeds(files, results));
  const counted = new Map<string, FeedProfile>();
  // one feed's statement leaves a core idle
  await withSessions(engine, Math.min(2, feeds.length), (sessions) =>
    inLanes(feeds, sessions, async ([feed, profile], session) => {
      const jobs = results.jobs.filter((job) => feedOf.get(job.files[0]?.path ?? "") === feed);
      counted.set(feed, await withDistinct(session, profile, jobs));
    }),
  );
  return Object.fromEntries(feeds.map(([feed, profile]) => [feed, counted.get(feed) ?? profile]));
}

function comparisons(
  { config, plan, paths }: CheckInput,
  results: StagedResults,
  profiles: Readonly<Record<string, FeedProfile>>,
): readonly Finding[] {
  if (Object.keys(profiles).length === 0) return [];
  const history = readHistory(paths.runs, plan.run);
  const feedOf = new Map(plan.files.map((file) => [file.path, file.feed]));
  const drift = Object.entries(profiles).flatMap(([feed, profile]) => {
    const files = [...results.files.values()]
      .map(({ result }) => result)
      .filter((result) => result.outcome === "judged" && feedOf.get(result.path) === feed);
    return driftFindings(feed, profile, files, history, config.settings.drift_null_points);
  });
  return [...volumeFindings(config, profiles, history), ...drift];
}
