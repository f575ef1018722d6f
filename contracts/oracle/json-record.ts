/** A JSON number with the text that it stood as; the engine tells 1 from 1.0 where JavaScript doesn't. */
export interface JsonNumber {
  readonly jsonNumber: string;
}

export function isJsonNumber(value: unknown): value is JsonNumber {
  return typeof value === "object" && value !== null && "jsonNumber" in value;
}

/** Parse a JSON text by RFC 8259, keeping numbers' texts; of a doubled key the first counts. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  // JSON.parse is the judge of what is JSON; the walk below may then be simple
  JSON.parse(text);
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null|[[\]{}:,]/g) ?? [];
  let at = 0;
  const value = (): unknown => {
    const token = tokens[at++] ?? "";
    if (token === "{") return object();
    if (token === "[") return array();
    if (token.startsWith('"')) return JSON.parse(token);
    if (token === "true" || token === "false") return token === "true";
    return token === "null" ? null : { jsonNumber: token };
  };
  const object = (): Record<string, unknown> => {
    const record: Record<string, unknown> = Object.create(null);
    while (tokens[at] !== "}") {
      if (tokens[at] === ",") at += 1;
      const key = JSON.parse(tokens[at] ?? "") as string;
      at += 2;
      const entry = value();
      if (!Object.hasOwn(record, key)) record[key] = entry;
    }
    at += 1;
    return record;
  };
  const array = (): unknown[] => {
    const list: unknown[] = [];
    while (tokens[at] !== "]") {
      if (tokens[at] === ",") at += 1;
      list.push(value());
    }
    at += 1;
    return list;
  };
  return value();
}

/** A parsed value as plain JavaScript: numbers as numbers. */
export function plainJson(value: unknown): unknown {
  if (isJsonNumber(value)) return Number(value.jsonNumber);
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plainJson(entry)]));
  }
  return value;
}

/** A JSON number as text, the way the engine writes it: whole ones as they stand, others as the shortest double. */
export function numberText(value: JsonNumber | number): string {
  const token = typeof value === "number" ? String(value) : value.jsonNumber;
  if (/^-?[0-9]+$/.test(token)) return token === "-0" ? "0" : token;
  const number = Number(token);
  if (!Number.isFinite(number)) return token;
  const text = Object.is(number, -0) ? "-0" : String(number).replace("e+", "e");
  return /^-?[0-9]+$/.test(text) ? `${text}.0` : text;
}
