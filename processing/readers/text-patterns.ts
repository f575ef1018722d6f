import { GristmillError, messageOf } from "../../lib/errors.js";

/** One way to take a line of text apart. */
export interface LinePattern {
  readonly expression: RegExp;
  /** Columns that the pattern gives, by its named groups. */
  readonly names: readonly string[];
  /** Values of a match, in the order of `names`; "" = none. */
  values(groups: Readonly<Record<string, string | undefined>>): readonly string[];
}

const COMBINED_TEXT =
  '^(?<ip_address>\\S+) (?<ident>\\S+) (?<user_id>\\S+) \\[(?<time>[^\\]]+)\\] "(?<request>(?:[^"\\\\]|\\\\.)*)" (?<status>\\d{3}|-) (?<bytes>\\d+|-)(?: "(?<referrer>(?:[^"\\\\]|\\\\.)*)" "(?<user_agent>(?:[^"\\\\]|\\\\.)*)")?\\s*$';

/** Fields of the common and combined log formats, as the engine gets them. */
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

/** The ten fields of a combined line, or null. Escapes of the log (`\"`) stay as they are. */
export function combinedFields(line: string): readonly string[] | null {
  const groups = combinedExpression.exec(line)?.groups;
  if (groups === undefined) return null;
  const [time = "", zone = ""] = (groups["time"] ?? "").split(" ");
  return COMBINED_FIELDS.map((name) => {
    if (name === "time") return `[${time}`;
    if (name === "zone") return `${zone}]`;
    return groups[name] ?? "-";
  });
}

/** `2025-12-19 17:00:00 INFO user:lan@service.vn ip:1.2.3.4 action:view_product:p_007 status:success` */
const app: LinePattern = {
  expression:
    /^(?<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?) (?<level>[A-Z]+)(?: user:(?<user_id>\S*))?(?: ip:(?<ip_address>\S*))?(?: action:(?<action>[^:\s]*)(?::(?<product_id>\S*))?)?(?: status:(?<status>\S*))?\s*$/,
  // A status that is no number is no HTTP status: it is kept among the columns that no contract knows.
  names: ["time", "level", "user_id", "ip_address", "action", "product_id", "status", "status"],
  values: (groups) => {
    const status = groups["status"] ?? "";
    const numeric = /^\d+$/.test(status);
    const plain = ["time", "level", "user_id", "ip_address", "action", "product_id"].map(
      (name) => groups[name] ?? "",
    );
    return [...plain, numeric ? status : "", numeric ? "" : status];
  },
};

/** A built-in pattern by its name, or a regular expression with named groups. Throws bad_configuration. */
export function linePattern(text: string): LinePattern {
  if (text === "app") return app;
  if (text === "combined") {
    const names = ["ip_address", "user_id", "time", "request", "status", "bytes", "referrer", "user_agent"];
    return {
      expression: combinedExpression,
      names,
      values: (groups) => names.map((name) => dashless(groups[name])),
    };
  }
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
  return { expression, names, values: (groups) => names.map((name) => groups[name] ?? "") };
}

export function dashless(value: string | undefined): string {
  return value === undefined || value === "-" ? "" : value;
}
