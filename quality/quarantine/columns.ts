import { deltaType } from "../../lake/columns.js";
import type { TableColumn } from "../../lib/run-types.js";

export const quarantineTable = "quality/quarantine";

const reasonFields = ["code", "column", "rule", "value", "message"];

/** Columns of a staged quarantined record, in order, with their SQL types. */
export const stagedColumns: readonly (readonly [name: string, sqlType: string])[] = [
  ["id", "varchar"],
  ["run", "varchar"],
  ["source", "varchar"],
  ["feed", "varchar"],
  ["file", "varchar"],
  ["path", "varchar"],
  ["sha256", "varchar"],
  ["record", "bigint"],
  ["line", "bigint"],
  ["reasons", `struct(${reasonFields.map((field) => `"${field}" varchar`).join(", ")})[]`],
  ["severity", "varchar"],
  ["raw", "varchar"],
  ["raw_bytes", "blob"],
];

/** Columns of the quarantine table, in order, in Delta's types. */
export const quarantineColumns: readonly TableColumn[] = [
  ...stagedColumns.map(([name, sqlType]): TableColumn => {
    const column = { name, type: deltaType(sqlType) };
    // any column of a record may be personal, and the raw text holds them all
    return name === "raw" ? { ...column, personal: true } : column;
  }),
  { name: "judged_at", type: "timestamp" },
  { name: "replayed_by", type: "string" },
];
