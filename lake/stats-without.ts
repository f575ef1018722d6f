/**
 * `add.stats` without the least and greatest values of some columns; their nulls stay counted, and all other digits stay
 * as they are. The same text where it holds none of them.
 */
export function statsWithout(stats: string, names: ReadonlySet<string>): string {
  return ["minValues", "maxValues"].reduce((text, side) => without(text, side, names), stats);
}

const TEXT = '"(?:[^"\\\\]|\\\\.)*"';
const ENTRY = new RegExp(`(${TEXT})\\s*:\\s*(${TEXT}|[^,{}"]+)`, "g");

function without(stats: string, side: string, names: ReadonlySet<string>): string {
  const found = new RegExp(`"${side}"\\s*:\\s*\\{((?:${TEXT}|[^{}"])*)\\}`).exec(stats);
  // bounds of nested columns, which other engines write, are looked into by none: all of them go
  if (found === null) return dropNested(stats, side, names);
  const entries = [...(found[1] ?? "").matchAll(ENTRY)];
  const kept = entries.filter(([, key = ""]) => !names.has(JSON.parse(key) as string));
  if (kept.length === entries.length) return stats;
  const list = kept.map(([, key, value = ""]) => `${key}:${value.trim()}`).join(",");
  return stats.replace(found[0], () => `"${side}":{${list}}`);
}

function dropNested(stats: string, side: string, names: ReadonlySet<string>): string {
  const parsed = JSON.parse(stats) as Record<string, unknown>;
  const bounds = parsed[side];
  if (typeof bounds !== "object" || bounds === null) return stats;
  if (!Object.keys(bounds).some((name) => names.has(name))) return stats;
  return JSON.stringify({ ...parsed, minValues: {}, maxValues: {} });
}
