/** One line of the ledger table quality/ledger/. Appended; the entry with the greatest (run, seq) of a path is live. */
export interface LedgerEntry {
  readonly path: string;
  readonly feed: string;
  readonly source: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly lines: number | null;
  readonly header_lines: number;
  readonly blank_lines: number;
  readonly records: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly held: number;
  readonly score: number | null;
  readonly stray_quotes: number;
  /** twin: another path carries its content; released: waits for the next run to publish it whatever its score. */
  readonly status: "published" | "held" | "twin" | "rolled_back" | "released";
  /** Path whose `_file` carries the content in processed/: its own, or that of its twin. */
  readonly carrier: string;
  readonly contract_hash: string;
  readonly threshold: number;
  readonly run: string;
  readonly seq: number;
  readonly judged_at: string;
}
