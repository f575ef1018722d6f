import type { FeedProfile, FileResult, Finding } from "../../lib/run-types.js";
import type { ProfileHistory } from "./history.js";
import { columnsOf } from "./profile.js";

/** Null shares and distinct values of fewer records than this are chance. */
const LEAST_RECORDS = 100;
/** Columns with more distinct values than this are identifiers, texts or measures, not categories. */
const CATEGORY_VALUES = 200;

/** How the files of one feed changed: against one another, and against earlier runs. */
export function driftFindings(
  feed: string,
  profile: FeedProfile,
  results: readonly FileResult[],
  history: ProfileHistory,
  nullPoints: number,
): readonly Finding[] {
  const earlier = history.map((run) => run[feed]).filter((run) => run !== undefined);
  const about = (column: string, rule: string, count: number, message: string): Finding => ({
    kind: "drift",
    source: profile.source,
    path: null,
    column,
    rule,
    severity: "warn",
    count,
    message: `feed ${feed}: ${message}`,
  });
  return [
    ...newColumns(profile, results, earlier, about),
    ...lostColumns(profile, results, earlier, about),
    ...nullShares(profile, earlier, nullPoints, about),
    ...distinctValues(profile, earlier, about),
  ];
}

type About = (column: string, rule: string, count: number, message: string) => Finding;

/** Unknown columns go to `_rescued`: said when a feed shows them for the first time. */
function newColumns(
  profile: FeedProfile,
  results: readonly FileResult[],
  earlier: readonly FeedProfile[],
  about: About,
): readonly Finding[] {
  const seen = new Set(earlier.flatMap((run) => run.columns));
  return profile.columns
    .filter((column) => !seen.has(column))
    .flatMap((column) => {
      const having = results.filter((file) => columnsOf(file).includes(column));
      const unknown = having.some((file) => file.unknown_columns.includes(column));
      if (!unknown && earlier.length === 0) return [];
      const fate = unknown ? "is unknown to the contract and kept in _rescued" : "appears for the first time";
      return [
        about(column, "new column", having.length, `column ${column} ${fate} (${having.length} files)`),
      ];
    });
}

/** Columns that some files lack though others, or the run before, have them: one finding for each set of files. */
function lostColumns(
  profile: FeedProfile,
  results: readonly FileResult[],
  earlier: readonly FeedProfile[],
  about: About,
): readonly Finding[] {
  const usual = new Set([...profile.columns, ...(earlier[0]?.columns ?? [])]);
  const lost = new Map<string, { readonly columns: string[]; readonly files: number }>();
  for (const column of [...usual].sort()) {
    const lacking = results.filter((file) => !columnsOf(file).includes(column)).map((file) => file.path);
    const isUnknown = results.some((file) => file.unknown_columns.includes(column));
    if (lacking.length === 0 || isUnknown) continue;
    const key = JSON.stringify(lacking);
    const group = lost.get(key) ?? { columns: [], files: lacking.length };
    group.columns.push(column);
    lost.set(key, group);
  }
  return [...lost.values()].map(({ columns, files }) => {
    const names = columns.join(", ");
    return about(names, "lost column", files, `${names} missing in ${files} of ${results.length} files`);
  });
}

function nullShares(
  profile: FeedProfile,
  earlier: readonly FeedProfile[],
  points: number,
  about: About,
): readonly Finding[] {
  const accepted = earlier.reduce((sum, run) => sum + run.accepted, 0);
  if (profile.accepted < LEAST_RECORDS || accepted < LEAST_RECORDS) return [];
  return Object.entries(profile.nulls).flatMap(([column, nulls]) => {
    const runs = earlier.filter((run) => run.nulls[column] !== undefined);
    const rows = runs.reduce((sum, run) => sum + run.accepted, 0);
    if (rows === 0) return [];
    const usual = (100 * runs.reduce((sum, run) => sum + (run.nulls[column] ?? 0), 0)) / rows;
    const share = (100 * nulls) / profile.accepted;
    if (Math.abs(share - usual) <= points) return [];
    const said = `${share.toFixed(1)} % of column ${column} are null, usually ${usual.toFixed(1)} %`;
    return [about(column, "null share", nulls, said)];
  });
}

function distinctValues(
  profile: FeedProfile,
  earlier: readonly FeedProfile[],
  about: About,
): readonly Finding[] {
  if (profile.accepted < LEAST_RECORDS) return [];
  return Object.entries(profile.distinct).flatMap(([column, distinct]) => {
    const counts = earlier
      .filter((run) => run.accepted >= LEAST_RECORDS)
      .map((run) => run.distinct[column])
      .filter((count) => count !== undefined);
    if (counts.length === 0 || Math.max(...counts) > CATEGORY_VALUES) return [];
    const most = Math.max(...counts);
    const least = Math.min(...counts);
    if (distinct <= 2 * most + 2 && 2 * distinct + 2 >= least) return [];
    const usual = least === most ? `${most}` : `${least} to ${most}`;
    return [
      about(
        column,
        "distinct values",
        distinct,
        `column ${column} has ${distinct} distinct values, usually ${usual}`,
      ),
    ];
  });
}
