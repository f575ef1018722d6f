import type { FileStatus, RunFile, RunFileEntry } from "../../lib/run-types.js";

/** What became of a run's records; records = accepted + quarantined + held. */
export interface RecordSums {
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly held: number;
}

export function sumFiles(files: readonly RunFileEntry[]): RecordSums {
  const sum = (value: (file: RunFileEntry) => number) =>
    files.reduce((total, file) => total + value(file), 0);
  return {
    files: files.length,
    bytes: sum((file) => file.bytes),
    records: sum((file) => file.records),
    accepted: sum((file) => file.accepted),
    quarantined: sum((file) => file.quarantined),
    held: sum((file) => file.held),
  };
}

/** Per cent of records that passed; null without records. */
export function passRate(sums: { readonly records: number; readonly quarantined: number }): number | null {
  return sums.records === 0 ? null : (100 * (sums.records - sums.quarantined)) / sums.records;
}

export function balances(file: RecordSums | RunFileEntry): boolean {
  return file.records === file.accepted + file.quarantined + file.held;
}

export function withStatus(run: RunFile, ...wanted: readonly FileStatus[]): readonly RunFileEntry[] {
  return run.files.filter(({ status }) => wanted.includes(status));
}

/** Duplicates and superseded records over all sources. */
export function identitySums(run: RunFile): { readonly duplicates: number; readonly superseded: number } {
  const all = Object.values(run.sources);
  return {
    duplicates: all.reduce((sum, source) => sum + source.duplicates, 0),
    superseded: all.reduce((sum, source) => sum + source.superseded, 0),
  };
}
