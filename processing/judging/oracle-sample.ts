import type { OracleReason } from "../../contracts/oracle/oracle.js";
import { literal } from "../../engines/quote.js";
import type { Config } from "../../lib/config-types.js";
import type { StreamShape } from "../prepared-file.js";
import type { FirstLook, SampledRecord } from "./first-look.js";
import type { SecondLook } from "./second-look.js";
import type { Session } from "./session.js";

export interface OracleCounts {
  readonly judged: number;
  readonly disagreements: number;
  readonly examples: readonly string[];
}

/** Judges the sampled records of a stream a second time, by other means; answers with the counts of a file. */
export type OracleJudge = (
  session: Session,
  first: FirstLook,
  second: SecondLook,
  shape: StreamShape,
) => Promise<(path: string) => OracleCounts>;

export function noOracle(_path: string): OracleCounts {
  return { judged: 0, disagreements: 0, examples: [] };
}

const EXAMPLES = 5;

/** The oracle of quality/, loaded when the first sample asks for it. */
export function sampledOracle(config: Pick<Config, "schemas" | "defs" | "rules">): OracleJudge {
  return async (session, first, second, shape) => {
    if (first.sampled.length + second.sampled.length === 0) return noOracle;
    const { createOracle, compareVerdicts } = await import("../../contracts/oracle/oracle.js");
    const oracle = createOracle(session.contract, config, session.feed.options);
    const counts = new Map<string, { judged: number; disagreements: number; examples: string[] }>();
    const compare = (sample: SampledRecord, sql: readonly OracleReason[]): void => {
      const { path } = sample.file.prepared.file;
      const own = counts.get(path) ?? { judged: 0, disagreements: 0, examples: [] };
      counts.set(path, own);
      const record = withConstants(shape.oracleRecord(sample.engine), session);
      const known = new Set(session.canonical);
      const unknown = Object.entries(record).some(([name, value]) => !known.has(name) && isValue(value));
      const judged = oracle.judge(record, shape.format, { unknown });
      own.judged++;
      const differences = compareVerdicts(sql, judged, oracle.uncovered);
      if (differences.size === 0) return;
      own.disagreements++;
      if (own.examples.length < EXAMPLES) {
        own.examples.push(`record ${sample.record}: ${[...differences].join("; ")}`);
      }
    };
    for (const sample of first.sampled) compare(sample, []);
    const reasons = await sqlReasons(session, second);
    for (const sample of second.sampled) {
      const key = `${sample.record} ${sample.file.prepared.file.path}`;
      const own = reasons.get(key) ?? [];
      // What is no record at all has nothing that the oracle could judge.
      if (!own.some((reason) => reason.code === "invalid_json")) compare(sample, own);
    }
    return (path) => counts.get(path) ?? noOracle(path);
  };
}

async function sqlReasons(
  session: Session,
  second: SecondLook,
): Promise<ReadonlyMap<string, readonly OracleReason[]>> {
  if (second.quarantined === null || second.sampled.length === 0) return new Map();
  const wanted = second.sampled.map((sample) => sample.record).join(", ");
  const rows = await session.engine.all(
    `select "path", "record", "reasons" from read_parquet(${literal(second.quarantined.path)}) where "record" in (${wanted})`,
  );
  return new Map(
    rows.map((row) => [
      `${row["record"]} ${row["path"]}`,
      row["reasons"] as unknown as readonly OracleReason[],
    ]),
  );
}

function isValue(value: unknown): boolean {
  return value !== null && value !== undefined && value !== "";
}

function withConstants(
  record: Readonly<Record<string, unknown>>,
  session: Session,
): Readonly<Record<string, unknown>> {
  const { constants, options } = session.feed;
  const full: Record<string, unknown> = { ...record };
  for (const [name, text] of Object.entries(constants)) {
    const own = full[name];
    if (!isValue(own) || (typeof own === "string" && options.null_values.includes(own))) full[name] = text;
  }
  return full;
}
