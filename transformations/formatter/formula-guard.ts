import { ident, literal } from "../../engines/quote.js";
import type { TableColumn } from "../../lib/table-types.js";

/** First characters by which a spreadsheet takes a text for a formula. */
const FORMULA_STARTS = ["=", "+", "-", "@", "\t", "\r"];

/** A text as a spreadsheet shows it and never runs it. */
export function guardText(text: string): string {
  return FORMULA_STARTS.some((start) => text.startsWith(start)) ? `'${text}` : text;
}

/** Select list with the texts guarded; numbers, dates and booleans as they are. */
export function guardedColumns(columns: readonly TableColumn[]): string {
  const starts = FORMULA_STARTS.map(literal).join(", ");
  return columns
    .map(({ name, type }) =>
      type === "string"
        ? `case when left(${ident(name)}, 1) in (${starts}) then '''' || ${ident(name)} else ${ident(name)} end as ${ident(name)}`
        : ident(name),
    )
    .join(", ");
}
