import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openDuckDb } from "../../engines/duckdb.js";
import type { SqlRow } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";
import type { Config, FeedConfig, FeedOptions, JsonSchema, SourceRules } from "../../lib/config-types.js";
import type { FileResult, JobResult, JobSpec, PlannedFile } from "../../lib/run-types.js";
import { planParts } from "../../processing/job-parts.js";
import { sampledOracle } from "../../processing/judging/oracle-sample.js";
import { mergeParts } from "../../processing/merge-parts.js";
import { type PartResult, workJob } from "../../processing/work-job.js";
import { plannedFile } from "../planned-file.js";

const plainOptions: FeedOptions = {
  delimiter: null,
  quote: '"',
  encoding: null,
  header: true,
  names: [],
  sheet: null,
  header_row: null,
  pattern: [],
  null_values: [],
  timezone: "UTC",
  date_formats: [],
  decimal: ".",
  thousands: null,
};

export interface Case {
  /** Path below raw/ → content. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly schema: JsonSchema;
  readonly rules?: Partial<SourceRules>;
  readonly feed?: Partial<Omit<FeedConfig, "options">> & { readonly options?: Partial<FeedOptions> };
  readonly worker?: string;
  readonly eventTime?: string;
  readonly settings?: Partial<Config["settings"]>;
  /** Work as so many processes would, one after the other, however small the files are. */
  readonly parts?: number;
  /** Called after the files were planned. */
  readonly meanwhile?: (raw: string) => void;
}

export interface Outcome {
  readonly result: JobResult;
  readonly file: FileResult;
  readonly accepted: readonly SqlRow[];
  readonly quarantined: readonly SqlRow[];
  readonly parts: number;
  /** `record:line code rule` of each quarantined record, in order. */
  readonly verdicts: readonly string[];
}

/** Put files into a folder of their own, work on them as one job, and read back what came of it. */
export async function work(given: Case): Promise<Outcome> {
  const root = mkdtempSync(join(tmpdir(), "gristmill-work-"));
  const raw = join(root, "raw");
  const files = Object.entries(given.files).map(([path, content]) => planned(raw, path, content));
  given.meanwhile?.(raw);
  const feed: FeedConfig = {
    name: "the_feed",
    source: "things",
    files: ["**"],
    members: ["**"],
    format: null,
    columns: {},
    constants: {},
    ...given.feed,
    options: { ...plainOptions, ...given.feed?.options },
  };
  const job: JobSpec = {
    job: "j1",
    run: "20260101T000000Z-test",
    source: "things",
    feed,
    files,
    process: 1,
    threads: given.parts ?? 1,
    memory_mb: 400,
    weight: 1,
  };
  const folder = join(root, "work");
  const config = configOf(given);
  const parts = await planParts(job, config, { job: 0, file: 0 });
  const results: PartResult[] = [];
  for (const [index, part] of parts.entries()) {
    const options = {
      config,
      folder: join(folder, String(index)),
      tempDir: join(root, "temp"),
      oracle: sampledOracle(config),
    };
    results.push(
      await workJob({ ...job, files: part.files }, { ...options, slices: part.slices, share: part.share }),
    );
  }
  const result = mergeParts(job, results);
  const engine = await openDuckDb({ threads: 1, memoryMb: 300, tempDir: join(root, "temp") });
  try {
    const read = async (paths: readonly string[], order: string): Promise<readonly SqlRow[]> =>
      paths.length === 0
        ? []
        : engine.all(`select * from read_parquet([${paths.map(literal).join(", ")}]) order by ${order}`);
    const accepted = await read(result.accepted, "all");
    const quarantined = await read(result.quarantined, '"path", "record"');
    return {
      parts: parts.length,
      result,
      file: result.files[0] as FileResult,
      accepted,
      quarantined,
      verdicts: quarantined.map(verdict),
    };
  } finally {
    engine.close();
  }
}

function planned(raw: string, path: string, content: string | Uint8Array): PlannedFile {
  const location = join(raw, path);
  mkdirSync(dirname(location), { recursive: true });
  writeFileSync(location, content);
  const stat = statSync(location);
  return plannedFile(path, {
    feed: "the_feed",
    source: "things",
    sha256: createHash("sha256").update(content).digest("hex"),
    size: stat.size,
    location,
    mtime_ms: stat.mtimeMs,
    inode: stat.ino,
    contract_hash: "",
  });
}

function configOf(given: Case): Config {
  return {
    settings: {
      chunk_size_rows: 1000,
      guess_stray_quotes: true,
      max_inflated_mb: 1000,
      max_inflate_ratio: 1000,
      ...given.settings,
    },
    sources: {
      things: {
        worker: given.worker ?? "records",
        key: [],
        event_time: given.eventTime ?? null,
        version_by: null,
        partition: "none",
      },
    },
    schemas: { things: given.schema },
    defs: {},
    rules: { things: { columns: {}, rows: [], freshness: null, volume: null, unique: [], ...given.rules } },
  } as unknown as Config;
}

function verdict(row: SqlRow): string {
  const reasons = row["reasons"] as readonly SqlRow[];
  const shown = reasons.map((reason) =>
    [reason["code"], reason["column"], reason["rule"]].filter(Boolean).join(" "),
  );
  return `${row["record"]}:${row["line"] ?? "-"} ${shown.join(", ")}`;
}

/** id (required), name, amount: enough to see a row. */
export const threeColumns: JsonSchema = {
  type: "object",
  properties: { id: { type: "string" }, name: { type: "string" }, amount: { type: "integer", minimum: 0 } },
  required: ["id"],
};
