/** Bytes of a delimited text's syntax. */
export interface CsvDialect {
  readonly delimiter: number;
  /** -1 = nothing quotes. */
  readonly quote: number;
  /** Columns of a well-formed record. */
  readonly columns: number;
  /** Lines end with CR LF; otherwise with LF. Other ends are normalised on the way. */
  readonly crlf: boolean;
  /** Whether records that span lines may be judged by their column counts (rule R3). */
  readonly guess: boolean;
  /** No record spans lines: a quote that is open at a line's end is stray. */
  readonly oneLine?: boolean;
}

export const LF = 10;
export const CR = 13;
const SPACE = 32;
const TAB = 9;

/** Columns of one physical line, quotes honoured only where they close within it. */
export function columnsOfLine(bytes: Uint8Array, start: number, end: number, dialect: CsvDialect): number {
  let columns = 1;
  let p = start;
  while (p < end) {
    if (bytes[p] === dialect.quote && (p === start || bytes[p - 1] === dialect.delimiter)) {
      const close = closingQuote(bytes, p + 1, end, dialect.quote);
      if (close >= 0 && (close + 1 === end || bytes[close + 1] === dialect.delimiter)) p = close + 1;
    }
    if (bytes[p] === dialect.delimiter) columns++;
    p++;
  }
  return columns;
}

/** Position of the first undoubled quote from `from`, or -1. */
export function closingQuote(bytes: Uint8Array, from: number, end: number, quote: number): number {
  for (let p = from; p < end; p++) {
    if (bytes[p] !== quote) continue;
    if (bytes[p + 1] !== quote || p + 1 >= end) return p;
    p++;
  }
  return -1;
}

/** The fields of one well-formed record by rules R1 and R2 (a quote opens only at the start of a field). */
export function splitFields(record: Uint8Array, dialect: CsvDialect): string[] {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const quote = dialect.quote < 0 ? "" : String.fromCharCode(dialect.quote);
  const fields: string[] = [];
  let p = 0;
  for (;;) {
    let end: number;
    const close = bytes[p] === dialect.quote ? closingQuote(bytes, p + 1, bytes.length, dialect.quote) : -1;
    if (close >= 0) {
      fields.push(bytes.toString("utf8", p + 1, close).replaceAll(quote + quote, quote));
      end = close + 1;
    } else {
      end = bytes.indexOf(dialect.delimiter, p);
      if (end < 0) end = bytes.length;
      fields.push(bytes.toString("utf8", p, end));
    }
    if (end >= bytes.length) return fields;
    p = end + 1;
  }
}

/** Fields as a record that no reader can misunderstand: every field that is not empty is quoted. */
export function joinFields(fields: readonly string[], delimiter: number, quote: number): Buffer {
  const mark = String.fromCharCode(quote);
  const quoted = fields.map((field) =>
    field === "" ? "" : `${mark}${field.includes(mark) ? field.replaceAll(mark, mark + mark) : field}${mark}`,
  );
  return Buffer.from(quoted.join(String.fromCharCode(delimiter)));
}

/** Whether a line holds nothing but blanks and tabs. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let p = start; p < end; p++) if (bytes[p] !== SPACE && bytes[p] !== TAB) return false;
  return true;
}
