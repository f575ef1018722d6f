import { escaped, type Markup } from "../markup.js";

const WIDTH = 96;
const HEIGHT = 24;
const PAD = 3;

/** A trend the size of a word, oldest first; null is a gap. `label` says the same in words. */
export function sparkline(values: readonly (number | null)[], label: string): Markup {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return { markup: "" };
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const x = (index: number) => PAD + (index * (WIDTH - 2 * PAD)) / (values.length - 1);
  const y = (value: number) =>
    span === 0 ? HEIGHT / 2 : HEIGHT - PAD - ((value - low) * (HEIGHT - 2 * PAD)) / span;
  let path = "";
  let pen = "M";
  let last = "";
  for (const [index, value] of values.entries()) {
    if (value === null) {
      pen = "M";
      continue;
    }
    const point = `${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    path += `${pen}${point}`;
    pen = "L";
    last = point;
  }
  const [cx, cy] = last.split(" ");
  return {
    markup:
      `<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escaped(label)}">` +
      `<path d="${path}" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/>` +
      `<circle cx="${cx}" cy="${cy}" r="2.5" fill="currentColor"/></svg>`,
  };
}
