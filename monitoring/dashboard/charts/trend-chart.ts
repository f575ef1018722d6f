import { escaped, type Markup } from "../markup.js";

const WIDTH = 420;
const HEIGHT = 128;
const LEFT = 46;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 24;

/** A line over runs between two bounds in per cent; null is a gap. Drawn here: the page of a quiet night needs no chart library. */
export function trendChart(
  points: readonly { readonly name: string; readonly value: number | null }[],
  floor: number,
  label: string,
): Markup {
  const x = (index: number) => LEFT + (index * (WIDTH - LEFT - RIGHT)) / Math.max(1, points.length - 1);
  const y = (value: number) => TOP + ((100 - value) * (HEIGHT - TOP - BOTTOM)) / (100 - floor);
  const lines = [100, (100 + floor) / 2, floor].map(
    (value) =>
      `<path d="M${LEFT} ${y(value).toFixed(1)}H${WIDTH - RIGHT}" stroke="var(--grid)" fill="none"/>` +
      `<text x="${LEFT - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end" class="axis">${value} %</text>`,
  );
  const every = Math.max(1, Math.ceil(points.length / 6));
  const names = points.map(({ name }, index) =>
    index % every === 0
      ? `<text x="${x(index).toFixed(1)}" y="${HEIGHT - 6}" text-anchor="${index === 0 ? "start" : "middle"}" class="axis">${escaped(name)}</text>`
      : "",
  );
  const drawn = points.flatMap(({ value }, index) => (value === null ? [] : [[x(index), y(value)] as const]));
  const path = drawn
    .map(([px, py], index) => `${index === 0 ? "M" : "L"}${px.toFixed(1)} ${py.toFixed(1)}`)
    .join("");
  const dots = drawn.map(
    ([px, py]) => `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="2.5" fill="var(--c-main)"/>`,
  );
  return {
    markup:
      `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(label)}">${lines.join("")}${names.join("")}` +
      `<path d="${path}" fill="none" stroke="var(--c-main)" stroke-width="2" stroke-linejoin="round"/>${dots.join("")}</svg>`,
  };
}
