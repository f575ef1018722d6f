import { distance } from "fastest-levenshtein";
import type { Config } from "../../lib/config-types.js";
import { schemaProperties } from "../schema-columns.js";
import { synonyms } from "./synonyms.js";

/** How well a file's columns fit a configured source. */
export interface SourceMatch {
  readonly source: string;
  /** Foreign column → canonical column. */
  readonly columns: Readonly<Record<string, string>>;
  /** Required columns that no column of the file stands for. */
  readonly missing: readonly string[];
  /** Columns of the file that the source does not know. */
  readonly unknown: readonly string[];
  /** 0–1: the mean of required columns found and of the file's columns that are known. */
  readonly fit: number;
}

/** The sources by fit, the best first. */
export function matchSources(config: Config, header: readonly string[]): readonly SourceMatch[] {
  return Object.keys(config.sources)
    .map((source) => matchSource(config, source, header))
    .sort((a, b) => b.fit - a.fit || (a.source < b.source ? -1 : 1));
}

function matchSource(config: Config, source: string, header: readonly string[]): SourceMatch {
  const canonical = Object.keys(schemaProperties(config, source));
  const aliases = Object.values(config.feeds)
    .filter((feed) => feed.source === source)
    .flatMap((feed) => Object.entries(feed.columns));
  const names: (readonly [string, string])[] = [
    ...canonical.map((name) => [name, name] as const),
    ...aliases,
  ];
  const columns: Record<string, string> = {};
  const taken = new Set<string>();
  for (const isNear of [isSame, isSynonym, isAlike]) {
    for (const found of header) {
      if (columns[found] !== undefined) continue;
      const match = names.find(([name, column]) => !taken.has(column) && isNear(found, name));
      if (match === undefined) continue;
      columns[found] = match[1];
      taken.add(match[1]);
    }
  }
  const required = requiredColumns(config, source);
  const missing = required.filter((name) => !taken.has(name));
  const found = required.length === 0 ? 0 : (required.length - missing.length) / required.length;
  const known = header.length === 0 ? 0 : Object.keys(columns).length / header.length;
  return {
    source,
    columns,
    missing,
    unknown: header.filter((name) => columns[name] === undefined),
    fit: (found + known) / 2,
  };
}

function requiredColumns(config: Config, source: string): readonly string[] {
  const schema = config.schemas[source];
  const required = typeof schema === "object" ? schema["required"] : undefined;
  return Array.isArray(required) ? required.map(String) : [];
}

function isSame(a: string, b: string): boolean {
  return bare(a) === bare(b);
}

function isSynonym(found: string, name: string): boolean {
  return synonyms[name]?.includes(bare(found)) ?? false;
}

/** One letter in six may differ. */
function isAlike(a: string, b: string): boolean {
  const [x, y] = [bare(a), bare(b)];
  return distance(x, y) <= Math.floor(Math.min(x.length, y.length) / 6);
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
