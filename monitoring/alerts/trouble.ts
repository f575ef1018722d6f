import type { Severity } from "../../lib/config-types.js";

export type TroubleKind =
  | "error"
  | "held"
  | "unreadable_file"
  | "missing_column"
  | "balance"
  | "disagreement"
  | "finding"
  | "unclaimed"
  | "waiting"
  | "delivery";

/** One thing that is wrong. Equal keys in two runs are the same trouble. */
export interface Trouble {
  readonly key: string;
  readonly kind: TroubleKind;
  /** null: it belongs to no source. */
  readonly source: string | null;
  readonly severity: Severity;
  /** What it is about, short: a path or a column. */
  readonly subject: string;
  /** How bad, against what is normal. */
  readonly detail: string;
  /** First examples, masked. */
  readonly examples: readonly string[];
  /** Command or advice. */
  readonly remedy: string;
  /** Where to read on, relative to the data folder; null where there is nothing. */
  readonly report: string | null;
}

/** A trouble as later runs remember it. */
export interface OpenTrouble {
  readonly key: string;
  readonly kind: TroubleKind;
  readonly source: string | null;
  readonly severity: Severity;
  readonly subject: string;
  /** When it was seen first. */
  readonly since: string;
  /** Channels that have been told of it. */
  readonly told: readonly string[];
}

/** What a channel is to be told in this run. */
export interface News {
  readonly fresh: readonly Trouble[];
  readonly still: readonly (Trouble & { readonly since: string })[];
  readonly resolved: readonly OpenTrouble[];
}

export const severityRank: Readonly<Record<Severity, number>> = { info: 0, warn: 1, error: 2 };
