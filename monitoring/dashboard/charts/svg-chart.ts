import { createRequire } from "node:module";
import type * as ECharts from "echarts";
import { escaped, type Markup } from "../markup.js";

export type ChartOption = ECharts.EChartsOption;
export type ChartDrawer = (option: ChartOption, size: ChartSize) => Markup;

export interface ChartSize {
  readonly width: number;
  readonly height: number;
  /** What the chart shows, in words. */
  readonly label: string;
}

/**
 * Loads the chart library and returns what draws an option to SVG. The library is one file of a megabyte (0.13 s):
 * its modules one by one take seven times as long.
 */
export function chartDrawer(): ChartDrawer {
  const echarts = createRequire(import.meta.url)("echarts/dist/echarts.min") as typeof ECharts;
  let drawn = 0;
  return (option, { width, height, label }) => {
    const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
    try {
      chart.setOption({ animation: false, textStyle: { fontFamily: "inherit" }, ...option });
      drawn += 1;
      return { markup: pagePart(chart.renderToSVGString(), `chart-${drawn}`, label) };
    } finally {
      // without this its clock keeps the process alive
      chart.dispose();
    }
  };
}

/** The library's SVG as a part of our page: unique ids, no style attribute (the page's policy forbids them), a name. */
function pagePart(svg: string, id: string, label: string): string {
  return svg
    .replaceAll(/<style[^>]*>[\s\S]*?<\/style>/g, "")
    .replaceAll(/ (?:ecmeta_[a-z_]+|class|baseProfile|version|xmlns(?::\w+)?)="[^"]*"/g, "")
    .replaceAll(/ style="([^"]*)"/g, (_all, declarations: string) => presentation(declarations))
    .replaceAll(/\bzr\d+-/g, `${id}-`)
    .replace(
      /^<svg [^>]*viewBox="([^"]*)"[^>]*>/,
      `<svg class="chart" viewBox="$1" role="img" aria-label="${escaped(label)}">`,
    );
}

const attributes: ReadonlySet<string> = new Set(["font-size", "font-weight"]);

function presentation(declarations: string): string {
  return declarations
    .split(";")
    .map((declaration) => declaration.split(":"))
    .filter(([name]) => attributes.has((name ?? "").trim()))
    .map(([name, value]) => ` ${(name ?? "").trim()}="${(value ?? "").trim()}"`)
    .join("");
}
