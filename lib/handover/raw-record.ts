/** A record as it stood in its file, with its place: from a reader to whoever puts it into the quarantine. */
export interface RawRecord {
  /** 1-based, within its file. */
  readonly record: number;
  /** 1-based physical line of the unpacked text; null where the format has no lines. */
  readonly line: number | null;
  readonly raw: Uint8Array;
}
