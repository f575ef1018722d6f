import { personalColumns } from "../../contracts/schema-columns.js";
import type { Engine } from "../../engines/engine.js";
import {
  type QuarantineFilter,
  type QuarantineRow,
  readQuarantine,
  rowsByPath,
} from "../../quality/quarantine/browse.js";
import { MASK, maskRaw } from "../../quality/quarantine/mask.js";
import { foreignNames, rawLayout } from "../../quality/quarantine/raw-layout.js";
import { readReport } from "../../quality/reports/read-report.js";
import type { RunContext } from "../run-context.js";

/** Quarantined records, personal values hidden. */
export async function shownRecords(
  context: RunContext,
  engine: Engine,
  filter: QuarantineFilter,
  limit: number,
): Promise<readonly QuarantineRow[]> {
  return maskRows(context, await readQuarantine(engine, context.paths, filter, limit));
}

export function maskRows(context: RunContext, rows: readonly QuarantineRow[]): readonly QuarantineRow[] {
  const config = context.config();
  return [...rowsByPath(rows)].flatMap(([path, own]) => {
    const { source = "", feed = "" } = own[0] ?? {};
    const personal = personalColumns(config, source);
    const names = foreignNames(config, feed, personal);
    const header = readReport(context.paths, path)?.header ?? [];
    const layout = rawLayout(
      path,
      config.feeds[feed],
      header,
      own.map((row) => row.raw),
    );
    return own.map((row) => ({
      ...row,
      reasons: row.reasons.map((reason) =>
        reason.column !== null && reason.value !== null && personal.has(reason.column)
          ? { ...reason, value: MASK }
          : reason,
      ),
      raw: maskRaw(row.raw, layout, names),
    }));
  });
}

export function recordLines(row: QuarantineRow): readonly string[] {
  const place = row.line === null ? `record ${row.record}` : `line ${row.line} (record ${row.record})`;
  const replayed = row.replayed_by === null ? "" : `  replayed by ${row.replayed_by}`;
  return [
    "",
    `${row.path}  ${place}  ${row.id}${replayed}`,
    ...row.reasons.map(
      ({ code, column, value, message }) =>
        `  ${code}  ${column ?? "-"}${value === null ? "" : ` = ${JSON.stringify(value)}`}  ${message}`,
    ),
    `  ${row.raw === null ? `${row.raw_bytes?.length ?? 0} bytes that are no text` : printable(row.raw)}`,
  ];
}

/** One line, without control characters that a terminal would obey. */
function printable(raw: string): string {
  return JSON.stringify(raw.length > 500 ? `${raw.slice(0, 500)}…` : raw)
    .slice(1, -1)
    .replaceAll('\\"', '"');
}
