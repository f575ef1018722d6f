import type { FeedConfig, Settings } from "../lib/config-types.js";
import type { PlannedFile } from "../lib/run-types.js";
import type { CsvDialect } from "./guard/csv-dialect.js";
import type { JsonKey } from "./guard/json-walk.js";
import type { OrdinalList } from "./ordinals.js";
import type { RecordSink, Tally } from "./record-stream.js";

/** One column as the engine reads it. */
export interface StreamColumn {
  /** As the file calls it. */
  readonly name: string;
  /** null = the contract does not know it: its values are rescued. */
  readonly canonical: string | null;
  /** Text expression over the relation's columns c0, c1 … */
  readonly sql: string;
}

/** How the engine reads records. Files of one key may share a read. */
export interface StreamShape {
  readonly key: string;
  readonly format: "text" | "json";
  readonly dialect: CsvDialect;
  /** Columns in the engine's text: fields a record. */
  readonly width: number;
  /** SQL over a record's own columns that several of `columns` read, by name. */
  readonly shared?: Readonly<Record<string, string>>;
  /** Empty for JSON. */
  readonly columns: readonly StreamColumn[];
  /** Foreign names that JSON objects may use, a canonical column. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** JSON: the same keys, each once, and what a plain record may have under them. */
  readonly keys?: readonly JsonKey[];
  /** The record by canonical column (foreign name where there is none), read by other code than the engine's. */
  oracleRecord(engine: Uint8Array): Readonly<Record<string, unknown>>;
}

/** A run of whole records of a file, by its bytes as they lie. */
export interface Slice {
  readonly from: number;
  /** Behind its last byte; null = to the end of the file. */
  readonly to: number | null;
  readonly linesBefore: number;
  readonly recordsBefore: number;
}

/** A file whose first bytes have been understood. */
export interface PreparedFile {
  readonly file: PlannedFile;
  readonly shape: StreamShape;
  readonly header: readonly string[];
  /** Bytes as they lie: small files share a stream. */
  readonly size: number;
  /** Records of the file before the first that `read` gives: of a slice, 0 otherwise. */
  readonly recordsBefore: number;
  /** null = the whole file. */
  readonly sliced: Slice | null;
  /** Read the file, or a slice, into the sink; `flush` is awaited after every block. Throws UnreadableFile, ChangedFile. */
  read(
    sink: RecordSink,
    tally: Tally,
    flush: () => Promise<void>,
    /** `special` of the tally of an earlier reading: makes this one cheaper. */
    special?: OrdinalList | null,
  ): Promise<void>;
  /** Cut the file into about equal slices; null = it can only be read from its start. */
  slices(count: number): Promise<readonly Slice[] | null>;
  slice(slice: Slice): PreparedFile;
}

/** A file that has no record, or no record that could be judged. */
export type Preflight =
  | { readonly kind: "ready"; readonly prepared: PreparedFile }
  | { readonly kind: "empty"; readonly tally: Tally; readonly header: readonly string[] }
  | {
      readonly kind: "missing_column";
      /** Required columns; none where the contract knows no column of the file. */
      readonly missing: readonly string[];
      readonly header: readonly string[];
      readonly line: number | null;
      readonly raw: string;
    };

/** What every reader needs to know beside its file. */
export interface ReadContext {
  readonly feed: FeedConfig;
  /** Canonical columns of the contract, in schema order. */
  readonly canonical: readonly string[];
  readonly required: readonly string[];
  /** Canonical column → SQL type at rest. */
  readonly types: Readonly<Record<string, string>>;
  readonly settings: Pick<
    Settings,
    "chunk_size_rows" | "guess_stray_quotes" | "max_inflated_mb" | "max_inflate_ratio"
  >;
}
