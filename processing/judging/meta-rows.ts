import { isUtf8 } from "node:buffer";
import { jsonFault } from "../guard/json-lines.js";
import type { StreamShape } from "../prepared-file.js";
import type { MalformedRecord, TakenRecord } from "../record-stream.js";

/** What the guard said of a record, as it stands in `_m_fault`: texts in hex, in this order. */
export const FAULT_FIELDS = ["code", "column", "rule", "value", "message"] as const;
/** Stands between the fields of a fault: no digit, and no delimiter. */
export const FAULT_SEPARATOR = "x";
/** Stands behind the fields of a record whose bytes are no UTF-8. */
export const BINARY = "xy";

const LF = 0x0a;
const FIRST_BYTES = 262_144;
/** Room for the numbers, quotes and delimiters of a row. */
const SLACK = 128;

/** Packs the rows of a second look, META columns and then the record as the engine reads it, into one buffer. */
export class MetaRows {
  readonly #shape: StreamShape;
  readonly #delimiter: string;
  readonly #empty: Buffer;
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  constructor(shape: StreamShape) {
    this.#shape = shape;
    this.#delimiter = String.fromCharCode(shape.dialect.delimiter);
    this.#empty = Buffer.from(this.#delimiter.repeat(Math.max(shape.width - 1, 0)));
  }

  /** What was pushed since the last call, valid until the next push. */
  take(): Uint8Array {
    const rows = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    return rows;
  }

  push(file: number, record: TakenRecord | MalformedRecord): void {
    const { dialect, format } = this.#shape;
    const bytes = Buffer.from(record.raw.buffer, record.raw.byteOffset, record.raw.byteLength);
    const malformed = "code" in record;
    const engine = (malformed ? record.value?.engine : record.engine) ?? this.#empty;
    const fault = faultOf(record, bytes, format);
    // Raw text goes by itself where the dialect can quote it or the engine's text is the raw text; else as hex.
    const quotable = dialect.quote >= 0 && !bytes.includes(0) && !fault.endsWith(BINARY);
    const same = !malformed && format === "json" && (record.raw === engine || bytes.equals(engine));
    this.#reserve(2 * bytes.length + engine.length + fault.length + SLACK);
    this.#text(`${file}${this.#delimiter}${record.record}${this.#delimiter}${record.line ?? ""}`);
    this.#byte(dialect.delimiter);
    if (quotable) this.#quoted(bytes, dialect.quote);
    this.#byte(dialect.delimiter);
    if (!quotable && !same) this.#text(bytes.toString("hex"));
    this.#byte(dialect.delimiter);
    this.#text(fault);
    this.#byte(dialect.delimiter);
    this.#bytes(engine);
    this.#byte(LF);
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#buffer.length) return;
    const wider = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, this.#length + size));
    this.#buffer.copy(wider, 0, 0, this.#length);
    this.#buffer = wider;
  }

  #byte(byte: number): void {
    this.#buffer[this.#length++] = byte;
  }

  #text(ascii: string): void {
    this.#length += this.#buffer.write(ascii, this.#length, "latin1");
  }

  #bytes(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #quoted(bytes: Buffer, quote: number): void {
    this.#byte(quote);
    if (bytes.includes(quote)) {
      for (const byte of bytes) {
        if (byte === quote) this.#byte(quote);
        this.#byte(byte);
      }
    } else this.#bytes(bytes);
    this.#byte(quote);
  }
}

/** `_m_fault` of a record; empty = its reader found no fault. */
function faultOf(
  record: TakenRecord | MalformedRecord,
  bytes: Buffer,
  format: StreamShape["format"],
): string {
  if ("code" in record) {
    const { code, rule, message, value } = record;
    const fields = [code, value?.column ?? "", rule, value?.text ?? "", message];
    return hexed(fields) + (isUtf8(bytes) ? "" : BINARY);
  }
  const invalid = format === "json" ? jsonFault(bytes.toString()) : null;
  return invalid === null ? "" : hexed(["invalid_json", "", "json", "", invalid]);
}

function hexed(fields: readonly string[]): string {
  return fields.map((text) => Buffer.from(text).toString("hex")).join(FAULT_SEPARATOR);
}
