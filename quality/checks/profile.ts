import type { Engine } from "../../engines/engine.js";
import { ident, literal } from "../../engines/quote.js";
import type { FeedProfile, FileResult, FileVerdict, JobResult } from "../../lib/run-types.js";
import type { StagedResults } from "./staged-results.js";

/** Rows of a feed whose distinct values are counted: bounds the cost whatever the input. */
const SAMPLED_ROWS = 100_000;

/** Profile of each feed's judged files, the distinct values apart. */
export function profileFeeds(
  files: readonly FileVerdict[],
  results: StagedResults,
): Readonly<Record<string, FeedProfile>> {
  const profiles: Record<string, FeedProfile> = {};
  for (const verdict of files) {
    const result = results.files.get(verdict.path)?.result;
    if (result?.outcome !== "judged" || verdict.status === "error") continue;
    const before = profiles[verdict.feed] ?? emptyProfile(verdict.source);
    profiles[verdict.feed] = withFile(before, result);
  }
  return profiles;
}

function emptyProfile(source: string): FeedProfile {
  return { source, files: 0, records: 0, accepted: 0, columns: [], nulls: {}, distinct: {} };
}

function withFile(profile: FeedProfile, result: FileResult): FeedProfile {
  const nulls: Record<string, number> = { ...profile.nulls };
  for (const [column, count] of Object.entries(result.null_counts)) {
    nulls[column] = (nulls[column] ?? 0) + count;
  }
  return {
    ...profile,
    files: profile.files + 1,
    records: profile.records + result.records,
    accepted: profile.accepted + result.accepted,
    columns: [...new Set([...profile.columns, ...columnsOf(result)])].sort(),
    nulls,
  };
}

/** Columns that a file has: the canonical ones it did not lose, and its unknown ones. */
export function columnsOf(result: FileResult): readonly string[] {
  const known = Object.keys(result.null_counts).filter((column) => !result.lost_columns.includes(column));
  return [...known, ...result.unknown_columns];
}

/** Add the distinct values of each column, counted on a bounded sample of the feed's accepted rows. */
export async function withDistinct(
  engine: Engine,
  profile: FeedProfile,
  jobs: readonly JobResult[],
): Promise<FeedProfile> {
  const paths = jobs.flatMap((job) => job.accepted).sort();
  const columns = Object.keys(profile.nulls);
  if (paths.length === 0 || columns.length === 0 || profile.accepted === 0) return profile;
  const counts = columns.map((column) => `count(distinct ${ident(column)}) as ${ident(column)}`);
  const rows = await engine.all(
    `select ${counts.join(", ")} from (select * from read_parquet([${paths.map(literal).join(", ")}]) limit ${SAMPLED_ROWS})`,
  );
  const row = rows[0] ?? {};
  const distinct = Object.fromEntries(columns.map((column) => [column, Number(row[column] ?? 0)]));
  return { ...profile, distinct };
}
