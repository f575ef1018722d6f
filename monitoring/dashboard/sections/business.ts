import { count, decimal, percent, plural } from "../../format.js";
import { type ExportRow, type ExportTable, numberOf, textOf } from "../../inputs/exports.js";
import { shown } from "../../shown-text.js";
import { barSeries, categoryAxis, lineSeries, short, valueAxis } from "../charts/axes.js";
import type { ChartDrawer, ChartOption } from "../charts/svg-chart.js";
import type { Markup } from "../markup.js";

const DAYS = 90;
const MONTHS = 24;
const TOP = 10;

/** Exports that the figures are drawn from. */
export const BUSINESS_TABLES = ["sales_by_day", "sales_by_month", "sessions", "api_logs"] as const;

/** A chart with the same numbers as a table under it. */
export interface Figure {
  readonly title: string;
  readonly note: string;
  readonly chart: Markup;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the tables say about the shop: shown so that a wrong night is seen where it hurts. */
export function businessFigures(
  read: (table: string) => ExportTable,
  draw: () => ChartDrawer,
): readonly Figure[] {
  return [
    ...revenueByDay(read("sales_by_day"), draw),
    ...revenueByMonth(read("sales_by_month"), draw),
    ...sessionsByDay(read("sessions"), draw),
    ...apiByCategory(read("api_logs"), draw),
  ];
}

function revenueByDay(table: ExportTable, draw: () => ChartDrawer): readonly Figure[] {
  const title = "Revenue by day";
  if (table.state !== "read") return unread(title, "sales_by_day", table);
  const days = grouped(table.rows, "date", ["revenue", "orders"]).slice(-DAYS);
  if (days.length === 0) return [];
  return [
    {
      title,
      note: `${plural(days.length, "day")} with sales, the last ones.`,
      chart: draw()(
        plot(
          days.map(({ name }) => name),
          [lineSeries("revenue", sumsOf(days, "revenue"), "var(--c-main)")],
        ),
        size(`Revenue by day, ${days[0]?.name} to ${days.at(-1)?.name}`),
      ),
      head: ["day", "revenue", "orders"],
      rows: days.map(({ name, sums }) => [name, decimal(sums["revenue"] ?? 0), count(sums["orders"] ?? 0)]),
    },
  ];
}

function revenueByMonth(table: ExportTable, draw: () => ChartDrawer): readonly Figure[] {
  if (table.state !== "read") return unread("Revenue by month and product", "sales_by_month", table);
  if (table.rows.length === 0) return [];
  const months = grouped(table.rows, "month", ["revenue", "quantity"])
    .slice(-MONTHS)
    .map((month) => ({ ...month, name: month.name.slice(0, 7) }));
  const named = new Map(table.rows.map((row) => [textOf(row, "product_id"), textOf(row, "product_name")]));
  const products = grouped(table.rows, "product_id", ["revenue", "quantity"])
    .toSorted((a, b) => (b.sums["revenue"] ?? 0) - (a.sums["revenue"] ?? 0))
    .slice(0, TOP)
    .map((product) => ({ ...product, name: shown(named.get(product.name) ?? product.name, 40) }));
  const bars = products.toReversed();
  return [
    {
      title: "Revenue by month",
      note: `${plural(months.length, "month")} with sales, the last ones.`,
      chart: draw()(
        plot(
          months.map(({ name }) => name),
          [barSeries("revenue", sumsOf(months, "revenue"), "var(--c-main)")],
        ),
        size("Revenue by month"),
      ),
      head: ["month", "revenue", "quantity"],
      rows: months.map(({ name, sums }) => [
        name,
        decimal(sums["revenue"] ?? 0),
        count(sums["quantity"] ?? 0),
      ]),
    },
    {
      title: "Top products",
      note: "By revenue, over all months.",
      chart: draw()(
        {
          grid: { left: 8, right: 16, top: 8, bottom: 8, containLabel: true },
          yAxis: { ...categoryAxis(bars.map(({ name }) => shown(name, 24))), axisLine: { show: false } },
          xAxis: valueAxis(short),
          series: [barSeries("revenue", sumsOf(bars, "revenue"), "var(--c-main)")],
        },
        size("Top products by revenue"),
      ),
      head: ["product", "revenue", "quantity"],
      rows: products.map(({ name, sums }) => [
        name,
        decimal(sums["revenue"] ?? 0),
        count(sums["quantity"] ?? 0),
      ]),
    },
  ];
}

function sessionsByDay(table: ExportTable, draw: () => ChartDrawer): readonly Figure[] {
  if (table.state !== "read") return unread("Sessions and conversion", "sessions", table);
  const rows = table.rows.map((row) => ({
    ...row,
    converted: numberOf(row, "nb_sessions") * numberOf(row, "conversion_rate"),
  }));
  const days = grouped(rows, "date", ["nb_sessions", "converted"]).slice(-DAYS);
  if (days.length === 0) return [];
  const names = days.map(({ name }) => name);
  const rates = days.map(({ sums }) =>
    (sums["nb_sessions"] ?? 0) === 0 ? 0 : (100 * (sums["converted"] ?? 0)) / (sums["nb_sessions"] ?? 1),
  );
  return [
    {
      title: "Sessions by day",
      note: `${plural(days.length, "day")} with sessions, the last ones.`,
      chart: draw()(
        plot(names, [barSeries("sessions", sumsOf(days, "nb_sessions"), "var(--c-main)")]),
        size("Sessions by day"),
      ),
      head: ["day", "sessions"],
      rows: days.map(({ name, sums }) => [name, count(sums["nb_sessions"] ?? 0)]),
    },
    {
      title: "Conversion by day",
      note: "Sessions that ended in a purchase, in per cent.",
      chart: draw()(
        plot(names, [lineSeries("conversion", rates, "var(--c-second)")]),
        size("Conversion by day"),
      ),
      head: ["day", "conversion"],
      rows: names.map((name, index) => [name, percent(rates[index] ?? 0)]),
    },
  ];
}

function apiByCategory(table: ExportTable, draw: () => ChartDrawer): readonly Figure[] {
  if (table.state !== "read") return unread("API by category", "api_logs", table);
  if (table.rows.length === 0) return [];
  const rows = table.rows.map((row) => ({
    ...row,
    waited: numberOf(row, "count_requests") * numberOf(row, "avg_response_time_ms"),
  }));
  const hasErrors = rows.some((row: ExportRow) => "nb_errors" in row);
  const parts = grouped(rows, "category", ["count_requests", "waited", "nb_errors"]).toSorted(
    (a, b) => (b.sums["count_requests"] ?? 0) - (a.sums["count_requests"] ?? 0),
  );
  const mean = (part: Group) => (part.sums["waited"] ?? 0) / Math.max(1, part.sums["count_requests"] ?? 0);
  const latency: Figure = {
    title: "API latency by category",
    note: "Mean response time in milliseconds.",
    chart: draw()(
      plot(
        parts.map(({ name }) => shown(name, 24)),
        [barSeries("milliseconds", parts.map(mean), "var(--c-second)")],
      ),
      size("Mean response time of the API by category"),
    ),
    head: ["category", "requests", "milliseconds"],
    rows: parts.map((part) => [
      shown(part.name, 40),
      count(part.sums["count_requests"] ?? 0),
      decimal(mean(part)),
    ]),
  };
  if (!hasErrors) return [latency];
  const share = (part: Group) =>
    (100 * (part.sums["nb_errors"] ?? 0)) / Math.max(1, part.sums["count_requests"] ?? 0);
  return [
    latency,
    {
      title: "API errors by category",
      note: "Requests answered with 400 or above, in per cent.",
      chart: draw()(
        plot(
          parts.map(({ name }) => shown(name, 24)),
          [barSeries("errors", parts.map(share), "var(--c-bad)")],
        ),
        size("Share of failed API requests by category"),
      ),
      head: ["category", "errors", "share"],
      rows: parts.map((part) => [
        shown(part.name, 40),
        count(part.sums["nb_errors"] ?? 0),
        percent(share(part)),
      ]),
    },
  ];
}

interface Group {
  readonly name: string;
  readonly sums: Readonly<Record<string, number>>;
}

/** Sums of columns by the text of one column, in its order. */
function grouped(rows: readonly ExportRow[], by: string, columns: readonly string[]): readonly Group[] {
  const groups = new Map<string, Record<string, number>>();
  for (const row of rows) {
    const name = textOf(row, by) ?? "(none)";
    const sums = groups.get(name) ?? Object.fromEntries(columns.map((column) => [column, 0]));
    for (const column of columns) sums[column] = (sums[column] ?? 0) + numberOf(row, column);
    groups.set(name, sums);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sums]) => ({ name, sums }));
}

function sumsOf(groups: readonly Group[], column: string): readonly number[] {
  return groups.map(({ sums }) => Number((sums[column] ?? 0).toFixed(4)));
}

function plot(names: readonly string[], series: ChartOption["series"]): ChartOption {
  return {
    grid: { left: 8, right: 12, top: 12, bottom: 4, containLabel: true },
    xAxis: categoryAxis(names),
    yAxis: valueAxis(short),
    series,
  };
}

function size(label: string) {
  return { width: 540, height: 220, label };
}

function unread(title: string, table: string, { state }: ExportTable): readonly Figure[] {
  if (state === "missing") return [];
  const note = `The table is too large to be drawn here: see processed/exports/${table}.json.`;
  return [{ title, note, chart: { markup: "" }, head: [], rows: [] }];
}
