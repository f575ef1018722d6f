import type { SqlRow, SqlValue, WrittenFile } from "../../engines/engine.js";
import { ident, literal } from "../../engines/quote.js";
import type { QuarantineCode, RuleCount } from "../../lib/run-types.js";
import type { StreamShape } from "../prepared-file.js";
import type { AcceptedStats } from "./accepted-stats.js";
import type { Session } from "./session.js";

const SAMPLES = 5;

/** How often each rule failed in each file, with a few samples in which personal values are masked. */
export async function errorCounts(
  session: Session,
  shape: StreamShape,
  quarantined: readonly WrittenFile[],
): Promise<ReadonlyMap<string, readonly RuleCount[]>> {
  if (quarantined.length === 0) return new Map();
  session.profile.scans++;
  const from = `read_parquet([${quarantined.map((file) => literal(file.path)).join(", ")}])`;
  const rows = await session.engine.all(
    `select "path", r.code as code, r."column" as col, r.rule as rule, count(*) as n, min("record", ${SAMPLES}) as records
      from (select "path", "record", unnest("reasons") as r from ${from})
      group by "path", r.code, r."column", r.rule order by all`,
  );
  if (rows.length === 0) throw new Error("records were quarantined without a reason");
  const samples = await sampledReasons(session, from, rows);
  const mask = masker(session, shape);
  const counts = new Map<string, RuleCount[]>();
  for (const row of rows) {
    const column = row["col"] === null ? null : String(row["col"]);
    const found = (row["records"] as readonly SqlValue[]).map((record) => {
      const sample = samples.get(reasonKey(row, record));
      if (sample === undefined) throw new Error(`record ${String(record)} has lost its reason`);
      return {
        record: Number(record),
        line: sample["line"] === null ? null : Number(sample["line"]),
        value: mask.value(column, textOf(sample["value"])),
        raw: mask.raw(String(row["code"]), textOf(sample["raw"])),
      };
    });
    const path = String(row["path"]);
    const own = counts.get(path) ?? [];
    counts.set(path, own);
    own.push({
      rule: String(row["rule"]),
      code: String(row["code"]) as QuarantineCode,
      column,
      severity: "error",
      count: Number(row["n"]),
      samples: found,
    });
  }
  return counts;
}

/** The reasons of the sampled records, each by its `reasonKey`: read by themselves, so that counting reads no raw text. */
async function sampledReasons(
  session: Session,
  from: string,
  counted: readonly SqlRow[],
): Promise<ReadonlyMap<string, SqlRow>> {
  session.profile.scans++;
  const wanted = counted.flatMap((row) =>
    (row["records"] as readonly SqlValue[]).map(
      (record) => `(${literal(String(row["path"]))}, ${String(record)})`,
    ),
  );
  const rows = await session.engine.all(
    `select "path", "record", "line", left("raw", 2000) as raw, r.code as code, r."column" as col, r.rule as rule, left(r.value, 200) as value
      from (select "path", "record", "line", "raw", unnest("reasons") as r from ${from}
        where ("path", "record") in (select * from (values ${[...new Set(wanted)].join(", ")})))`,
  );
  return new Map(rows.map((row) => [reasonKey(row, row["record"] ?? null), row]));
}

function reasonKey(row: SqlRow, record: SqlValue): string {
  return JSON.stringify([row["path"], String(record), row["code"], row["col"], row["rule"]]);
}

/** How often each rule of severity warn or info failed among accepted records, with a few of their values. */
export async function warningCounts(
  session: Session,
  accepted: readonly WrittenFile[],
  stats: ReadonlyMap<string, AcceptedStats>,
): Promise<ReadonlyMap<string, readonly RuleCount[]>> {
  const counts = new Map<string, RuleCount[]>();
  for (const { bit, rule, code, column, severity } of session.contract.warnings) {
    const concerned = [...stats].filter(([, own]) => (own.warnings[bit] ?? 0) > 0);
    if (concerned.length === 0) continue;
    const personal = session.contract.columns.find((one) => one.name === column)?.personal ?? null;
    const hidden = personal !== null || column === "ip_address";
    const value = column === null ? "null" : hidden ? literal(MASK) : `cast(${ident(column)} as varchar)`;
    const rows = await session.engine.all(
      `select "_file" as path, min_by({'record': "_record", 'value': ${value}}, "_record", ${SAMPLES}) as samples
        from read_parquet([${accepted.map((file) => literal(file.path)).join(", ")}])
        where ("_warnings" >> ${bit}) & 1 = 1 group by all`,
    );
    const samples = new Map(rows.map((row) => [String(row["path"]), row["samples"] as readonly SqlRow[]]));
    for (const [path, own] of concerned) {
      const shown = (samples.get(path) ?? []).map((sample) => ({
        record: Number(sample["record"]),
        line: null,
        value: textOf(sample["value"]),
        raw: null,
      }));
      const list = counts.get(path) ?? [];
      counts.set(path, list);
      list.push({ rule, code, column, severity, count: own.warnings[bit] ?? 0, samples: shown });
    }
  }
  return counts;
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

const MASK = "***";
/** Records that cannot be taken apart, so that nothing in them can be masked. */
const UNPARSED: ReadonlySet<string> = new Set(["malformed_row", "invalid_json", "invalid_encoding"]);

/** Hides the values of personal columns, and of ip_address, wherever an example is shown. */
function masker(
  session: Session,
  shape: StreamShape,
): {
  value(column: string | null, value: string | null): string | null;
  raw(code: string, raw: string | null): string | null;
} {
  const personal = new Set(
    session.contract.columns
      .filter((column) => column.personal !== null || column.name === "ip_address")
      .map((column) => column.name),
  );
  return {
    value: (column, value) => (column !== null && personal.has(column) && value !== null ? MASK : value),
    raw: (code, raw) => {
      if (raw === null || personal.size === 0) return raw;
      if (UNPARSED.has(code)) return null;
      const record = parsed(shape, raw);
      // What cannot be taken apart cannot be masked: better no example than a personal one.
      if (record === null) return null;
      let shown = raw;
      for (const name of personal) {
        const value = record[name];
        if (typeof value === "string" && value !== "") shown = shown.replaceAll(value, MASK);
      }
      return shown;
    },
  };
}

function parsed(shape: StreamShape, raw: string): Readonly<Record<string, unknown>> | null {
  try {
    return shape.oracleRecord(Buffer.from(raw));
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
