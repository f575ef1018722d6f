import type { StreamShape } from "../prepared-file.js";
import type { FirstLook } from "./first-look.js";
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
