import type { Engine } from "../../engines/engine.js";
import { parquetRowGroups } from "../../engines/parquet.js";
import { ident } from "../../engines/quote.js";
import { type PartitionValue, toUnit } from "../planner/partitions.js";
import { partitionColumn, type SourceSpec } from "../sources/source-spec.js";

const DAY_MS = 86_400_000;
/** A row group that spans more says nothing. */
const MOST_DAYS = 400;

/** What the statistics of staged files tell of the partitions that their rows go to. */
export interface StagedDays {
  /** Partition → rows that a read of it alone goes through. */
  readonly reads: ReadonlyMap<PartitionValue, number>;
  readonly rows: number;
}

/** null where the statistics leave it open. */
export async function stagedDays(
  engine: Engine,
  source: SourceSpec,
  staged: readonly string[],
): Promise<StagedDays | null> {
  const unit = partitionColumn(source);
  if (unit === null || source.eventTime === null || staged.length === 0) return null;
  const reads = new Map<PartitionValue, number>();
  let rows = 0;
  for (const group of await parquetRowGroups(engine, staged, source.eventTime)) {
    rows += group.rows;
    const days = daysBetween(group.min, group.max);
    if (days === null || group.nulls === null) return null;
    const values = new Set<PartitionValue>(days.map((day) => toUnit(day, unit)));
    if (group.nulls > 0) values.add(null);
    for (const value of values) reads.set(value, (reads.get(value) ?? 0) + group.rows);
  }
  return reads.size === 0 ? null : { reads, rows };
}

function daysBetween(min: string | null, max: string | null): readonly string[] | null {
  const [first, last] = [dayOf(min), dayOf(max)];
  if (Number.isNaN(first) || Number.isNaN(last)) return null;
  const count = (last - first) / DAY_MS + 1;
  if (count > MOST_DAYS) return null;
  return Array.from({ length: count }, (_, at) => new Date(first + at * DAY_MS).toISOString().slice(0, 10));
}

/** Midnight of a date or of a time in UTC; NaN for anything else. */
function dayOf(text: string | null): number {
  const parts = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?: .*\+00(?::?00)?)?$/.exec(text ?? "");
  return Date.parse(`${parts?.[1] ?? ""}T00:00:00Z`);
}

/** SQL: the event's time lies in a partition, said so that what a file's statistics exclude is not read. */
export function inStagedPartition(source: SourceSpec, value: string): string {
  const column = source.columns.find(({ name }) => name === source.eventTime);
  const type = column?.sqlType ?? "TIMESTAMP WITH TIME ZONE";
  const next =
    source.partition === "month" ? nextMonth(value) : isoDay(Date.parse(`${value}T00:00:00Z`) + DAY_MS);
  const time = (day: string): string => `cast('${day}' as ${type})`;
  const name = ident(source.eventTime ?? "");
  return `${name} >= ${time(value)} and ${name} < ${time(next)}`;
}

function nextMonth(value: string): string {
  return toUnit(isoDay(Date.parse(`${value}T00:00:00Z`) + 32 * DAY_MS), "month") ?? value;
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
