import { closest } from "fastest-levenshtein";
import type { Config, FeedConfig, JsonSchema } from "./config-types.js";
import { encodingOfLabel } from "./encoding-label.js";
import { GristmillError } from "./errors.js";

/** Check what one file says about another: sources, columns and references that must exist. */
export function checkLinks(config: Config): void {
  const problems = [...sourceProblems(config), ...feedProblems(config), ...ruleProblems(config)];
  if (problems.length > 0) throw new GristmillError("bad_configuration", problems.slice(0, 5).join("\n  "));
}

/** Canonical columns of a source. */
export function columnsOf(schema: JsonSchema | undefined): readonly string[] {
  if (typeof schema !== "object") return [];
  return Object.keys((schema["properties"] as Record<string, unknown> | undefined) ?? {});
}

function* sourceProblems(config: Config): Generator<string> {
  for (const [name, source] of Object.entries(config.sources)) {
    const where = `pipeline_config.yaml: sources.${name}`;
    const schema = config.schemas[name];
    if (schema === undefined) {
      yield `${where}: has no schema in data_schemas.json`;
      continue;
    }
    const columns = columnsOf(schema);
    for (const column of source.key) yield* unknown(`${where}.key`, "column", column, columns);
    for (const role of ["event_time", "version_by"] as const) {
      const column = source[role];
      if (column !== null) yield* unknown(`${where}.${role}`, "column", column, columns);
    }
    if (source.partition !== "none" && source.event_time === null)
      yield `${where}.partition: ${source.partition} needs an event_time`;
  }
}

function* feedProblems(config: Config): Generator<string> {
  for (const feed of Object.values(config.feeds)) {
    const where = `pipeline_config.yaml: feeds.${feed.name}`;
    if (config.sources[feed.source] === undefined) {
      yield* unknown(`${where}.source`, "source", feed.source, Object.keys(config.sources));
      continue;
    }
    const columns = columnsOf(config.schemas[feed.source]);
    for (const [foreign, canonical] of Object.entries(feed.columns))
      yield* unknown(`${where}.columns.${foreign}`, "column", canonical, columns);
    for (const column of Object.keys(feed.constants))
      yield* unknown(`${where}.constants`, "column", column, columns);
    yield* optionProblems(feed, `${where}.options`);
  }
}

function* optionProblems(feed: FeedConfig, where: string): Generator<string> {
  const { timezone, decimal, thousands, header, names, encoding, delimiter } = feed.options;
  if (!isTimeZone(timezone)) yield `${where}.timezone: ${timezone} is no IANA time zone`;
  if (decimal === thousands) yield `${where}.thousands: is the decimal sign as well`;
  if (!header && names.length === 0) yield `${where}.names: is missing, header is false`;
  if (encoding !== null && encodingOfLabel(encoding) === null)
    yield `${where}.encoding: ${encoding} is not known; name one such as utf-8, utf-16le or windows-1252`;
  // such signs stand in numbers and names, and between the fields of what is read again
  if (delimiter !== null && /^[0-9A-Za-z]/.test(delimiter))
    yield `${where}.delimiter: ${JSON.stringify(delimiter)} is a letter or a digit, which cannot part fields`;
}

function* ruleProblems(config: Config): Generator<string> {
  const sources = Object.keys(config.sources);
  for (const [source, rules] of Object.entries(config.rules)) {
    const where = `business_rules.yaml: ${source}`;
    if (config.sources[source] === undefined) {
      yield* unknown(where, "source", source, sources);
      continue;
    }
    const columns = columnsOf(config.schemas[source]);
    for (const [column, rule] of Object.entries(rules.columns)) {
      yield* unknown(`${where}.${column}`, "column", column, columns);
      if (rule.references === undefined) continue;
      const target = typeof rule.references === "string" ? rule.references : rule.references.value;
      const [other = "", key = ""] = target.split(".");
      yield* unknown(`${where}.${column}.references`, "source", other, sources);
      if (config.sources[other] !== undefined)
        yield* unknown(`${where}.${column}.references`, "column", key, columnsOf(config.schemas[other]));
    }
    for (const unique of rules.unique)
      for (const column of unique.columns) yield* unknown(`${where}.unique`, "column", column, columns);
  }
  for (const source of Object.keys(config.thresholds))
    yield* unknown("quality_thresholds.yaml: thresholds", "source", source, sources);
}

function* unknown(where: string, what: string, name: string, known: readonly string[]): Generator<string> {
  if (known.includes(name)) return;
  const hint = known.length > 0 ? `; did you mean ${closest(name, known)}?` : "";
  yield `${where}: there is no ${what} ${JSON.stringify(name)}${hint}`;
}

function isTimeZone(zone: string): boolean {
  if (zone === "UTC") return true; // the first DateTimeFormat of a process costs 20 ms
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
