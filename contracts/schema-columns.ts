import type { Config } from "../lib/config-types.js";

/** Columns of a source's schema with their own schemas. */
export function schemaProperties(config: Config, source: string): Readonly<Record<string, unknown>> {
  const schema = config.schemas[source];
  const properties = typeof schema === "object" ? schema["properties"] : undefined;
  return typeof properties === "object" && properties !== null ? (properties as Record<string, unknown>) : {};
}

/** Columns that a source's schema marks by x-personal. */
export function markedColumns(config: Config, source: string): ReadonlySet<string> {
  const marked = Object.entries(schemaProperties(config, source)).filter(
    ([, column]) => typeof column === "object" && column !== null && "x-personal" in column,
  );
  return new Set(marked.map(([name]) => name));
}

/** Columns of a source that are masked wherever a value is shown: those its schema marks, and addresses. */
export function personalColumns(config: Config, source: string): ReadonlySet<string> {
  return new Set([...markedColumns(config, source), "ip_address"]);
}
