import { closest } from "fastest-levenshtein";
import type { Config } from "../../lib/config-types.js";
import { GristmillError } from "../../lib/errors.js";

export interface DiscoverOptions {
  readonly asOf: string;
  readonly workers: number | null;
  readonly sources: readonly string[];
  readonly rework: boolean;
  readonly rehash: boolean;
  readonly rebuild: boolean;
  readonly planOnly: boolean;
}

/** The flags, checked. Throws bad_flag. */
export function discoverOptions(
  raw: Readonly<Record<string, unknown>>,
  config: Config,
  now: number,
): DiscoverOptions {
  if (raw["engine"] === "spark")
    throw new GristmillError(
      "bad_flag",
      "the engine spark is not built yet: leave --engine out, or give duckdb",
    );
  if (raw["engine"] !== "duckdb")
    throw new GristmillError("bad_flag", `--engine is duckdb or spark, not ${String(raw["engine"])}`);
  const sources = raw["source"] as readonly string[];
  for (const source of sources) {
    if (config.sources[source] !== undefined) continue;
    const near = closest(source, Object.keys(config.sources));
    throw new GristmillError(
      "bad_flag",
      `--source ${source}: there is no such source; did you mean ${near}?`,
    );
  }
  return {
    asOf: asOfDate(raw["asOf"], now),
    workers: workerCount(raw["workers"]),
    sources,
    rework: raw["rework"] === true,
    rehash: raw["rehash"] === true,
    rebuild: raw["rebuild"] === true,
    planOnly: raw["plan"] === true,
  };
}

function asOfDate(given: unknown, now: number): string {
  if (given === undefined) return new Date(now).toISOString().slice(0, 10);
  const text = String(given);
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  if (day === null || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text)
    throw new GristmillError("bad_flag", `--as-of wants a date such as 2026-01-31, not ${text}`);
  return text;
}

function workerCount(given: unknown): number | null {
  if (given === undefined) return null;
  if (!/^[1-9]\d{0,3}$/.test(String(given)))
    throw new GristmillError("bad_flag", `--workers wants a number of at least 1, not ${String(given)}`);
  return Number(given);
}
