/** A value as the engine hands it over: 64-bit integers as bigint, decimals and times as text. */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly SqlValue[]
  | { readonly [key: string]: SqlValue };
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Statistics of one file that `copy` wrote, as the engine tells them (all values are text). */
export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Column → statistic (min, max, null_count, num_values, has_nan …) → value. */
  readonly columns: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Partition column → value (null for the null partition). */
  readonly partition: Readonly<Record<string, string | null>>;
}

export interface CopyOptions {
  /** File to write, or the folder when `partitionBy` is given (generated names below `column=value/`). */
  readonly to: string;
  readonly partitionBy?: readonly string[];
  readonly compression?: "zstd" | "snappy";
  readonly rowGroupRows?: number;
  /** Distinct values a row group up to which a column is kept as a dictionary; smaller is faster to write. */
  readonly dictionaryLimit?: number;
}

/** Where SQL runs. One implementation a file; no other room names an engine. */
export interface Engine {
  readonly name: string;
  run(sql: string): Promise<void>;
  all(sql: string, parameters?: readonly (string | number | boolean | null)[]): Promise<readonly SqlRow[]>;
  /** Write a SELECT as Parquet, uniquely named where partitioned; returns a row a file. Never fsyncs. */
  copy(select: string, options: CopyOptions): Promise<readonly WrittenFile[]>;
  /**
   * Another connection to the same engine, for statements that run beside others. Tables and views that it makes are its
   * own; functions of this one it sees. Its `close` closes only itself.
   */
  session(): Promise<Engine>;
  close(): void;
}

export interface EngineOptions {
  readonly threads: number;
  readonly memoryMb: number;
  /** Folder for spilling; created by the engine. */
  readonly tempDir: string;
}
