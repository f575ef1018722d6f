/** What was read of an unknown file: the first records, as text by the file's own column names. */
export interface FileSample {
  /** Base name. */
  readonly file: string;
  readonly format: "csv" | "json" | "xlsx" | "text";
  readonly encoding: string;
  /** CSV only. */
  readonly delimiter: string | null;
  readonly header: readonly string[];
  /** Column → text of its value; a missing key or null is an empty value. */
  readonly records: readonly Readonly<Record<string, string | null>>[];
  /** The file has more records than these. */
  readonly isCut: boolean;
  /** Records that could not be read as such. */
  readonly malformed: number;
}
