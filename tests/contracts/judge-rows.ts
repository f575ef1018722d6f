import type { JudgeInput } from "../../contracts/compiled-contract.js";
import type { Contract } from "../../contracts/contract.js";
import { prepareSession } from "../../contracts/session.js";
import type { DuckDbEngine } from "../../engines/duckdb.js";
import type { SqlRow } from "../../engines/engine.js";
import { ident, literal } from "../../engines/quote.js";
import type { Config, FeedOptions, JsonSchema, SourceRules } from "../../lib/config-types.js";
import type { Reason } from "../../lib/reason-types.js";

export const dialect: FeedOptions = {
  delimiter: null,
  quote: '"',
  encoding: null,
  header: true,
  names: [],
  sheet: null,
  header_row: null,
  pattern: [],
  null_values: [],
  timezone: "UTC",
  date_formats: [],
  decimal: ".",
  thousands: null,
};

export const noRules: SourceRules = { columns: {}, rows: [], freshness: null, volume: null, unique: [] };

/** Configuration parts of one source called `s`. */
export function source(
  schema: JsonSchema,
  rules: Partial<SourceRules> = {},
  defs: Readonly<Record<string, JsonSchema>> = {},
): Pick<Config, "schemas" | "defs" | "rules"> {
  return { schemas: { s: schema }, defs, rules: { s: { ...noRules, ...rules } } };
}

export interface JudgedRow {
  readonly row: SqlRow;
  readonly accepted: boolean;
  readonly reasons: readonly Reason[];
  readonly masks: readonly bigint[];
  readonly warnings: bigint;
}

/** Judge records by SQL: JSON texts of objects; for the text format their members are texts or null. */
export async function judgeRows(
  engine: DuckDbEngine,
  contract: Contract,
  records: readonly string[],
  format: "text" | "json",
  options: Partial<FeedOptions> = {},
  extra: Partial<JudgeInput> = {},
): Promise<readonly JudgedRow[]> {
  await prepareSession(engine, contract);
  const rows = records.map((record, index) => `(${index}, ${literal(record)}::json)`);
  const bindings = Object.fromEntries(
    contract.columns.map(({ name }) => {
      const path = literal(`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
      return [name, format === "text" ? `(r ->> ${path})` : `(r -> ${path})`];
    }),
  );
  const judge = contract.judge({
    from: `(values ${rows.join(", ")}) given(i, r)`,
    format,
    bindings,
    dialect: { ...dialect, ...options },
    carry: [`i as ${ident("_record")}`],
    ...extra,
  });
  const masks = Array.from({ length: judge.words }, (_, word) => `_mask_${word}`);
  const found = await engine.all(
    `select *, ${judge.accepted} as "?accepted", ${judge.reasons} as "?reasons" from (${judge.select}) order by _record`,
  );
  return found.map((row) => ({
    row,
    accepted: row["?accepted"] === true,
    reasons: row["?reasons"] as unknown as readonly Reason[],
    masks: masks.map((name) => row[name] as bigint),
    warnings: row["_warnings"] as bigint,
  }));
}
