import type { Engine } from "./engine.js";

/**
 * Functions that every model, rule and contract may call, with the same name and answer on every engine
 * (docs/models.md lists them). An engine that says something differently brings a prelude of its own.
 */
const duckDbPrelude: readonly string[] = [
  // a decimal for a DOUBLE, so that sums don't depend on the order of rows; null beyond 15 digits before the point
  "create or replace macro exact(number) as try_cast(number as decimal(24, 9))",
  // a / b as DECIMAL(38, 6), half away from zero; null where b is 0 or a or b is beyond 10^20
  `create or replace macro ratio(a, b) as case when b <> 0 then
     cast(sign(a) * sign(b) * (
       (abs(cast(try_cast(a as decimal(29, 9)) * 1000000000 as hugeint)) * 2000000
         + abs(cast(try_cast(b as decimal(29, 9)) * 1000000000 as hugeint)))
       // (2 * abs(cast(try_cast(b as decimal(29, 9)) * 1000000000 as hugeint)))
     ) as decimal(38, 0)) * cast(0.000001 as decimal(7, 6)) end`,
  // quantity · price · two factors, rounded once to DECIMAL(38, 4), half away from zero; null beyond 10^18
  `create or replace macro exact_product(quantity, price, factor, other_factor) as
     case when abs(cast(quantity as double) * cast(price as double)) < 1e18 then try(cast(round(
       cast(quantity as decimal(19, 0)) * cast(price as decimal(22, 4)) * cast(factor as decimal(10, 9))
         * cast(other_factor as decimal(8, 6)), 4) as decimal(38, 4))) end`,
  "create or replace macro days_between(day, later_day) as date_diff('day', day, later_day)",
  // minutes with their fraction, as DOUBLE
  "create or replace macro minutes_between(start, later) as (epoch_us(later) - epoch_us(start)) / 60000000.0::double",
  "create or replace macro lower_ascii(text) as translate(text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')",
  "create or replace macro upper_ascii(text) as translate(text, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')",
  "create or replace macro trim_blanks(text) as trim(text, ' ' || chr(9) || chr(10) || chr(13))",
  // e-mail: first letter and domain; any other text: first letter; three stars in between
  `create or replace macro personal_mask(text) as case
     when text is null or text = '' then text
     when strpos(text, '@') > 1 then substr(text, 1, 1) || '***@' || split_part(text, '@', -1)
     else substr(text, 1, 1) || '***' end`,
];

/** The prelude's statements for an engine. */
export function preludeStatements(engine: "duckdb"): readonly string[] {
  return { duckdb: duckDbPrelude }[engine];
}

/** Install the prelude in an engine, once a session. */
export async function installPrelude(engine: Engine): Promise<void> {
  for (const statement of duckDbPrelude) await engine.run(statement);
}
