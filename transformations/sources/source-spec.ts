import { ident } from "../../engines/quote.js";
import { GristmillError } from "../../lib/errors.js";

/** What the transformations need to know of a source: its configuration and its contract's columns, as data. */
export interface SourceSpec {
  readonly name: string;
  readonly key: readonly string[];
  readonly eventTime: string | null;
  /** Column whose greatest value wins among versions of a key; null = the event time. */
  readonly versionBy: string | null;
  readonly partition: "date" | "month" | "none";
  readonly columns: readonly SourceColumn[];
  /** Columns that the delivered models name and the contract lacks: always null. */
  readonly absent?: readonly SourceColumn[];
}

export interface SourceColumn {
  readonly name: string;
  /** Type in SQL, such as DECIMAL(18,2). */
  readonly sqlType: string;
  /** Type in Delta's words, such as decimal(18,2). */
  readonly deltaType: string;
  readonly personal: "mask" | "hash" | "drop" | null;
}

/** Partition column of a source's tables; null where they have none. */
export function partitionColumn(source: SourceSpec): "date" | "month" | null {
  return source.partition === "none" || source.eventTime === null ? null : source.partition;
}

/** SQL of the day of a row's event time, in UTC; null where the source has none. */
export function eventDay(source: SourceSpec): string | null {
  if (source.eventTime === null) return null;
  const column = source.columns.find(({ name }) => name === source.eventTime);
  const name = ident(source.eventTime);
  return column?.deltaType === "date" ? name : `day_of(${name})`;
}

/** Throws bad_configuration when a column of the contract takes the name of the partition and is something else. */
export function refuseTakenPartition(source: SourceSpec): void {
  const partition = partitionColumn(source);
  const taken = source.columns.find(({ name }) => name.toLowerCase() === partition);
  if (
    taken === undefined ||
    (taken.name === source.eventTime && taken.sqlType === "DATE" && partition === "date")
  )
    return;
  throw new GristmillError(
    "bad_configuration",
    `pipeline_config.yaml: sources.${source.name}.partition: the contract has a column ${taken.name} of its own; ` +
      "rename that column in data_schemas.json or choose another partition",
  );
}
