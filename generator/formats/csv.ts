import type { Column } from "../model.js";
import type { Encoder } from "./encoder.js";

/** How one CSV file is written. Readers must cope with all of them without being told. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly eol: "\n" | "\r\n";
  readonly bom: boolean;
  /** Columns in another order than the schema's. */
  readonly reversed: boolean;
  readonly newlineAtEnd: boolean;
  readonly encoding: "utf8" | "utf16le";
}

export const plainCsv: CsvDialect = {
  delimiter: ",",
  eol: "\n",
  bom: false,
  reversed: false,
  newlineAtEnd: true,
  encoding: "utf8",
};

export function csvEncoder(columns: readonly Column[], dialect: CsvDialect): Encoder {
  const { delimiter, eol } = dialect;
  const order = (fields: string[]): string[] => (dialect.reversed ? fields.reverse() : fields);
  const needsQuotes = (cell: string): boolean =>
    cell.startsWith('"') || cell.includes(delimiter) || cell.includes("\n");
  const field = (cell: string | null): string =>
    cell === null ? "" : needsQuotes(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return {
    header: `${dialect.bom ? "\ufeff" : ""}${order(columns.map((c) => c.name)).join(delimiter)}${eol}`,
    headerLines: 1,
    separator: eol,
    footer: dialect.newlineAtEnd ? eol : "",
    hasLines: true,
    blankLines: true,
    encoding: dialect.encoding,
    encode: (cells, fault, random) => {
      const fields = cells.map(field);
      fault?.breakFields?.(fields, random);
      return order(fields).join(delimiter);
    },
  };
}
