import { moment, percent } from "../../format.js";
import { trendChart } from "../charts/trend-chart.js";
import type { DashboardInput } from "../input.js";
import type { Markup } from "../markup.js";

export interface ScoreTrend {
  readonly value: string;
  /** Against the last run that had records. */
  readonly change: string;
  readonly chart: Markup;
  readonly rows: readonly { readonly run: string; readonly at: string; readonly score: string }[];
}

/** The share of records that passed, with its trend over the last runs. */
export function scoreTrend(input: DashboardInput): ScoreTrend {
  const scores = input.trend.map(({ score }) => score);
  const now = scores.at(-1) ?? null;
  const before = scores.slice(0, -1).findLast((score) => score !== null) ?? null;
  const value = percent(now ?? before);
  return {
    value,
    change: changeInWords(now, before),
    chart: chartOf(input, scores),
    rows: input.trend
      .toReversed()
      .map((point) => ({ run: point.run, at: moment(point.started_at), score: percent(point.score) })),
  };
}

function changeInWords(now: number | null, before: number | null): string {
  if (now === null)
    return before === null ? "no records yet" : "no new records; score of the last run that had some";
  if (before === null) return "first run with records";
  const points = now - before;
  if (Math.abs(points) < 0.005) return "as in the run before";
  return `${points > 0 ? "▲" : "▼"} ${Math.abs(points).toFixed(2)} points against the run before`;
}

function chartOf(input: DashboardInput, scores: readonly (number | null)[]): Markup {
  const known = scores.filter((score) => score !== null);
  if (known.length < 2) return { markup: "" };
  const low = Math.min(...known);
  const floor = Math.max(0, 2 * Math.floor((low - Math.max(0.2, (100 - low) * 0.3)) / 2));
  const label = `Score over the last ${scores.length} runs: lowest ${percent(low)}, now ${percent(known.at(-1) ?? null)}`;
  const points = input.trend.map(({ started_at, score }) => ({
    name: started_at.slice(5, 10),
    value: score,
  }));
  return trendChart(points, floor, label);
}
