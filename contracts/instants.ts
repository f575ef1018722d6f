import { literal } from "../engines/quote.js";

export function instant(local: string): string {
  return `make_timestamptz(epoch_us(${local}))`;
}

/** A local time in a zone, as an instant. */
export function zoned(local: string, timezone: string): string {
  return timezone === "UTC" ? instant(local) : `timezone(${literal(timezone)}, ${local})`;
}
