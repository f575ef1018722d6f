import type { Fault } from "../faults.js";
import type { Cells } from "../model.js";
import type { Random } from "../random.js";

/** Turns records into the text of one file. */
export interface Encoder {
  readonly header: string;
  readonly headerLines: number;
  readonly separator: string;
  readonly footer: string;
  /** False where a record's place is its ordinal alone (JSON arrays). */
  readonly hasLines: boolean;
  /** Whether a blank line between records is no record. */
  readonly blankLines: boolean;
  readonly encoding: "utf8" | "utf16le";
  encode(cells: Cells, fault: Fault | null, random: Random): string;
}
