import { compileContract } from "../contracts/contract.js";
import type { Config } from "../lib/config-types.js";
import { GristmillError } from "../lib/errors.js";
import type { RawRecord } from "../lib/handover/raw-record.js";
import type { JobSpec } from "../lib/run-types.js";
import { emptyTally } from "./record-stream.js";
import { workerNamed } from "./workers/registry.js";

/** Read some well-formed records of a job's file again, as they stood. Throws UnreadableFile, ChangedFile, internal. */
export async function extractRecords(
  config: Config,
  job: JobSpec,
  path: string,
  records: readonly number[],
): Promise<readonly RawRecord[]> {
  const file = job.files.find((planned) => planned.path === path);
  if (file === undefined) throw new GristmillError("internal", `job ${job.job} has no file ${path}`);
  const contract = compileContract(config, job.source);
  const preflight = await workerNamed(config.sources[job.source]?.worker ?? "records").prepare(file, {
    feed: job.feed,
    canonical: contract.columns.map((column) => column.name),
    required: contract.columns.filter((column) => column.required).map((column) => column.name),
    types: Object.fromEntries(contract.columns.map((column) => [column.name, column.sqlType])),
    settings: config.settings,
  });
  if (preflight.kind !== "ready") return [];
  const asked = new Set(records);
  const found: RawRecord[] = [];
  const sink = {
    wanted: 0,
    clean: () => undefined,
    malformed: () => undefined,
    take: ({ ordinal, record, line, raw }: RawRecord & { readonly ordinal: number }): void => {
      // the reader's bytes are only good until its next block
      if (asked.has(record)) found.push({ record, line, raw: Uint8Array.from(raw) });
      sink.wanted = found.length === asked.size ? Number.POSITIVE_INFINITY : ordinal + 1;
    },
  };
  await preflight.prepared.read(sink, emptyTally(), () => Promise.resolve());
  return found;
}
