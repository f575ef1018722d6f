import { ident, literal } from "../engines/quote.js";
import type { TableColumn } from "../lib/run-types.js";
import { sqlType } from "./columns.js";
import type { LiveFile, Snapshot } from "./snapshot.js";

export interface RelationOptions {
  /** Only these live files; absent = all. */
  readonly files?: readonly LiveFile[];
  /** Other columns than the snapshot's: one that no file has is null. */
  readonly columns?: readonly TableColumn[];
}

const NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

/**
 * A snapshot as SQL: `(select …)`, typed, its columns in order. Partition columns come from the log, whoever wrote the
 * files; a column that a file lacks is null. Without files it is empty, and typed all the same.
 */
export function relation(snapshot: Snapshot, options: RelationOptions = {}): string {
  const columns = options.columns ?? snapshot.columns;
  const files = options.files ?? snapshot.files;
  const partitionColumns = snapshot.columns.filter((column) => snapshot.partitionBy.includes(column.name));
  const nothing = `select ${columns.map(({ name, type }) => `cast(null as ${sqlType(type)}) as ${ident(name)}`).join(", ")} where false`;
  const branches = [nothing];
  const hive = files.filter((file) => isHivePath(file, snapshot));
  if (hive.length > 0) branches.push(hiveScan(hive, partitionColumns));
  for (const group of byPartition(files.filter((file) => !isHivePath(file, snapshot)))) {
    branches.push(constantScan(group, partitionColumns));
  }
  const typed = columns.map(({ name, type }) => `cast(${ident(name)} as ${sqlType(type)}) as ${ident(name)}`);
  return `(select ${typed.join(", ")} from (${branches.join(" union all by name ")}))`;
}

/** The engine may take partition values from the path only where the path says what the log says, and nothing more. */
function isHivePath(file: LiveFile, snapshot: Snapshot): boolean {
  if (snapshot.folder.includes("=") || file.absolute === file.path) return false;
  const folders = file.path.split("/").slice(0, -1);
  if (
    folders.length !== snapshot.partitionBy.length ||
    file.path.slice(file.path.lastIndexOf("/")).includes("=")
  )
    return false;
  return snapshot.partitionBy.every((name, at) => {
    const value = file.partition_values[name] ?? null;
    return folders[at] === `${name}=${value ?? NULL_FOLDER}` && value !== "" && !value?.includes("%");
  });
}

function hiveScan(files: readonly LiveFile[], partitionColumns: readonly TableColumn[]): string {
  const types = partitionColumns.map(({ name, type }) => `${literal(name)}: ${sqlType(type)}`);
  const hive =
    types.length === 0
      ? "hive_partitioning = false"
      : `hive_partitioning = true, hive_types = {${types.join(", ")}}`;
  return `select * from read_parquet([${paths(files)}], union_by_name = true, ${hive})`;
}

function constantScan(files: readonly LiveFile[], partitionColumns: readonly TableColumn[]): string {
  const values = partitionColumns.map(({ name, type }) => {
    const value = files[0]?.partition_values[name] ?? null;
    // an empty partition value is Delta's other spelling of null
    const constant = value === null || value === "" ? "null" : literal(value);
    return `cast(${constant} as ${sqlType(type)}) as ${ident(name)}`;
  });
  return `select ${["*", ...values].join(", ")} from read_parquet([${paths(files)}], union_by_name = true, hive_partitioning = false)`;
}

function byPartition(files: readonly LiveFile[]): readonly (readonly LiveFile[])[] {
  const groups = new Map<string, LiveFile[]>();
  for (const file of files) {
    const key = JSON.stringify(file.partition_values);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups.values()];
}

function paths(files: readonly LiveFile[]): string {
  return files.map((file) => literal(file.absolute)).join(", ");
}
