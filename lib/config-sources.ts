import type { RawFeed, RawSource } from "./config-feeds.js";
import { sourceConfig } from "./config-feeds.js";
import { type ConfigFile, readConfigFiles } from "./config-files.js";
import { columnsOf } from "./config-links.js";
import { type RawRules, sourceRules } from "./config-rules.js";
import type { RawPipeline } from "./config-settings.js";
import type { ColumnRules, Config, JsonSchema, SourceRules } from "./config-types.js";

/** The sources of the file; where it has no such key, the default sources that its feeds name. */
export function sourcesOf(pipeline: RawPipeline): Config["sources"] {
  return Object.fromEntries(
    Object.entries(pipeline.sources ?? defaultSources(pipeline)).map(([name, source]) => [
      name,
      sourceConfig(name, source ?? {}),
    ]),
  );
}

function defaultSources(pipeline: RawPipeline): Readonly<Record<string, RawSource>> {
  const named = new Set(Object.values(pipeline.feeds ?? {}).map((feed: RawFeed) => feed.source));
  const defaults = readConfigFiles(null)["pipeline_config.yaml"].document as RawPipeline;
  return Object.fromEntries(Object.entries(defaults.sources ?? {}).filter(([name]) => named.has(name)));
}

/** Rules by source. Of the default file only what speaks of the sources and columns at hand counts. */
export function rulesOf(
  file: ConfigFile,
  sources: Config["sources"],
  schemas: Readonly<Record<string, JsonSchema>>,
): Readonly<Record<string, SourceRules>> {
  const rules = Object.entries(file.document as Readonly<Record<string, RawRules | null>>).map(
    ([source, raw]) => [source, sourceRules(raw ?? {})] as const,
  );
  if (file.given) return Object.fromEntries(rules);
  return Object.fromEntries(
    rules
      .filter(([source]) => sources[source] !== undefined)
      .map(([source, own]) => [source, rulesAtHand(own, sources, columnsOf(schemas[source]))]),
  );
}

function rulesAtHand(
  rules: SourceRules,
  sources: Config["sources"],
  columns: readonly string[],
): SourceRules {
  const known = Object.entries(rules.columns)
    .filter(([column]) => columns.includes(column))
    .map(([column, rule]) => [column, withoutDanglingReference(rule, sources)] as const);
  return { ...rules, columns: Object.fromEntries(known) };
}

function withoutDanglingReference(rule: ColumnRules, sources: Config["sources"]): ColumnRules {
  const { references, ...rest } = rule;
  if (references === undefined) return rule;
  const target = typeof references === "string" ? references : references.value;
  return sources[target.split(".")[0] ?? ""] === undefined ? rest : rule;
}
