import { type Contract, compileContract } from "../contracts/contract.js";
import type { Config } from "../lib/config-types.js";
import { messageOf } from "../lib/errors.js";
import type { FileResult, JobResult, JobSpec, PlannedFile } from "../lib/run-types.js";
import { ChangedFile, UnreadableFile } from "./guard/unreadable.js";
import { openSession, type Session } from "./judging/session.js";
import { judgeStream, type StreamOptions } from "./judging/stream.js";
import type { PreparedFile, ReadContext, Slice } from "./prepared-file.js";
import { assertUnchanged } from "./readers/byte-source.js";
import { OtherShape } from "./readers/other-shape.js";
import { groupStreams } from "./streams.js";
import { nothingFound, type RefusedFile, refusedResult, writeRefused } from "./whole-files.js";
import { workerNamed } from "./workers/registry.js";
import type { Worker } from "./workers/worker.js";

/** Records of each kind that the oracle judges in one job. */
const ORACLE_SAMPLE = 1_000;

export interface WorkOptions {
  readonly config: Config;
  /** Folder of the job's results. */
  readonly folder: string;
  readonly tempDir: string;
  readonly oracle: StreamOptions["oracle"];
  /** Share of the job's bytes that this process reads, 0–1: its share of the oracle's samples. Default 1. */
  readonly share?: number;
  /** Slices of files of which this process reads only a part, by path. */
  readonly slices?: Readonly<Record<string, Slice>>;
}

/** The result of a job or of a part of it, with which Parquet holds which files. */
export interface PartResult extends JobResult {
  readonly streams: readonly {
    readonly paths: readonly string[];
    readonly accepted: readonly string[];
    readonly quarantined: readonly string[];
  }[];
}

/** What readers need to know of a job, and its worker. */
export function readContextOf(
  job: JobSpec,
  config: Config,
): { readonly contract: Contract; readonly context: ReadContext; readonly worker: Worker } {
  const contract = compileContract(config, job.source);
  const context: ReadContext = {
    feed: job.feed,
    canonical: contract.columns.map((column) => column.name),
    required: contract.columns.filter((column) => column.required).map((column) => column.name),
    types: Object.fromEntries(contract.columns.map((column) => [column.name, column.sqlType])),
    settings: config.settings,
  };
  return { contract, context, worker: workerNamed(config.sources[job.source]?.worker ?? "records") };
}

/** Judge every file of a job: accepted and quarantined Parquet in `folder`, and what became of each file. */
export async function workJob(job: JobSpec, options: WorkOptions): Promise<PartResult> {
  const started = performance.now();
  const { config } = options;
  const source = config.sources[job.source];
  const { contract, context, worker } = readContextOf(job, config);
  const session = await openSession({
    contract,
    feed: job.feed,
    source: job.source,
    run: job.run,
    folder: options.folder,
    tempDir: options.tempDir,
    memoryMb: job.memory_mb,
  });
  const results = new Map<string, FileResult>();
  const streams: PartResult["streams"][number][] = [];
  const refused: RefusedFile[] = [];
  try {
    const ready: PreparedFile[] = [];
    for (const file of job.files) {
      const outcome = await understand(file, () => worker.prepare(file, context));
      const slice = options.slices?.[file.path];
      if (outcome.kind === "ready")
        ready.push(slice === undefined ? outcome.prepared : outcome.prepared.slice(slice));
      else if (outcome.kind === "refused") refused.push(outcome.refused);
      else results.set(file.path, outcome.result);
    }
    const total = ready.reduce((sum, file) => sum + file.size, 0);
    for (const stream of groupStreams(ready)) {
      const share = stream.reduce((sum, file) => sum + file.size, 0) / Math.max(total, 1);
      const judged = await judgeOrSplit(session, stream, {
        eventTime: source?.event_time ?? null,
        sampleSize: Math.ceil(ORACLE_SAMPLE * share * (options.share ?? 1)),
        oracle: options.oracle,
      });
      streams.push(...judged.streams);
      refused.push(...judged.refused);
      for (const result of judged.files) results.set(result.path, result);
    }
    if (refused.length > 0) {
      const target = { folder: options.folder, run: job.run, source: job.source, feed: job.feed.name };
      const paths = refused.map((one) => one.file.path);
      streams.push({
        paths,
        accepted: [],
        quarantined: [await writeRefused(session.engine, refused, target)],
      });
      for (const one of refused) results.set(one.file.path, refusedResult(one));
    }
    return {
      job: job.job,
      source: job.source,
      files: job.files.map((file) => results.get(file.path) ?? lost(file)),
      accepted: streams.flatMap((stream) => stream.accepted),
      quarantined: streams.flatMap((stream) => stream.quarantined),
      streams,
      profile: {
        scans: session.profile.scans,
        bytes_read: session.profile.bytesRead,
        seconds: (performance.now() - started) / 1_000,
      },
    };
  } finally {
    session.close();
  }
}

type Understood =
  | { readonly kind: "ready"; readonly prepared: PreparedFile }
  | { readonly kind: "refused"; readonly refused: RefusedFile }
  | { readonly kind: "done"; readonly result: FileResult };

/** Understand a file's head; what speaks against the whole file becomes its outcome. */
export async function understand(
  file: PlannedFile,
  prepare: () => ReturnType<ReturnType<typeof workerNamed>["prepare"]>,
): Promise<Understood> {
  try {
    assertUnchanged(file);
    const preflight = await prepare();
    if (preflight.kind === "ready") return preflight;
    if (preflight.kind === "empty") {
      const { tally, header } = preflight;
      const result: FileResult = {
        ...nothingFound(file),
        lines: tally.lines,
        header_lines: tally.headerLines,
        blank_lines: tally.blankLines,
        bytes: tally.bytes,
        header,
        message: "the file holds no record",
      };
      return { kind: "done", result };
    }
    const { missing, header, line, raw } = preflight;
    const message =
      missing.length > 0
        ? `the required column ${missing.join(", ")} is missing`
        : `the contract knows none of its columns (${header.slice(0, 10).join(", ")}): map them under the feed's columns`;
    const column = missing[0] ?? null;
    return { kind: "refused", refused: { file, code: "missing_column", column, message, line, raw, header } };
  } catch (error) {
    return asOutcome(file, error);
  }
}

function asOutcome(file: PlannedFile, error: unknown): Understood {
  if (error instanceof UnreadableFile) {
    const { message } = error;
    const refused: RefusedFile = {
      file,
      code: "unreadable_file",
      column: null,
      message,
      line: null,
      raw: null,
      header: [],
    };
    return { kind: "refused", refused };
  }
  if (error instanceof ChangedFile) {
    return { kind: "done", result: { ...nothingFound(file), outcome: "waiting", message: error.message } };
  }
  throw error;
}

interface Judged {
  readonly files: FileResult[];
  readonly streams: PartResult["streams"][number][];
  readonly refused: RefusedFile[];
}

/** Judge a stream; a file that turns out unreadable or changed leaves it, and what fails for our fault is tried file by file. */
async function judgeOrSplit(
  session: Session,
  stream: readonly PreparedFile[],
  options: StreamOptions,
): Promise<Judged> {
  const judged: Judged = { files: [], streams: [], refused: [] };
  let left = stream;
  while (left.length > 0) {
    try {
      const outcome = await judgeStream(session, left, options);
      judged.files.push(...outcome.files);
      const { accepted, quarantined } = outcome;
      judged.streams.push({ paths: left.map((prepared) => prepared.file.path), accepted, quarantined });
      return judged;
    } catch (error) {
      if (error instanceof UnreadableFile || error instanceof ChangedFile) {
        const culprit = left.find((prepared) => prepared.file.path === error.path);
        if (culprit === undefined) throw error;
        const outcome = asOutcome(culprit.file, error);
        if (outcome.kind === "refused") judged.refused.push(outcome.refused);
        else if (outcome.kind === "done") judged.files.push(outcome.result);
        left = left.filter((prepared) => prepared !== culprit);
      } else if (error instanceof OtherShape || left.length > 1) {
        for (const prepared of left.map((one) => otherwise(one, error))) {
          const alone = await judgeOrSplit(session, [prepared], options);
          judged.files.push(...alone.files);
          judged.streams.push(...alone.streams);
          judged.refused.push(...alone.refused);
        }
        return judged;
      } else {
        const [only] = left as readonly [PreparedFile];
        judged.files.push({ ...nothingFound(only.file), outcome: "error", message: messageOf(error) });
        return judged;
      }
    }
  }
  return judged;
}

/** The reader that a file asked for while it was read. */
function otherwise(prepared: PreparedFile, error: unknown): PreparedFile {
  if (!(error instanceof OtherShape) || error.path !== prepared.file.path) return prepared;
  return prepared.sliced === null ? error.prepared : error.prepared.slice(prepared.sliced);
}

function lost(file: PlannedFile): FileResult {
  return { ...nothingFound(file), outcome: "error", message: "no result came back for this file" };
}
