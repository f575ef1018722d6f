import type { Engine } from "./engine.js";

const UPPER = "'ABCDEFGHIJKLMNOPQRSTUVWXYZ'";
const LOWER = "'abcdefghijklmnopqrstuvwxyz'";

/** Ratio in millionths as DOUBLE: exact enough to round, save where it lies close to a half. */
const millionths = "(cast(a as double) / cast(b as double) * 1000000.0)";
/** Microseconds since midnight, before 1970 too. */
const sinceMidnight = "((epoch_us(moment) % 86400000000 + 86400000000) % 86400000000)";

/**
 * Functions that every model, rule and contract may call, with the same name and answer on every engine
 * (docs/models.md lists them). An engine that says something differently brings a prelude of its own.
 * 128-bit division, `translate`, `trim` with a list and times with a zone cost microseconds a row here, so the
 * common case of each function goes another way, to the same answer.
 */
const duckDbPrelude: readonly string[] = [
  // a decimal for a DOUBLE, so that sums don't depend on the order of rows; null beyond 15 digits before the point
  "create or replace macro exact(number) as try_cast(number as decimal(24, 9))",
  // a / b as DECIMAL(38, 6), half away from zero; null where b is 0 or a or b is beyond 10^20
  `create or replace macro exact_ratio(a, b) as cast(sign(a) * sign(b) * (
     (abs(cast(try_cast(a as decimal(29, 9)) * 1000000000 as hugeint)) * 2000000
       + abs(cast(try_cast(b as decimal(29, 9)) * 1000000000 as hugeint)))
     // (2 * abs(cast(try_cast(b as decimal(29, 9)) * 1000000000 as hugeint)))
   ) as decimal(38, 0)) * cast(0.000001 as decimal(7, 6))`,
  `create or replace macro ratio(a, b) as case
     when b = 0 then null
     when abs(${millionths}) < 1e12
       and abs(abs(${millionths}) - trunc(abs(${millionths})) - 0.5) > 0.004
     then cast(cast(cast(round(${millionths}) as bigint) as decimal(18, 0)) * cast(0.000001 as decimal(7, 6)) as decimal(38, 6))
     else exact_ratio(a, b) end`,
  // quantity · price · (1 − discount) · (1 + surcharge), the two shares DOUBLE; rounded once to DECIMAL(38, 4), half
  // away from zero; quantities have up to 3 digits, shares up to 9 and 6; null beyond 10^16. Whole quantities, shares of
  // up to 3 digits and amounts below 9 · 10^8 go by 64-bit integers
  `create or replace macro exact_amount(quantity, price, discount, surcharge) as case
     when abs(discount * 1000 - round(discount * 1000)) < 5e-7
       and abs(surcharge * 1000 - round(surcharge * 1000)) < 5e-7
       and cast(quantity as double) = round(cast(quantity as double))
       and abs(cast(quantity as double) * cast(price as double)) * (1 + abs(discount)) * (1 + abs(surcharge)) < 9e8
     then cast(cast((
         cast(quantity as bigint) * cast(round(cast(price as double) * 10000) as bigint)
           * (1000 - cast(round(discount * 1000) as bigint)) * (1000 + cast(round(surcharge * 1000) as bigint))
         + 500000 * cast(sign(cast(quantity as double) * cast(price as double) * (1 - discount) * (1 + surcharge)) as bigint)
       ) // 1000000 as decimal(18, 0)) * cast(0.0001 as decimal(5, 4)) as decimal(38, 4))
     when abs(cast(quantity as double) * cast(price as double)) < 1e16 then try(cast(round(
       cast(quantity as decimal(22, 3)) * cast(price as decimal(22, 4)) * cast(1 - exact(discount) as decimal(10, 9))
         * cast(1 + exact(surcharge) as decimal(8, 6)), 4) as decimal(38, 4))) end`,
  // the day, its first of the month, and the hour of a time, in UTC
  `create or replace macro day_of(moment) as
     date '1970-01-01' + cast((epoch_us(moment) - ${sinceMidnight}) // 86400000000 as integer)`,
  "create or replace macro month_of(day) as day - cast(extract(day from day) - 1 as integer)",
  `create or replace macro hour_of(moment) as cast(${sinceMidnight} // 3600000000 as integer)`,
  "create or replace macro days_between(day, later_day) as date_diff('day', day, later_day)",
  // minutes with their fraction, as DOUBLE
  "create or replace macro minutes_between(start, later) as (epoch_us(later) - epoch_us(start)) / 60000000.0::double",
  // only A to Z change; a text as long in bytes as in characters is ASCII
  `create or replace macro lower_ascii(text) as
     case when strlen(text) = length(text) then lower(text) else translate(text, ${UPPER}, ${LOWER}) end`,
  `create or replace macro upper_ascii(text) as
     case when strlen(text) = length(text) then upper(text) else translate(text, ${LOWER}, ${UPPER}) end`,
  // lower case, with _ for blank, hyphen and point
  "create or replace macro snake_ascii(text) as replace(replace(replace(lower_ascii(text), ' ', '_'), '-', '_'), '.', '_')",
  // only a text that starts or ends below ! has a blank to lose
  `create or replace macro trim_blanks(text) as
     case when text < '!' or reverse(text) < '!' then trim(text, ' ' || chr(9) || chr(10) || chr(13)) else text end`,
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
