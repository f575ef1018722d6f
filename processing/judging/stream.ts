import { rmSync } from "node:fs";
import type { WrittenFile } from "../../engines/engine.js";
import type { FileResult } from "../../lib/run-types.js";
import type { PreparedFile } from "../prepared-file.js";
import { assertUnchanged } from "../readers/byte-source.js";
import { acceptedStats } from "./accepted-stats.js";
import { type FirstLook, firstLook } from "./first-look.js";
import { noOracle, type OracleCounts, type OracleJudge } from "./oracle-sample.js";
import { errorCounts, warningCounts } from "./rule-counts.js";
import { type SecondLook, secondLook } from "./second-look.js";
import type { Session } from "./session.js";
import { type StreamFile, streamFiles } from "./stream-files.js";

export interface StreamOutcome {
  readonly files: readonly FileResult[];
  readonly accepted: readonly string[];
  readonly quarantined: readonly string[];
}

export interface StreamOptions {
  readonly eventTime: string | null;
  /** Accepted and quarantined records, each, that the oracle judges too. */
  readonly sampleSize: number;
  readonly oracle: OracleJudge | null;
}

/**
 * Judge files of one shape in one scan, look a second time at what failed, and count. Throws UnreadableFile and
 * ChangedFile with the file's path: what was written is removed, and the stream can be judged again without it.
 */
export async function judgeStream(
  session: Session,
  prepared: readonly PreparedFile[],
  options: StreamOptions,
): Promise<StreamOutcome> {
  const files = streamFiles(prepared);
  const written: WrittenFile[] = [];
  try {
    const first = await firstLook(session, files, options.sampleSize);
    if (first.written !== null) written.push(first.written);
    const malformed = files.reduce((sum, file) => sum + file.tally.malformed, 0);
    const second =
      first.failed.length + malformed === 0
        ? { quarantined: null, accepted: null, sampled: [] }
        : await secondLook(session, files, first.failed, options.sampleSize);
    if (second.accepted !== null) written.push(second.accepted);
    if (second.quarantined !== null) written.push(second.quarantined);
    assertComplete(first, second, malformed);
    for (const file of files) assertUnchanged(file.prepared.file);
    return await outcome(session, files, first, second, options);
  } catch (error) {
    session.observer.listener = null;
    for (const file of written) rmSync(file.path, { force: true });
    throw error;
  }
}

function assertComplete(first: FirstLook, second: SecondLook, malformed: number): void {
  const expected = first.failed.length + malformed;
  const found = (second.quarantined?.rows ?? 0) + (second.accepted?.rows ?? 0);
  if (expected !== found)
    throw new Error(`${expected} records failed, but ${found} came back from the second look`);
}

async function outcome(
  session: Session,
  files: readonly StreamFile[],
  first: FirstLook,
  second: SecondLook,
  options: StreamOptions,
): Promise<StreamOutcome> {
  const shape = (files[0] as StreamFile).prepared.shape;
  const accepted = [first.written, second.accepted].filter((file) => file !== null);
  const quarantined = second.quarantined === null ? [] : [second.quarantined];
  const stats = await acceptedStats(session, files, accepted, options.eventTime);
  const rules = await errorCounts(session, shape, quarantined);
  const warnings = await warningCounts(session, accepted, stats);
  const counts = await countsByFile(session, files, first, second);
  const oracle = options.oracle === null ? noOracle : await options.oracle(session, first, second, shape);
  return {
    files: files.map((file) => {
      const own = counts.get(file.prepared.file.path) ?? { accepted: 0, quarantined: 0 };
      const found = stats.get(file.prepared.file.path);
      return fileResult(session, file, own, {
        null_counts: found?.nullCounts ?? Object.fromEntries(session.canonical.map((name) => [name, 0])),
        rules: [
          ...(rules.get(file.prepared.file.path) ?? []),
          ...(warnings.get(file.prepared.file.path) ?? []),
        ],
        oracle: oracle(file.prepared.file.path),
        event_time_min: found?.eventTimeMin ?? null,
        event_time_max: found?.eventTimeMax ?? null,
      });
    }),
    accepted: accepted.map((file) => file.path),
    quarantined: quarantined.map((file) => file.path),
  };
}

interface Counts {
  accepted: number;
  quarantined: number;
}

/** Both counts come from what was written, not from subtraction: so the balance means something. */
async function countsByFile(
  session: Session,
  files: readonly StreamFile[],
  first: FirstLook,
  second: SecondLook,
): Promise<ReadonlyMap<string, Counts>> {
  const accepted = [first.written, second.accepted].filter((file) => file !== null);
  if (files.length === 1) {
    const path = (files[0] as StreamFile).prepared.file.path;
    const rows = accepted.reduce((sum, file) => sum + file.rows, 0);
    return new Map([[path, { accepted: rows, quarantined: second.quarantined?.rows ?? 0 }]]);
  }
  const counts = new Map<string, Counts>();
  const add = async (written: readonly WrittenFile[], column: string, field: keyof Counts): Promise<void> => {
    if (written.length === 0) return;
    const list = written.map((file) => `'${file.path.replaceAll("'", "''")}'`).join(", ");
    const rows = await session.engine.all(
      `select "${column}" as path, count(*) as n from read_parquet([${list}]) group by all`,
    );
    for (const row of rows) {
      const path = String(row["path"]);
      const own = counts.get(path) ?? { accepted: 0, quarantined: 0 };
      counts.set(path, own);
      own[field] = Number(row["n"]);
    }
  };
  await add(accepted, "_file", "accepted");
  await add(second.quarantined === null ? [] : [second.quarantined], "path", "quarantined");
  return counts;
}

type Found = Pick<FileResult, "null_counts" | "rules" | "event_time_min" | "event_time_max"> & {
  readonly oracle: OracleCounts;
};

function fileResult(session: Session, file: StreamFile, counts: Counts, found: Found): FileResult {
  const { tally, prepared } = file;
  const fault = imbalance(file, counts);
  const { columns } = prepared.shape;
  const given = new Set([
    ...columns.map((column) => column.canonical),
    ...Object.keys(session.feed.constants),
  ]);
  return {
    path: prepared.file.path,
    outcome: fault === null ? "judged" : "error",
    message: fault,
    lines: tally.lines,
    header_lines: tally.headerLines,
    blank_lines: tally.blankLines,
    bytes: tally.bytes,
    records: tally.records,
    accepted: counts.accepted,
    quarantined: counts.quarantined,
    stray_quotes: tally.strayQuotes,
    header: prepared.header,
    unknown_columns: columns.filter((column) => column.canonical === null).map((column) => column.name),
    lost_columns:
      prepared.shape.format === "json" ? [] : session.canonical.filter((name) => !given.has(name)),
    ...found,
  };
}

/** What does not add up in a file, in words; null = it balances. */
function imbalance(file: StreamFile, counts: Counts): string | null {
  const { tally } = file;
  if (tally.records !== counts.accepted + counts.quarantined) {
    return `${tally.records} records were read, but ${counts.accepted} accepted and ${counts.quarantined} quarantined`;
  }
  const explained = tally.headerLines + tally.blankLines + tally.recordLines;
  if (tally.lines !== null && tally.lines !== explained) {
    return `${tally.lines} lines were read, but ${explained} belong to the header, blank lines and records`;
  }
  return null;
}
