import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { RawRecord } from "../../lib/handover/raw-record.js";
import type { Reason } from "../../lib/run-types.js";

/** One quarantined record, as a row of the staged Parquet. */
export interface QuarantinedRecord {
  readonly id: string;
  readonly run: string;
  readonly source: string;
  readonly feed: string;
  readonly file: string;
  readonly path: string;
  readonly sha256: string;
  readonly record: number;
  readonly line: number | null;
  readonly reasons: readonly Reason[];
  readonly severity: "error";
  readonly raw: string | null;
  readonly raw_bytes: Uint8Array | null;
}

/** The file that a record stands in. */
export interface RecordOrigin {
  readonly run: string;
  readonly source: string;
  readonly feed: string;
  readonly file: string;
  readonly path: string;
  readonly sha256: string;
}

export function quarantinedRecord(
  origin: RecordOrigin,
  { record, line, raw }: RawRecord,
  reasons: readonly Reason[],
): QuarantinedRecord {
  const { run, source, feed, file, path, sha256 } = origin;
  const isText = isUtf8(raw);
  return {
    id: recordId(path, sha256, record, raw),
    run,
    source,
    feed,
    file,
    path,
    sha256,
    record,
    line,
    reasons,
    severity: "error",
    raw: isText ? Buffer.from(raw).toString("utf8") : null,
    raw_bytes: isText ? null : raw,
  };
}

/** Stable id of a record, the same that a worker's SQL gives: of path, hash, place and content. */
export function recordId(path: string, sha256: string, record: number, raw: Uint8Array): string {
  const content = isUtf8(raw) ? raw : Buffer.from(raw).toString("hex");
  const place = [path, sha256, record, ""].join("\x1f");
  return createHash("sha256").update(place).update(content).digest("hex").slice(0, 32);
}
