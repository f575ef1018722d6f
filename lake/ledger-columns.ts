import type { LedgerEntry, TableColumn } from "../lib/run-types.js";

export const ledgerTable = "quality/ledger";

const types: Readonly<Record<keyof LedgerEntry, string>> = {
  path: "string",
  feed: "string",
  source: "string",
  sha256: "string",
  bytes: "long",
  lines: "long",
  header_lines: "long",
  blank_lines: "long",
  records: "long",
  accepted: "long",
  quarantined: "long",
  held: "long",
  score: "double",
  stray_quotes: "long",
  status: "string",
  carrier: "string",
  contract_hash: "string",
  threshold: "double",
  run: "string",
  seq: "long",
  judged_at: "timestamp",
};

export const ledgerColumns: readonly TableColumn[] = Object.entries(types).map(([name, type]) => ({
  name,
  type,
}));
