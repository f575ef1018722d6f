import type { PlannedFile } from "../../lib/run-types.js";
import type { Preflight, ReadContext } from "../prepared-file.js";

/** Reads the files of one source. */
export interface Worker {
  readonly name: string;
  /** Understand a file's head. Throws UnreadableFile, ChangedFile. */
  prepare(file: PlannedFile, context: ReadContext): Promise<Preflight>;
}
