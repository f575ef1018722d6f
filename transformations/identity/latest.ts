import { ident } from "../../engines/quote.js";
import type { SourceSpec } from "../sources/source-spec.js";

/**
 * SQL for "one row an identity". Rows that share their identity with no other row, nearly all, are told by a hash
 * and pass as they are; only the others are compared. Equal identities have equal hashes, so this loses nothing.
 */

/** Column of the rows of `identityRows`: hash of the key, null where the content is the identity. */
export const KEY_HASH = "_key_hash";

/** The contract's columns with trimmed keys, `_file`, the partition and the key's hash. */
export function identityRows(source: SourceSpec, bronze: string, partition: string | null): string {
  const columns = source.columns.map((column) =>
    isTextKey(source, column.name)
      ? `trim_blanks(${ident(column.name)}) as ${ident(column.name)}`
      : ident(column.name),
  );
  const extra =
    partition === null || source.columns.some((c) => c.name === partition) ? [] : [ident(partition)];
  return `select ${[...columns, ident("_file"), ...extra, `${keyHash(source)} as ${ident(KEY_HASH)}`].join(", ")} from ${bronze} as bronze`;
}

/** Hash of a row's key, null where a key column is null or there is no key. */
export function keyHash(source: SourceSpec): string {
  if (source.key.length === 0) return "cast(null as ubigint)";
  const trimmed = source.key.map((name) => keyValue(source, name));
  const present = source.key.map((name) => `${ident(name)} is not null`).join(" and ");
  return `case when ${present} then hash(${trimmed.join(", ")}) end`;
}

function keyValue(source: SourceSpec, name: string): string {
  return isTextKey(source, name) ? `trim_blanks(${ident(name)})` : ident(name);
}

function isTextKey(source: SourceSpec, name: string): boolean {
  const column = source.columns.find((candidate) => candidate.name === name);
  return source.key.includes(name) && column?.sqlType === "VARCHAR";
}

/** Whether the source has rows that are known by a key at all. */
export function isKeyed(source: SourceSpec): boolean {
  return source.key.length > 0;
}

export function columnList(source: SourceSpec): string {
  return source.columns.map((column) => ident(column.name)).join(", ");
}

/** Hash of all columns of the contract. */
export function contentHash(source: SourceSpec): string {
  return `hash(${columnList(source)})`;
}

/**
 * Of rows with equal keys the winner: greatest version, then the file that wins ties (`ranks`: relation of path
 * and rank), then the greatest content. `rows`: relation with the columns of `identityRows`.
 */
export function winners(source: SourceSpec, rows: string, ranks: string): string {
  const version = source.versionBy ?? source.eventTime;
  const order = [
    ...(version === null ? [] : [`${ident(version)} desc nulls last`]),
    "ranks.rank desc nulls last",
    ...source.columns.map((column) => `${ident(column.name)} desc nulls last`),
  ];
  return `select * exclude (place) from (
    select keyed.*, row_number() over (
      partition by ${source.key.map(ident).join(", ")} order by ${order.join(", ")}
    ) as place
    from ${rows} as keyed left join ${ranks} as ranks on ranks.path = keyed._file
  ) where place = 1`;
}

/** Each content as often as the file that says it most often says it. */
export function repeatsOfContent(source: SourceSpec, rows: string): string {
  const columns = columnList(source);
  return `select ${columns} from (select distinct ${columns}, occurrence from (
    select ${columns}, row_number() over (partition by ${columns}, _file) as occurrence from ${rows}
  ))`;
}
