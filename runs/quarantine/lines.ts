import type { QuarantineCount } from "../../quality/quarantine/browse.js";

/** The counts as lines for people: how many records in all, then a line a file and reason. */
export function countLines(records: number, counts: readonly QuarantineCount[]): readonly string[] {
  const first = counts[0];
  if (records === 0 || first === undefined) return ["no record is in quarantine"];
  const width = String(first.records).length;
  return [
    `${records} records in quarantine (a record counts under each of its reasons)`,
    ...counts.map(
      ({ path, code, column, rule, records: n }) =>
        `${String(n).padStart(width)}  ${path}  ${code}  ${column ?? "-"}  ${rule}`,
    ),
  ];
}
