import { constantOf, ident } from "../engines/quote.js";
import { WORD_BITS } from "./compiled-contract.js";
import type { Check } from "./rules.js";

const REASONS = 'struct(code varchar, "column" varchar, rule varchar, value varchar, message varchar)[]';

/**
 * SQL for the list of a row's reasons. Most rows fail one check: one branch makes that reason, of constants that are
 * ENUMs and so neither copied nor hashed a row; only a row that fails several asks check by check.
 */
export function reasonsSql(checks: readonly Check[]): string {
  if (checks.length === 0) return `[]::${REASONS}`;
  const codes = constantOf(checks.map((check) => check.code));
  const columns = constantOf(checks.flatMap((check) => check.column ?? []));
  const rules = constantOf(checks.map((check) => check.rule));
  const messages = constantOf(checks.map((check) => check.message));
  const reasons = checks.map((check, index) => {
    const shown = check.column === null ? "null::varchar" : ident(`t:${check.column}`);
    return {
      word: Math.floor(index / WORD_BITS),
      bit: (1n << BigInt(index % WORD_BITS)).toString(),
      struct: `{'code': ${codes(check.code)}, 'column': ${columns(check.column)}, 'rule': ${rules(check.rule)}, 'value': ${shown}, 'message': ${messages(check.message)}}`,
    };
  });
  const asked = reasons.map(
    ({ word, bit, struct }) => `case when ${ident(`_mask_${word}`)} & ${bit} <> 0 then ${struct} end`,
  );
  const several = `list_filter([${asked.join(",\n  ")}], reason -> reason is not null)`;
  const mask = ident("_mask_0");
  const one = `list_value(case ${mask} ${reasons.map(({ bit, struct }) => `when ${bit} then ${struct}`).join("\n  ")} end)`;
  const list =
    checks.length > WORD_BITS
      ? several
      : `case when ${mask} <> 0 and ${mask} & (${mask} - 1) = 0 then ${one} else ${several} end`;
  return `cast(${list} as ${REASONS})`;
}
