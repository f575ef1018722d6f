import type { ReadContext } from "../prepared-file.js";
import type { InflateLimits } from "./byte-source.js";

export function inflateLimits(settings: ReadContext["settings"]): InflateLimits {
  return { maxBytes: settings.max_inflated_mb * 1_000_000, maxRatio: settings.max_inflate_ratio };
}
