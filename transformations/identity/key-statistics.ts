import type { LiveFile } from "../../lake/snapshot.js";

/** Whether the statistics leave open that a row of the file has a value in every key column. */
export function mayHoldKeys(file: LiveFile, key: readonly string[]): boolean {
  if (key.length === 0) return false;
  const nulls = file.stats()?.nullCount;
  return key.every((column) => (nulls?.[column] ?? 0) < file.rows);
}

/** Whether the statistics leave open that a row of the file lacks a key column, or that there is no key. */
export function mayLackKeys(file: LiveFile, key: readonly string[]): boolean {
  const nulls = file.stats()?.nullCount;
  return key.length === 0 || key.some((column) => nulls?.[column] !== 0);
}
