import type { RunFile } from "../../../lib/run-types.js";
import { count, duration } from "../../format.js";
import type { Markup } from "../markup.js";

const ORDER = ["discover", "work", "check", "transform", "publish", "dashboard", "alert", "archive"];

export interface StageBar {
  readonly stage: string;
  readonly seconds: string;
  readonly cpu: string;
  readonly memory: string;
  readonly bar: Markup;
}

/** How long each stage took, in the order of the way. */
export function stageBars(stages: RunFile["stages"]): {
  readonly total: string;
  readonly lines: readonly StageBar[];
} {
  const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const all = Object.entries(stages).sort(([a], [b]) => place(a) - place(b));
  const longest = Math.max(0.001, ...all.map(([, { seconds }]) => seconds));
  return {
    total: duration(all.reduce((sum, [, { seconds }]) => sum + seconds, 0)),
    lines: all.map(([stage, measure]) => ({
      stage,
      seconds: duration(measure.seconds),
      cpu: duration(measure.cpu_seconds),
      memory: `${count(measure.peak_rss_mb)} MB`,
      bar: {
        markup: `<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="${((100 * measure.seconds) / longest).toFixed(2)}" height="6" rx="1"/></svg>`,
      },
    })),
  };
}
