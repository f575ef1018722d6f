import type { FileStatus } from "../../lib/run-types.js";

export const MANIFEST_NAME = "manifest.json";

/** One file of an archive. */
export interface ManifestFile {
  /** Name in the archive: `raw/…`, `quality/…`, `processed/exports/…`, `quarantine/…`. */
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** Milliseconds since the epoch, of the file as it was archived. */
  readonly mtime_ms: number;
}

/** Raw input of the run: what became of the files that lie in it (one, or the members of a zip). */
export interface ManifestInput {
  /** Relative to raw/. */
  readonly path: string;
  readonly statuses: readonly FileStatus[];
}

/** Last entry of an archive. */
export interface Manifest {
  readonly format: 1;
  readonly run: string;
  readonly as_of: string;
  readonly started_at: string;
  readonly inputs: readonly ManifestInput[];
  readonly files: readonly ManifestFile[];
}

export function isManifest(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null) return false;
  const { format, run, inputs, files } = value as Partial<Record<keyof Manifest, unknown>>;
  return format === 1 && typeof run === "string" && Array.isArray(inputs) && Array.isArray(files);
}

/** Whether any record of this input is in the tables by this run. */
export function isPublished(input: ManifestInput): boolean {
  return input.statuses.includes("published");
}
