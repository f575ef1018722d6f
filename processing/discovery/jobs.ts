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
/** Most that heavy jobs of one process weigh together: what a crash or a timeout costs, and what its memory grows by. */
const PROCESS_MAX = 384 * MEGABYTE;
/** Processes for each of several workers, so that none is idle at the end. */
const ROUNDS = 4;
/** The longest that one of the threads of a process may be busy, against the mean. */
const EVEN = 1.2;

export interface Machine {
  readonly cores: number;
  readonly workers: number;
  /** Megabytes for the engine of one worker. */
  readonly memoryMb: number;
}

/**
 * Chunks of work, the heaviest first: a large file alone, small files of one feed together, spread over the cores.
 * Light jobs share a process, and heavy ones that keep all of its threads busy; threads that are free because there are
 * fewer processes than workers go to these.
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
  const heavy = together(
    jobs.filter((job) => job.weight >= SHARED_FROM.job),
    machine,
  );
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

/** Jobs, the heaviest first, that share a process: each start of one costs as much as some megabytes. */
function together<T extends { readonly weight: number }>(
  jobs: readonly T[],
  { cores, workers }: Machine,
): readonly (readonly T[])[] {
  const sum = (some: readonly T[]): number => some.reduce((total, job) => total + job.weight, 0);
  const threads = Math.max(1, Math.floor(cores / workers));
  const most = workers === 1 ? PROCESS_MAX : Math.min(PROCESS_MAX, sum(jobs) / workers / ROUNDS);
  const isEven = (some: readonly T[]): boolean =>
    Math.max(...spread(some, threads, (job) => job.weight).map(sum)) <= (EVEN * sum(some)) / threads;
  const processes: (readonly T[])[] = [];
  for (let at = 0; at < jobs.length; ) {
    let end = at + 1;
    while (end < jobs.length && sum(jobs.slice(at, end + 1)) <= most) end++;
    // what would keep a thread busy alone is cut instead
    while (end > at + 1 && !isEven(jobs.slice(at, end))) end--;
    processes.push(jobs.slice(at, end));
    at = end;
  }
  return processes;
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
