import type { Severity } from "./config-types.js";

/** Closed set of reasons' codes. */
export type QuarantineCode =
  | "malformed_row"
  | "invalid_json"
  | "invalid_encoding"
  | "missing_required"
  | "wrong_type"
  | "out_of_range"
  | "not_allowed"
  | "pattern_mismatch"
  | "rule_failed"
  | "duplicate_key"
  | "unknown_reference"
  | "missing_column"
  | "unreadable_file";

export interface Reason {
  readonly code: QuarantineCode;
  readonly column: string | null;
  readonly rule: string;
  readonly value: string | null;
  readonly message: string;
}

/** Count of one rule in one file. */
export interface RuleCount {
  readonly rule: string;
  readonly code: QuarantineCode;
  readonly column: string | null;
  readonly severity: Severity;
  readonly count: number;
  /** Up to 5, personal columns masked. */
  readonly samples: readonly {
    readonly record: number;
    readonly line: number | null;
    readonly value: string | null;
    readonly raw: string | null;
  }[];
}
