import { moment, percent } from "../../format.js";
import { categoryAxis, lineSeries, valueAxis } from "../charts/axes.js";
import type { ChartDrawer } from "../charts/svg-chart.js";
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
export function scoreTrend(input: DashboardInput, draw: () => ChartDrawer): ScoreTrend {
  const scores = input.trend.map(({ score }) => score);
  const now = scores.at(-1) ?? null;
  const before = scores.slice(0, -1).findLast((score) => score !== null) ?? null;
  const value = percent(now ?? before);
  return {
    value,
    change: changeInWords(now, before),
    chart:
      scores.filter((score) => score !== null).length < 2
        ? { markup: "" }
        : trendChart(input, scores, draw()),
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

function trendChart(input: DashboardInput, scores: readonly (number | null)[], draw: ChartDrawer): Markup {
  const known = scores.filter((score) => score !== null);
  const low = Math.min(...known);
  const floor = Math.max(0, 2 * Math.floor((low - Math.max(0.2, (100 - low) * 0.3)) / 2));
  return draw(
    {
      grid: { left: 4, right: 10, top: 10, bottom: 2, containLabel: true },
      xAxis: {
        ...categoryAxis(input.trend.map(({ started_at }) => started_at.slice(5, 10))),
        boundaryGap: false,
      },
      yAxis: { ...valueAxis((value) => `${value} %`), min: floor, max: 100, interval: (100 - floor) / 2 },
      series: [lineSeries("score", scores, "var(--c-main)")],
    },
    {
      width: 420,
      height: 130,
      label: `Score over the last ${scores.length} runs: lowest ${percent(low)}, now ${percent(known.at(-1) ?? null)}`,
    },
  );
}
