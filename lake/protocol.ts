import { GristmillError } from "../lib/errors.js";
import type { MetaData, Protocol } from "./log-actions.js";

/** What our tables are written with: any reader and writer of Delta Lake accepts it. */
export const ourProtocol: Protocol = { minReaderVersion: 1, minWriterVersion: 2 };

/** Writer features (writer version 7) that ask nothing of us as long as no configuration turns them on. */
const harmlessWriterFeatures: ReadonlySet<string> = new Set(["appendOnly", "invariants"]);

/** Refuse a table that needs more of its readers or writers than Gristmill knows. Throws unknown_table_feature. */
export function assertKnownProtocol(table: string, protocol: Protocol, metaData: MetaData): void {
  const refuse = (what: string): never => {
    throw new GristmillError(
      "unknown_table_feature",
      `${table} ${what}; Gristmill does not know that: drop the feature with the engine that added it`,
    );
  };
  if (protocol.minReaderVersion > 1) {
    refuse(
      `needs Delta reader version ${protocol.minReaderVersion} (${(protocol.readerFeatures ?? []).join(", ")})`,
    );
  }
  if (protocol.minWriterVersion === 7) {
    const unknown = (protocol.writerFeatures ?? []).filter((feature) => !harmlessWriterFeatures.has(feature));
    if (unknown.length > 0) refuse(`has the Delta writer feature ${unknown.join(", ")}`);
  } else if (protocol.minWriterVersion > 2) {
    refuse(`needs Delta writer version ${protocol.minWriterVersion}`);
  }
  if (metaData.configuration["delta.appendOnly"] === "true") refuse("is append-only");
  if (metaData.schemaString.includes('"delta.invariants"')) refuse("has column invariants");
  if (metaData.format.provider !== "parquet") refuse(`is stored as ${metaData.format.provider}`);
}
