import type { ColumnRules, RowRule, RuleOptions, ScorePart, SourceRules } from "./config-types.js";

type Unique = string | readonly string[] | ({ readonly columns: readonly string[] } & RuleOptions);

/** Rules of one source as the file has them, checked against their schema. */
export type RawRules = Readonly<Record<string, unknown>> & {
  readonly rows?: readonly RowRule[];
  readonly freshness?: string | number | ({ readonly value: string | number } & RuleOptions);
  readonly volume?: number | ({ readonly tolerance_pct: number } & RuleOptions);
  readonly unique?: Unique | readonly Unique[];
};

/** quality_thresholds.yaml, checked against its schema. */
export interface RawThresholds {
  readonly global_threshold?: number;
  readonly thresholds?: Readonly<
    Record<string, number | (Readonly<Partial<Record<ScorePart, number>>> & { readonly gate?: number })>
  >;
}

export function sourceRules(raw: RawRules): SourceRules {
  const { rows, freshness, volume, unique, ...columns } = raw;
  return {
    columns: columns as Readonly<Record<string, ColumnRules>>,
    rows: rows ?? [],
    freshness: freshness === undefined ? null : freshnessRule(freshness),
    volume: typeof volume === "number" ? { tolerance_pct: volume } : (volume ?? null),
    unique: unique === undefined ? [] : uniqueRules(unique),
  };
}

function freshnessRule(raw: NonNullable<RawRules["freshness"]>): SourceRules["freshness"] {
  if (typeof raw !== "object") return { hours: hours(raw) };
  const { value, ...options } = raw;
  return { ...options, hours: hours(value) };
}

/** `90m`, `24h`, `2d`; a bare number is hours. */
function hours(age: string | number): number {
  if (typeof age === "number") return age;
  const amount = Number.parseFloat(age);
  if (age.endsWith("m")) return amount / 60;
  return age.endsWith("d") ? amount * 24 : amount;
}

/** `[a, b]` is one pair; `[[a, b], {columns: [c]}]` are two rules. */
function uniqueRules(raw: Unique | readonly Unique[]): SourceRules["unique"] {
  if (typeof raw === "string") return [{ columns: [raw] }];
  if (!Array.isArray(raw)) return [raw as { readonly columns: readonly string[] }];
  const items = raw as readonly Unique[];
  if (items.every((item) => typeof item === "string")) return [{ columns: items }];
  return items.flatMap((item) => uniqueRules(item));
}

/** The gate of each source in per cent, and the thresholds of single parts of the score. */
export function sourceThresholds(
  sources: readonly string[],
  raw: RawThresholds,
  fallback: number,
): {
  readonly thresholds: Readonly<Record<string, number>>;
  readonly partThresholds: Readonly<Record<string, Readonly<Partial<Record<ScorePart, number>>>>>;
} {
  const thresholds: Record<string, number> = {};
  const partThresholds: Record<string, Partial<Record<ScorePart, number>>> = {};
  for (const source of sources) {
    const own = raw.thresholds?.[source];
    const { gate, ...parts } = typeof own === "object" ? own : { gate: own };
    thresholds[source] = gate ?? raw.global_threshold ?? fallback;
    if (Object.keys(parts).length > 0) partThresholds[source] = parts;
  }
  return { thresholds, partThresholds };
}
