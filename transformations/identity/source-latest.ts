import type { Engine } from "../../engines/engine.js";
import { literal } from "../../engines/quote.js";
import type { SourceSpec } from "../sources/source-spec.js";
import {
  columnList,
  contentHash,
  identityRows,
  isKeyed,
  KEY_HASH,
  repeatsOfContent,
  winners,
} from "./latest.js";
import { fromLoserToWinner } from "./path-order.js";

/** Bronze of one source, to be read by partition. */
export interface BronzeReader {
  readonly source: SourceSpec;
  readonly partition: string | null;
  /** Relation of the partitions to be made, or of all other ones; null where that is nothing. */
  readonly inside: string | null;
  readonly outside: string | null;
  /** `_file` → the path that ranks it among versions of a key; absent = itself. */
  readonly best: ReadonlyMap<string, string>;
}

/** Rows that one statement may sort. */
const SORTED_ROWS = 1_000_000;

/** Hashes of keys that more than one row has, after `settleKeys`. */
export const REPEATED_KEYS = "scratch.repeated_keys";

/**
 * Settle keys that more than one row has: which row wins may be decided by a partition that is not made anew.
 * Leaves `scratch.repeated_keys` and, where it says true, `scratch.winners` in the engine, for `latestRows`.
 */
export async function settleKeys(engine: Engine, bronze: BronzeReader): Promise<boolean> {
  const { source, partition, inside, outside } = bronze;
  await engine.run(`create or replace table ${REPEATED_KEYS} (h ubigint)`);
  if (!isKeyed(source) || inside === null) return false;
  const insideHashes = `select ${KEY_HASH} as h from (${identityRows(source, inside, partition)})`;
  const outsideHashes =
    outside === null
      ? ""
      : `union all select outside.h
         from (select ${KEY_HASH} as h from (${identityRows(source, outside, partition)})) as outside
         semi join (${insideHashes}) as inside on inside.h = outside.h`;
  await engine.run(`insert into ${REPEATED_KEYS}
    select h from (${insideHashes} ${outsideHashes}) where h is not null group by h having count(*) > 1`);
  if ((await countOf(engine, REPEATED_KEYS)) === 0) return false;
  const repeated = [inside, outside]
    .filter((relation) => relation !== null)
    .map((relation) => identityRows(source, relation, partition))
    .map(
      (rows) => `select rows.* from (${rows}) as rows
      semi join ${REPEATED_KEYS} as repeated on repeated.h = rows.${KEY_HASH}`,
    );
  await engine.run(`create or replace table scratch.repeated_rows as ${repeated.join(" union all ")}`);
  await rankPaths(engine, "scratch.repeated_rows", bronze.best);
  await engine.run("create or replace table scratch.winners as select * from scratch.repeated_rows limit 0");
  const cuts = Math.ceil((await countOf(engine, "scratch.repeated_rows")) / SORTED_ROWS);
  for (let cut = 0; cut < cuts; cut++)
    await engine.run(
      `insert into scratch.winners ${winners(
        source,
        `(select * from scratch.repeated_rows where ${KEY_HASH} % ${cuts} = ${cut})`,
        "scratch.path_ranks",
      )}`,
    );
  await engine.run("drop table scratch.repeated_rows");
  return true;
}

async function rankPaths(engine: Engine, rows: string, best: BronzeReader["best"]): Promise<void> {
  await engine.run("create or replace table scratch.path_ranks (path varchar, rank bigint)");
  const found = (await engine.all(`select distinct _file as path from ${rows}`)).map((row) =>
    String(row["path"]),
  );
  const order = fromLoserToWinner(new Set(found.map((path) => best.get(path) ?? path)));
  const ranks = new Map(order.map((path, rank) => [path, rank]));
  const values = found.map((path) => `(${literal(path)}, ${ranks.get(best.get(path) ?? path) ?? 0})`);
  for (let from = 0; from < values.length; from += 1_000)
    await engine.run(`insert into scratch.path_ranks values ${values.slice(from, from + 1_000).join(", ")}`);
}

/** What `latestRows` reads. */
export interface LatestChunk {
  readonly source: SourceSpec;
  readonly partition: string | null;
  /** Bronze of some partitions. */
  readonly relation: string;
  /** SQL condition on the partition column that picks their winners. */
  readonly within: string;
  /** What `settleKeys` said over all partitions that are made anew. */
  readonly repeatedKeys: boolean;
  /** Whether a row may have a key, and whether one may be without. */
  readonly mayHoldKeys: boolean;
  readonly mayLackKeys: boolean;
}

/** SELECT of one row an identity for some partitions, after `settleKeys`. */
export async function latestRows(engine: Engine, chunk: LatestChunk): Promise<string> {
  const { source, partition } = chunk;
  const rows = identityRows(source, chunk.relation, partition);
  const columns = columnList(source);
  const keyed = (without: string): string =>
    `select ${columns} from (${rows}) as rows ${without} where ${KEY_HASH} is not null`;
  const parts = [];
  if (chunk.mayHoldKeys && !chunk.repeatedKeys) parts.push(keyed(""));
  if (chunk.mayHoldKeys && chunk.repeatedKeys)
    parts.push(
      keyed(`anti join ${REPEATED_KEYS} as repeated on repeated.h = rows.${KEY_HASH}`),
      `select ${columns} from scratch.winners where ${chunk.within}`,
    );
  if (chunk.mayLackKeys) parts.push(...(await latestContents(engine, source, rows)));
  return parts.join(" union all ");
}

async function latestContents(engine: Engine, source: SourceSpec, rows: string): Promise<readonly string[]> {
  const columns = columnList(source);
  const contents = `select ${columns}, _file, ${contentHash(source)} as h from (${rows}) where ${KEY_HASH} is null`;
  await engine.run(`create or replace table scratch.repeated_contents as
    select h from (${contents}) group by h having count(*) > 1`);
  if ((await countOf(engine, "scratch.repeated_contents")) === 0)
    return [`select ${columns} from (${contents})`];
  const repeated = "scratch.repeated_contents as repeated on repeated.h = rows.h";
  return [
    `select ${columns} from (${contents}) as rows anti join ${repeated}`,
    repeatsOfContent(source, `(select rows.* from (${contents}) as rows semi join ${repeated})`),
  ];
}

/** Distinct contents beyond one a key, among the rows of `bronze` whose key's hash is in `keys` (a relation of h). */
export async function supersededRows(
  engine: Engine,
  bronze: {
    readonly source: SourceSpec;
    readonly partition: string | null;
    readonly relation: string | null;
  },
  keys: string,
): Promise<number> {
  const { source, partition, relation } = bronze;
  if (!isKeyed(source) || relation === null || (await countOf(engine, keys)) === 0) return 0;
  const rows = await engine.all(`select count(*) - count(distinct h) as n from (
    select distinct ${KEY_HASH} as h, ${contentHash(source)} as content
    from (${identityRows(source, relation, partition)}) as rows
    semi join ${keys} as keys on keys.h = rows.${KEY_HASH})`);
  return Number(rows[0]?.["n"] ?? 0);
}

async function countOf(engine: Engine, relation: string): Promise<number> {
  return Number((await engine.all(`select count(*) as n from ${relation}`))[0]?.["n"]);
}
