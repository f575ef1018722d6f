import type { WrittenFile } from "../../engines/engine.js";
import { ident, literalList } from "../../engines/quote.js";
import type { Session } from "./session.js";
import type { StreamFile } from "./stream-files.js";

/** What the accepted records of one file hold. */
export interface AcceptedStats {
  readonly nullCounts: Readonly<Record<string, number>>;
  readonly eventTimeMin: string | null;
  readonly eventTimeMax: string | null;
  /** Count of each rule of severity warn or info, by its bit. */
  readonly warnings: readonly number[];
}

/** Per file: from the writer's own statistics where one file is all there is, else by one aggregate. */
export async function acceptedStats(
  session: Session,
  files: readonly StreamFile[],
  written: readonly WrittenFile[],
  eventTime: string | null,
): Promise<ReadonlyMap<string, AcceptedStats>> {
  const only = files.length === 1 && written.length === 1 ? written[0] : undefined;
  const path = files[0]?.prepared.file.path ?? "";
  if (only !== undefined) {
    const stats = fromWriter(session, only, eventTime);
    if (stats !== null) return new Map([[path, stats]]);
  }
  return written.length === 0 ? new Map() : await fromScan(session, written, eventTime);
}

function fromWriter(session: Session, written: WrittenFile, eventTime: string | null): AcceptedStats | null {
  const warnings = written.columns["_warnings"];
  if (session.contract.warnings.length > 0 && (warnings?.["max"] !== "0" || warnings["min"] !== "0"))
    return null;
  const nullCounts: Record<string, number> = {};
  for (const name of session.canonical) {
    const count = written.columns[name]?.["null_count"];
    if (count === undefined) return null;
    nullCounts[name] = Number(count);
  }
  const time = eventTime === null ? undefined : written.columns[eventTime];
  return {
    nullCounts,
    eventTimeMin: isoTime(time?.["min"]),
    eventTimeMax: isoTime(time?.["max"]),
    warnings: session.contract.warnings.map(() => 0),
  };
}

async function fromScan(
  session: Session,
  written: readonly WrittenFile[],
  eventTime: string | null,
): Promise<ReadonlyMap<string, AcceptedStats>> {
  session.profile.scans++;
  const nulls = session.canonical.map((name) => `count(*) - count(${ident(name)})`);
  const times = eventTime === null ? "null, null" : `min(${ident(eventTime)}), max(${ident(eventTime)})`;
  const bits = session.contract.warnings.map(
    ({ bit }) => `count(*) filter (("_warnings" >> ${bit}) & 1 = 1)`,
  );
  const rows = await session.engine.all(
    `select "_file", [${nulls.join(", ")}] as nulls, [${times}] as times, [${["0", ...bits].join(", ")}] as bits
      from read_parquet([${written.map((file) => literalList([file.path]).slice(1, -1)).join(", ")}]) group by all`,
  );
  return new Map(
    rows.map((row) => {
      const counts = row["nulls"] as readonly unknown[];
      const [min, max] = row["times"] as readonly unknown[];
      return [
        String(row["_file"]),
        {
          nullCounts: Object.fromEntries(
            session.canonical.map((name, index) => [name, Number(counts[index])]),
          ),
          eventTimeMin: isoTime(min),
          eventTimeMax: isoTime(max),
          warnings: (row["bits"] as readonly unknown[]).slice(1).map(Number),
        },
      ];
    }),
  );
}

/** `2026-01-02 03:04:05.678+00` or a day → ISO in UTC. */
export function isoTime(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = String(value).replace(" ", "T");
  const parsed = new Date(/T/.test(text) ? text.replace(/\+00$/, "Z") : `${text}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) ? null : parsed.toISOString();
}
