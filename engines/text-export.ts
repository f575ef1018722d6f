import type { Engine } from "./engine.js";
import { literal } from "./quote.js";

/** Write a SELECT as one CSV file with a header, or as one JSON array of objects. Never fsyncs. */
export async function exportText(
  engine: Engine,
  select: string,
  file: string,
  format: "csv" | "json",
): Promise<void> {
  const how = format === "csv" ? "format csv, header true" : "format json, array true";
  await engine.run(`copy (${select}) to ${literal(file)} (${how})`);
}
