import { GristmillError, messageOf } from "../../lib/errors.js";

/** One way to take a line of text apart. */
export interface LinePattern {
  /** Columns that the pattern gives. */
  readonly names: readonly string[];
  /** Their values in a line, "" = none; null = the line does not fit. */
  match(line: string): readonly string[] | null;
}

const COMBINED_TEXT =
  '^(?<ip_address>\\S+) (?<ident>\\S+) (?<user_id>\\S+) \\[(?<time>[^\\]]+)\\] "(?<request>(?:[^"\\\\]|\\\\.)*)" (?<status>\\d{3}|-) (?<bytes>\\d+|-) "(?<referrer>(?:[^"\\\\]|\\\\.)*)" "(?<user_agent>(?:[^"\\\\]|\\\\.)*)"\\s*$';

/** Fields of the combined log format, as the engine gets them. */
export const COMBINED_FIELDS = [
  "ip_address",
  "ident",
  "user_id",
  "time",
  "zone",
  "request",
  "status",
  "bytes",
  "referrer",
  "user_agent",
] as const;

const combinedExpression = new RegExp(COMBINED_TEXT);

const COMBINED_TIME = /^\d\d\/[A-Za-z]{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$/;

/** The ten fields of a combined line, or null. Escapes of the log (`\"`) stay as they are. */
export function combinedFields(line: string): readonly string[] | null {
  const groups = combinedExpression.exec(line)?.groups;
  if (groups === undefined || !COMBINED_TIME.test(groups["time"] ?? "")) return null;
  const [time = "", zone = ""] = (groups["time"] ?? "").split(" ");
  return COMBINED_FIELDS.map((name) => {
    if (name === "time") return `[${time}`;
    if (name === "zone") return `${zone}]`;
    return groups[name] ?? "-";
  });
}

export const COMBINED_COLUMNS = [
  "ip_address",
  "ident",
  "user_id",
  "time",
  "method",
  "path",
  "protocol",
  "status",
  "bytes",
  "referrer",
  "user_agent",
] as const;

/** Values of COMBINED_COLUMNS from the ten fields; "" = none. */
export function combinedValues(fields: readonly string[]): readonly string[] {
  const at = (index: number): string => dashless(fields[index]);
  const [method, path, protocol] = (fields[5] ?? "").split(" ").map(dashless);
  const time = isoTime(fields[3] ?? "", fields[4] ?? "");
  return [at(0), at(1), at(2), time, method ?? "", path ?? "", protocol ?? "", at(6), at(7), at(8), at(9)];
}

export const MONTHS = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
] as const;

/** `[17/May/2015:10:05:03` and `+0000]` → `2015-05-17T10:05:03+00:00`; what is no month stays as it is. */
function isoTime(time: string, zone: string): string {
  const [, day, month = "", year, clock] = /^\[(\d+)\/(\w+)\/(\d+):(.*)$/.exec(time) ?? [];
  const number = MONTHS.indexOf(month as (typeof MONTHS)[number]) + 1;
  if (number === 0) return `${time.slice(1)} ${zone.slice(0, 5)}`;
  const twoDigits = String(number).padStart(2, "0");
  return `${year}-${twoDigits}-${day}T${clock}${zone.slice(0, 3)}:${zone.slice(3, 5)}`;
}

const combined: LinePattern = {
  names: COMBINED_COLUMNS,
  match: (line) => {
    const fields = combinedFields(line);
    return fields === null ? null : combinedValues(fields);
  },
};

const APP_LINE =
  /^(?<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?) (?<level>[A-Z]+) user:(?<user_id>\S*) ip:(?<ip_address>\S*) action:(?<action>[^:\s]*)(?::(?<product_id>\S*))? status:(?<status>\S*)\s*$/;

/** `2025-12-19 17:00:00 INFO user:lan@service.vn ip:1.2.3.4 action:view_product:p_007 status:success` */
const app: LinePattern = {
  // A status that is no number is no HTTP status: it is kept among the columns that no contract knows.
  names: ["time", "level", "user_id", "ip_address", "action", "product_id", "status", "status"],
  match: (line) => {
    const match = APP_LINE.exec(line);
    if (match === null) return null;
    const [, time = "", level = "", user = "", ip = "", action = "", product = "", status = ""] = match;
    const numeric = /^\d+$/.test(status);
    return [time, level, user, ip, action, product, numeric ? status : "", numeric ? "" : status];
  },
};

/** A built-in pattern by its name, or a regular expression with named groups. Throws bad_configuration. */
export function linePattern(text: string): LinePattern {
  if (text === "app") return app;
  if (text === "combined") return combined;
  let expression: RegExp;
  try {
    expression = new RegExp(text);
  } catch (error) {
    throw new GristmillError(
      "bad_configuration",
      `pattern ${text} is no regular expression: ${messageOf(error)}`,
    );
  }
  const names = [
    ...new Set([...text.matchAll(/\(\?<([A-Za-z_][A-Za-z0-9_]*)>/g)].map((match) => match[1] as string)),
  ];
  if (names.length === 0) {
    throw new GristmillError("bad_configuration", `pattern ${text} has no named group such as (?<time>…)`);
  }
  return {
    names,
    match: (line) => {
      const groups = expression.exec(line)?.groups;
      return groups === undefined ? null : names.map((name) => groups[name] ?? "");
    },
  };
}

function dashless(value: string | undefined): string {
  return value === undefined || value === "-" ? "" : value;
}
