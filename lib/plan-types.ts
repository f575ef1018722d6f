import type { FeedConfig } from "./config-types.js";
import type { QuarantineCode } from "./reason-types.js";

/** What discover decided for one file. Written into `plan.json`. */
export interface PlannedFile {
  /** Relative to raw/, `/`-separated; a zip's member is `api_logs.zip/<member>`. */
  readonly path: string;
  /** Base name. */
  readonly file: string;
  readonly feed: string;
  readonly source: string;
  /** Hash of the file as it lies, of the member for a zip; hex. Empty for a waiting file that vanished. */
  readonly sha256: string;
  /** Size in bytes as it lies. */
  readonly size: number;
  /**
   * work: a job holds it · skip: the ledger has its content · held: waits as before, is not worked on ·
   * waiting: still being written · refused: unreadable before any work (`fault` says why).
   */
  readonly action: "work" | "skip" | "held" | "waiting" | "refused";
  readonly why:
    | "new"
    | "changed"
    | "released"
    | "rework"
    | "contract_changed"
    | "threshold_changed"
    | "done"
    | "twin"
    | "held"
    | "rolled_back"
    | "settling"
    | "refused";
  /** Absolute path to read from: under raw/, or the unpacked member in staging. null unless action is work. */
  readonly location: string | null;
  /** mtime (ms) and inode at discovery: work compares them to notice a file that is still being written. */
  readonly mtime_ms: number;
  readonly inode: number;
  readonly contract_hash: string;
  /** Gate in per cent for this file at this run; 0 when released. */
  readonly threshold: number;
  readonly job: string | null;
  /** Path of the file that already carries this content (why done or twin), else null. */
  readonly twin_of: string | null;
  readonly fault: {
    readonly code: QuarantineCode;
    readonly message: string;
    readonly raw_base64: string;
  } | null;
}

/** A chunk of work for one worker process. `jobs/<job>.json`. */
export interface JobSpec {
  readonly job: string;
  readonly run: string;
  readonly source: string;
  readonly feed: FeedConfig;
  readonly files: readonly PlannedFile[];
  /** Jobs of one number are worked on by one process: to start one costs more than a light job. */
  readonly process: number;
  /** Cores for the process; it shares its work among as many processes with an engine of one thread. */
  readonly threads: number;
  readonly memory_mb: number;
  /** Bytes as they lie, for the order of jobs. */
  readonly weight: number;
}

/** The whole plan of a run: `plan.json`. */
export interface RunPlan {
  readonly run: string;
  readonly started_at: string;
  /** YYYY-MM-DD, UTC. */
  readonly as_of: string;
  readonly engine: "duckdb" | "spark";
  readonly workers: number;
  readonly rebuild: boolean;
  readonly files: readonly PlannedFile[];
  readonly jobs: readonly {
    readonly job: string;
    readonly source: string;
    readonly files: number;
    readonly weight: number;
  }[];
  readonly unclaimed: readonly string[];
}
