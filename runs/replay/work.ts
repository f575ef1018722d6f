import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { Config, FeedConfig } from "../../lib/config-types.js";
import { GristmillError } from "../../lib/errors.js";
import type { StagingPaths } from "../../lib/paths.js";
import type { JobResult, JobSpec, LedgerEntry, PlannedFile } from "../../lib/run-types.js";
import { makePlan } from "../../processing/discovery/make-plan.js";
import { sampledOracle } from "../../processing/judging/oracle-sample.js";
import { workJob } from "../../processing/work-job.js";
import { type LeftOut, leftOut } from "../../quality/replay/replayed-file.js";
import type { RunContext } from "../run-context.js";
import { memoryBudgetMb } from "../stage-engine.js";
import type { ReplayInput } from "./inputs.js";

/** The file as check sees it: judged anew in this run, against the threshold of today. */
export function plannedFor(config: Config, { entry, content }: ReplayInput, job: string): PlannedFile {
  return {
    path: entry.path,
    file: posix.basename(entry.path),
    feed: entry.feed,
    source: entry.source,
    sha256: entry.sha256,
    size: content.length,
    action: "work",
    why: "rework",
    location: null,
    mtime_ms: 0,
    inode: 0,
    contract_hash: entry.contract_hash,
    threshold: config.thresholds[entry.source] ?? config.settings.quality_threshold,
    job,
    twin_of: null,
    fault: null,
  };
}

/** What the source's own worker says of the records. */
export interface JudgedInput {
  readonly kind: "judged";
  readonly result: JobResult;
  /** Each record was a file of its own, whose path ends in its place. */
  readonly apart: boolean;
}

/** Let the source's own worker judge the records. Throws bad_replay. */
export async function judgeInput(
  context: RunContext,
  staging: StagingPaths,
  input: ReplayInput,
  job: string,
): Promise<JudgedInput | LeftOut> {
  const { path } = input.entry;
  const together = await work(context, staging, input, `${job}-records`, [[path, input.content]]);
  const [first] = together.files;
  if (first?.outcome === "judged" && first.records === input.ids.length)
    return { kind: "judged", result: together, apart: false };
  if (first?.outcome === "error") return leftOut(path, first.message ?? "the worker failed");
  if (input.alone === null) {
    throw new GristmillError(
      "bad_replay",
      `${path}: the export had ${input.ids.length} records, the mended file has ${first?.records ?? 0}: mend records in place, and put back those that were taken out`,
    );
  }
  // records that spoil one another side by side, such as two stray quotes
  const contents = input.alone().map((content, at) => [`${path}#${at + 1}`, content] as const);
  const apart = await work(context, staging, input, `${job}-apart`, contents);
  const odd = apart.files.find((file) => file.outcome !== "judged" || file.records !== 1);
  if (odd === undefined) return { kind: "judged", result: apart, apart: true };
  return leftOut(
    path,
    `its records cannot be read again (${odd.message ?? "not one record"}); export and mend them`,
  );
}

async function work(
  context: RunContext,
  staging: StagingPaths,
  input: ReplayInput,
  job: string,
  contents: readonly (readonly [path: string, content: Uint8Array])[],
): Promise<JobResult> {
  const config = context.config();
  const feed = config.feeds[input.entry.feed];
  if (feed === undefined) {
    throw new GristmillError(
      "bad_replay",
      `${input.entry.path}: the feed ${input.entry.feed} is configured no more`,
    );
  }
  mkdirSync(staging.input, { recursive: true });
  const files = contents.map(([path, content], at): PlannedFile => {
    const location = join(staging.input, `${job}-${at}`);
    writeFileSync(location, content);
    const { mtimeMs, ino, size } = statSync(location);
    return { ...plannedFor(config, input, job), path, location, size, mtime_ms: mtimeMs, inode: ino };
  });
  return runJob(context, staging, { job, feed: feedOf(feed, input), source: input.entry.source, files });
}

/** The records are written plainly: in the layout that was told from them, whatever their file was. */
function feedOf(feed: FeedConfig, { layout }: ReplayInput): FeedConfig {
  const { format, delimiter } = layout;
  const options = format === "csv" ? { ...feed.options, delimiter } : feed.options;
  return { ...feed, format, options };
}

function runJob(
  context: RunContext,
  staging: StagingPaths,
  job: Pick<JobSpec, "job" | "feed" | "source" | "files">,
): Promise<JobResult> {
  const config = context.config();
  const folder = join(staging.work, job.job);
  mkdirSync(folder, { recursive: true });
  const weight = job.files.reduce((sum, file) => sum + file.size, 0);
  const alone = { process: 1, threads: 1, memory_mb: memoryBudgetMb(config), weight };
  const spec: JobSpec = { ...job, ...alone, run: context.run() };
  return workJob(spec, { config, folder, tempDir: staging.temp, oracle: sampledOracle(config) });
}

/** What lies in raw/ of these sources, unpacked where it is packed. */
export async function filesInRaw(
  context: RunContext,
  staging: StagingPaths,
  sources: readonly string[],
): Promise<readonly PlannedFile[]> {
  if (sources.length === 0) return [];
  const { files } = await makePlan({
    config: context.config(),
    paths: context.paths,
    ledger: [],
    contracts: {},
    sources,
    rework: true,
    rehash: false,
    now: Date.now(),
    unpackInto: join(staging.input, "raw"),
  });
  return files;
}

/** What the worker handed over for a whole file. */
export interface JudgedWholeFile {
  readonly kind: "judged";
  readonly result: JobResult;
}

/** A held file judged whole from raw/: its good records were never kept. */
export async function judgeWhole(
  context: RunContext,
  staging: StagingPaths,
  entry: LedgerEntry,
  job: string,
  inRaw: readonly PlannedFile[],
): Promise<JudgedWholeFile | LeftOut> {
  const config = context.config();
  const feed = config.feeds[entry.feed];
  const file = inRaw.find((one) => one.path === entry.path && one.sha256 === entry.sha256);
  if (feed === undefined || file === undefined || file.location === null) {
    return leftOut(entry.path, "it is held, and its file is not in raw/ as it was");
  }
  const result = await runJob(context, staging, {
    job: `${job}-whole`,
    feed,
    source: entry.source,
    files: [file],
  });
  if (result.files[0]?.outcome !== "judged" || result.files[0].records !== entry.records) {
    return leftOut(entry.path, "it is judged otherwise now; run the pipeline first");
  }
  return { kind: "judged", result };
}
