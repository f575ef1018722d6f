import { count } from "../../format.js";
import { escaped, type Markup } from "../markup.js";

/** What became of the records: read = accepted + quarantined + held; accepted = distinct + duplicate + superseded + unpublished. */
export interface FlowSums {
  readonly records: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly held: number;
  readonly distinct: number;
  readonly duplicates: number;
  readonly superseded: number;
  /** Accepted records of files that could not be published by a fault. */
  readonly unpublished: number;
}

interface Band {
  readonly label: string;
  readonly value: number;
  readonly color: string;
}
interface Placed extends Band {
  readonly y: number;
  readonly height: number;
}

const WIDTH = 580;
const BAR = 12;
const TOP = 16;
const GAP = 34;
const SCALE = 110;
const COLUMNS = [84, 270, 470] as const;

/** The flow as an SVG of three columns; widths are in proportion, but never too thin to see. */
export function flowChart(sums: FlowSums): Markup {
  if (sums.records === 0) return { markup: "" };
  const unit = SCALE / sums.records;
  const read = place([{ label: "read", value: sums.records, color: "var(--c-read)" }], unit);
  const judged = place(
    [
      { label: "accepted", value: sums.accepted, color: "var(--c-ok)" },
      { label: "quarantined", value: sums.quarantined, color: "var(--c-bad)" },
      { label: "held", value: sums.held, color: "var(--c-held)" },
    ],
    unit,
  );
  const kept = place(
    [
      { label: "distinct", value: sums.distinct, color: "var(--c-ok)" },
      { label: "duplicate", value: sums.duplicates, color: "var(--c-dup)" },
      { label: "superseded", value: sums.superseded, color: "var(--c-dup)" },
      { label: "not published", value: sums.unpublished, color: "var(--c-bad)" },
    ],
    unit,
  );
  const accepted = judged.filter(({ label }) => label === "accepted");
  const height = Math.max(...[...judged, ...kept].map((band) => band.y + Math.max(band.height, 26))) + 6;
  const parts = [
    ...ribbons(read, judged, COLUMNS[0], COLUMNS[1], unit),
    ...ribbons(accepted, accepted.length > 0 ? kept : [], COLUMNS[1], COLUMNS[2], unit),
    ...read.map((band) => bar(band, COLUMNS[0], "end")),
    ...judged.map((band) => bar(band, COLUMNS[1], "start")),
    ...(accepted.length > 0 ? kept : []).map((band) => bar(band, COLUMNS[2], "start")),
  ];
  const label = `${count(sums.records)} records read: ${count(sums.accepted)} accepted, ${count(sums.quarantined)} quarantined, ${count(sums.held)} held. Of the accepted, ${count(sums.distinct)} are distinct, ${count(sums.duplicates)} duplicate, ${count(sums.superseded)} superseded.`;
  return {
    markup: `<svg class="chart" viewBox="0 0 ${WIDTH} ${height.toFixed(0)}" role="img" aria-label="${escaped(label)}">${parts.join("")}</svg>`,
  };
}

function place(bands: readonly Band[], unit: number): readonly Placed[] {
  let y = TOP;
  return bands
    .filter(({ value }) => value > 0)
    .map((band) => {
      const height = Math.max(3, band.value * unit);
      const placed = { ...band, y, height };
      y += Math.max(height, 24) + (GAP - 24);
      return placed;
    });
}

function ribbons(
  from: readonly Placed[],
  to: readonly Placed[],
  fromX: number,
  toX: number,
  unit: number,
): readonly string[] {
  const origin = from[0];
  if (origin === undefined) return [];
  let y = origin.y;
  const bottom = origin.y + origin.height;
  const x1 = fromX + BAR;
  const middle = (x1 + toX) / 2;
  return to.map((band) => {
    const start = Math.min(y, bottom - 1);
    const thickness = Math.max(1, Math.min(band.value * unit, bottom - start));
    y += band.value * unit;
    const path =
      `M${x1} ${start.toFixed(1)}C${middle} ${start.toFixed(1)} ${middle} ${band.y.toFixed(1)} ${toX} ${band.y.toFixed(1)}` +
      `V${(band.y + band.height).toFixed(1)}` +
      `C${middle} ${(band.y + band.height).toFixed(1)} ${middle} ${(start + thickness).toFixed(1)} ${x1} ${(start + thickness).toFixed(1)}Z`;
    return `<path d="${path}" fill="${band.color}" fill-opacity="0.22"/>`;
  });
}

function bar(band: Placed, x: number, side: "start" | "end"): string {
  const textX = side === "end" ? x - 10 : x + BAR + 10;
  const middle = band.y + Math.min(band.height, SCALE) / 2;
  return (
    `<rect x="${x}" y="${band.y.toFixed(1)}" width="${BAR}" height="${band.height.toFixed(1)}" rx="2" fill="${band.color}"/>` +
    `<text x="${textX}" y="${(middle - 2).toFixed(1)}" text-anchor="${side}" class="flow-value">${count(band.value)}</text>` +
    `<text x="${textX}" y="${(middle + 13).toFixed(1)}" text-anchor="${side}" class="flow-label">${escaped(band.label)}</text>`
  );
}
