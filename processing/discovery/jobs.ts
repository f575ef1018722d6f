import type { FeedConfig } from "../../lib/config-types.js";
import type { JobSpec, PlannedFile } from "../../lib/plan-types.js";
import { spread } from "../../lib/spread.js";
import { SHARED_FROM, weightOf } from "../weights.js";

const MEGABYTE = 1_048_576;
const FILES_PER_JOB = 500;
/** A file this heavy has a job of its own. */
const LARGE = 32 * MEGABYTE;
const JOB_MAX = 64 * MEGABYTE;
const JOB_MIN = 4 * MEGABYTE;

export interface Machine {
  readonly cores: number;
  readonly workers: number;
  /** Megabytes for the engine of one worker. */
  readonly memoryMb: number;
}

/**
 * Chunks of work, the heaviest first: a large file alone, small files of one feed together, spread over the cores.
 * Light jobs share a process; threads that are free because there are fewer processes than workers go to these.
 */
export function planJobs(
  files: readonly PlannedFile[],
  feeds: Readonly<Record<string, FeedConfig>>,
  run: string,
  machine: Machine,
): readonly JobSpec[] {
  const jobs = [...byFeed(files).values()]
    .flatMap((own) => chunksOf(own, machine.cores))
    .map((chunk) => ({ chunk, weight: Math.round(chunk.reduce((sum, file) => sum + weightOf(file), 0)) }))
    .sort((a, b) => b.weight - a.weight || (pathOf(a.chunk) < pathOf(b.chunk) ? -1 : 1))
    .map((job, index) => ({ ...job, job: `j${String(index + 1).padStart(4, "0")}` }));
  const heavy = jobs.filter((job) => job.weight >= SHARED_FROM.job).map((job) => [job]);
  const light = jobs.filter((job) => job.weight < SHARED_FROM.job);
  const processes = [...heavy, ...spread(light, machine.workers, (job) => job.weight)];
  const abreast = Math.max(1, Math.min(machine.workers, processes.length));
  return processes.flatMap((shared, index) =>
    shared.flatMap(({ job, chunk, weight }) => {
      const feed = feeds[chunk[0]?.feed ?? ""];
      if (feed === undefined) return [];
      return {
        job,
        run,
        source: feed.source,
        feed,
        files: chunk.map((file) => ({ ...file, job })),
        process: index + 1,
        threads: Math.max(1, Math.floor(machine.cores / abreast)),
        memory_mb: machine.memoryMb,
        weight,
      };
    }),
  );
}

function byFeed(files: readonly PlannedFile[]): ReadonlyMap<string, readonly PlannedFile[]> {
  const feeds = new Map<string, PlannedFile[]>();
  for (const file of files) {
    if (file.action !== "work") continue;
    const own = feeds.get(file.feed);
    if (own === undefined) feeds.set(file.feed, [file]);
    else own.push(file);
  }
  return feeds;
}

function chunksOf(files: readonly PlannedFile[], cores: number): readonly (readonly PlannedFile[])[] {
  const large = files.filter((file) => weightOf(file) >= LARGE).map((file) => [file]);
  const small = files.filter((file) => weightOf(file) < LARGE);
  const total = small.reduce((sum, file) => sum + weightOf(file), 0);
  const limit = Math.min(JOB_MAX, Math.max(JOB_MIN, total / cores));
  const chunks: PlannedFile[][] = [];
  let weight = 0;
  for (const file of small) {
    const current = chunks.at(-1);
    weight += weightOf(file);
    if (current === undefined || current.length >= FILES_PER_JOB || weight > limit) {
      chunks.push([file]);
      weight = weightOf(file);
    } else current.push(file);
  }
  return [...large, ...chunks];
}

function pathOf(chunk: readonly PlannedFile[]): string {
  return chunk[0]?.path ?? "";
}
