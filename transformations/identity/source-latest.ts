import type { Engine } from "../../engines/engine.js";
import { ident, literal } from "../../engines/quote.js";
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

/**
 * Settle keys that more than one row has: which row wins may be decided by a partition that is not made anew.
 * Leaves two tables in the engine, `scratch.repeated_keys` and `scratch.winners`, for `latestRows`.
 */
export async function settleKeys(engine: Engine, bronze: BronzeReader): Promise<void> {
  const { source, partition, inside, outside } = bronze;
  await engine.run("create or replace table scratch.repeated_keys (h ubigint)");
  await engine.run(`create or replace table scratch.winners as
    ${inside === null ? "select 1 as none where false" : `${identityRows(source, inside, partition)} limit 0`}`);
  if (!isKeyed(source) || inside === null) return;
  const insideRows = identityRows(source, inside, partition);
  const insideHashes = `select ${KEY_HASH} as h from (${insideRows})`;
  const outsideHashes =
    outside === null
      ? ""
      : `union all select outside.h
         from (select ${KEY_HASH} as h from (${identityRows(source, outside, partition)})) as outside
         where exists (select 1 from (${insideHashes}) as inside where inside.h = outside.h)`;
  await engine.run(`insert into scratch.repeated_keys
    select h from (${insideHashes} ${outsideHashes}) where h is not null group by h having count(*) > 1`);
  const all = [inside, outside].filter((relation) => relation !== null);
  const repeated = all
    .map((relation) => identityRows(source, relation, partition))
    .map(
      (rows) => `select rows.* from (${rows}) as rows
      where exists (select 1 from scratch.repeated_keys as repeated where repeated.h = rows.${KEY_HASH})`,
    )
    .join(" union all ");
  await engine.run(`create or replace table scratch.repeated_rows as ${repeated}`);
  await rankPaths(engine, "scratch.repeated_rows", bronze.best);
  const count = Number((await engine.all("select count(*) as n from scratch.repeated_rows"))[0]?.["n"]);
  const cuts = Math.max(1, Math.ceil(count / SORTED_ROWS));
  for (let cut = 0; cut < cuts && count > 0; cut++)
    await engine.run(
      `insert into scratch.winners ${winners(
        source,
        `(select * from scratch.repeated_rows where ${KEY_HASH} % ${cuts} = ${cut})`,
        "scratch.path_ranks",
      )}`,
    );
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

/**
 * One row an identity for some partitions, after `settleKeys` over all that are made anew. `chunk`: their bronze;
 * `within`: SQL condition on the partition column that picks their winners.
 */
export async function latestRows(
  engine: Engine,
  bronze: Pick<BronzeReader, "source" | "partition">,
  chunk: string,
  within: string,
): Promise<string> {
  const { source, partition } = bronze;
  const rows = identityRows(source, chunk, partition);
  const columns = columnList(source);
  const parts = [];
  if (isKeyed(source)) {
    parts.push(
      `select ${columns} from (${rows}) as rows where ${KEY_HASH} is not null
        and not exists (select 1 from scratch.repeated_keys as repeated where repeated.h = rows.${KEY_HASH})`,
      `select ${columns} from scratch.winners where ${within}`,
    );
  }
  const byContent = `select ${columns}, _file, ${contentHash(source)} as h from (${rows}) where ${KEY_HASH} is null`;
  await engine.run(`create or replace table scratch.repeated_contents as
    select h from (${byContent}) group by h having count(*) > 1`);
  const repeated = Number(
    (await engine.all("select count(*) as n from scratch.repeated_contents"))[0]?.["n"],
  );
  if (repeated === 0) return [...parts, `select ${columns} from (${byContent})`].join(" union all ");
  const isRepeated = "exists (select 1 from scratch.repeated_contents as repeated where repeated.h = rows.h)";
  return [
    ...parts,
    `select ${columns} from (${byContent}) as rows where not ${isRepeated}`,
    repeatsOfContent(source, `(select rows.* from (${byContent}) as rows where ${isRepeated})`),
  ].join(" union all ");
}

/** Distinct contents beyond one a key, among the rows of `bronze` whose key's hash is in `keys` (a relation of h). */
export async function supersededRows(
  engine: Engine,
  bronze: {
    readonly source: SourceSpec;
    readonly partition: string | null;
    readonly relation: string | null;
  },
  keys: string | null,
): Promise<number> {
  const { source, partition, relation } = bronze;
  if (!isKeyed(source) || relation === null) return 0;
  const among =
    keys === null ? "" : `and exists (select 1 from ${keys} as keys where keys.h = rows.${ident(KEY_HASH)})`;
  const rows = await engine.all(`select count(*) - count(distinct h) as n from (
    select distinct ${KEY_HASH} as h, ${contentHash(source)} as content
    from (${identityRows(source, relation, partition)}) as rows where ${KEY_HASH} is not null ${among})`);
  return Number(rows[0]?.["n"] ?? 0);
}
