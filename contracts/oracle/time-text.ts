import type { FeedOptions } from "../../lib/config-types.js";
import { readFormat, type TimeFields, zoneMinutes } from "./time-format.js";

const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const ISO =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?$/;
/** Microseconds since 1970-01-01 UTC, or null where the text is no time. */
export function readTime(text: string, dialect: FeedOptions): bigint | null {
  const iso = isoFields(text);
  const fields = iso ?? firstFormat(text, dialect.date_formats);
  if (fields === null) return null;
  const local = microsOf(fields);
  if (local === null) return null;
  const instant =
    fields.zone === undefined ? fromZone(local, dialect.timezone) : local - BigInt(fields.zone) * 60_000_000n;
  return instant >= micros(1, 1, 1) && instant < micros(10_000, 1, 1) ? instant : null;
}

/** `YYYY-MM-DD`, or null where the text is no day. */
export function readDay(text: string, dialect: FeedOptions): string | null {
  const iso = DAY.exec(text);
  const fields =
    iso === null
      ? firstFormat(
          text,
          dialect.date_formats.filter((format) => !format.includes("%z")),
        )
      : { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) };
  if (fields === null || microsOf(fields) === null) return null;
  return [
    String(fields.year).padStart(4, "0"),
    ...[fields.month, fields.day].map((n) => String(n).padStart(2, "0")),
  ].join("-");
}

function isoFields(text: string): TimeFields | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const day = DAY.exec(match[1] ?? "");
  const zone = match[6];
  const fields: TimeFields = {
    year: Number(day?.[1]),
    month: Number(day?.[2]),
    day: Number(day?.[3]),
    hour: Number(match[2]),
    minute: Number(match[3]),
    second: Number(match[4] ?? 0),
    micros: Number((match[5] ?? "").padEnd(6, "0").slice(0, 6)),
  };
  if (zone === undefined) return fields;
  const offset = zoneMinutes(zone);
  return offset === null ? null : { ...fields, zone: offset };
}

function microsOf(fields: TimeFields): bigint | null {
  const { year = 0, month = 0, day = 0, minute = 0, second = 0 } = fields;
  const hour = hourOf(fields);
  if (year < 1 || hour === null || hour > 23 || minute > 59 || second > 59) return null;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  return (
    micros(year, month, day) +
    BigInt((hour * 60 + minute) * 60 + second) * 1_000_000n +
    BigInt(fields.micros ?? 0)
  );
}

function hourOf({ hour = 0, afternoon }: TimeFields): number | null {
  if (afternoon === undefined) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (afternoon ? 12 : 0);
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

function micros(year: number, month: number, day: number): bigint {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return BigInt(date.getTime()) * 1000n;
}

/** A local time as an instant: of a doubled hour the later one counts, a skipped one is read with the offset before. */
function fromZone(local: bigint, zone: string): bigint {
  if (zone === "UTC") return local;
  const day = 86_400_000_000n;
  const before = local - offsetAt(local - day, zone);
  const after = local - offsetAt(local + day, zone);
  if (local - offsetAt(after, zone) === after) return after;
  return before;
}

const zones = new Map<string, Intl.DateTimeFormat>();

/** Microseconds that a zone is ahead of UTC at an instant. */
function offsetAt(instant: bigint, zone: string): bigint {
  let format = zones.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    zones.set(zone, format);
  }
  const second = BigInt.asIntN(64, instant < 0n ? (instant - 999_999n) / 1_000_000n : instant / 1_000_000n);
  const parts = Object.fromEntries(
    format.formatToParts(Number(second) * 1000).map((part) => [part.type, part.value]),
  );
  const year = parts["era"] === "BC" ? 1 - Number(parts["year"]) : Number(parts["year"]);
  const wall =
    micros(year, Number(parts["month"]), Number(parts["day"])) / 1_000_000n +
    BigInt((Number(parts["hour"]) * 60 + Number(parts["minute"])) * 60 + Number(parts["second"]));
  return (wall - second) * 1_000_000n;
}

function firstFormat(text: string, formats: readonly string[]): TimeFields | null {
  for (const format of formats) {
    const fields = readFormat(text, format);
    if (fields !== null && microsOf(fields) !== null) return fields;
  }
  return null;
}
