import { isIPv6 } from "node:net";
import { csvField, fieldsOf, type RawLayout } from "./raw-layout.js";

export const MASK = "***";

const ADDRESS_4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;
const MAYBE_ADDRESS_6 = /(?<![0-9a-z])[0-9a-f]{0,4}:[0-9a-f:.]+/gi;

/**
 * A raw record as it may be shown: the fields of these names (as the file has them) hidden. What cannot be taken apart
 * is hidden whole, because a personal value might stand anywhere in it.
 */
export function maskRaw(raw: string | null, layout: RawLayout, names: ReadonlySet<string>): string | null {
  if (raw === null || names.size === 0) return raw;
  if (layout.format === "json") return maskJson(raw, names);
  if (layout.format === "text") return [...names].every(isAddress) ? maskAddresses(raw) : MASK;
  const isShown = layout.header.every((name) => !names.has(name.trim()));
  if (isShown) return raw;
  const fields = fieldsOf(raw, layout.delimiter, layout.quote);
  if (fields === null || fields.length !== layout.header.length) return MASK;
  return fields
    .map((field, at) =>
      names.has(layout.header[at]?.trim() ?? "") && field !== "" ? MASK : csvField(field, layout),
    )
    .join(layout.delimiter);
}

/** Hide addresses of the internet, in either version; a time such as 10:20:30 is none. */
function maskAddresses(text: string): string {
  return text.replaceAll(ADDRESS_4, MASK).replaceAll(MAYBE_ADDRESS_6, (found) => {
    const bare = found.replace(/^:(?!:)/, "").replace(/[.:]$/, "");
    return isIPv6(bare) ? found.replace(bare, MASK) : found;
  });
}

function isAddress(name: string): boolean {
  return name === "ip_address";
}

function maskJson(raw: string, names: ReadonlySet<string>): string {
  try {
    const record: unknown = JSON.parse(raw);
    return JSON.stringify(record, (key, value: unknown) => (names.has(key) && value !== null ? MASK : value));
  } catch (error) {
    if (error instanceof SyntaxError) return MASK;
    throw error;
  }
}
