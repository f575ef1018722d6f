import { literal } from "../engines/quote.js";

/** Formats of a string, each as the RE2 patterns that all must match the whole text (negated where `not`). */
const HOSTNAME = "[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?";
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
const H16 = "[0-9A-Fa-f]{1,4}";
const LS32 = `(?:${H16}:${H16}|${IPV4})`;
const IPV6 = [
  `(?:${H16}:){6}${LS32}`,
  `::(?:${H16}:){5}${LS32}`,
  `(?:${H16})?::(?:${H16}:){4}${LS32}`,
  `(?:(?:${H16}:){0,1}${H16})?::(?:${H16}:){3}${LS32}`,
  `(?:(?:${H16}:){0,2}${H16})?::(?:${H16}:){2}${LS32}`,
  `(?:(?:${H16}:){0,3}${H16})?::${H16}:${LS32}`,
  `(?:(?:${H16}:){0,4}${H16})?::${LS32}`,
  `(?:(?:${H16}:){0,5}${H16})?::${H16}`,
  `(?:(?:${H16}:){0,6}${H16})?::`,
].join("|");
const UNRESERVED = "[0-9A-Za-z._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}";
const PCHAR = `(?:${UNRESERVED}|[:@])`;
const HOST = `(?:\\[(?:${IPV6}|[vV][0-9A-Fa-f]+\\.[0-9A-Za-z._~!$&'()*+,;=:-]+)\\]|(?:${UNRESERVED})*)`;
const AUTHORITY = `(?:(?:${UNRESERVED}|:)*@)?${HOST}(?::[0-9]*)?`;
const URI = `[A-Za-z][0-9A-Za-z+.-]*:(?://${AUTHORITY}(?:/${PCHAR}*)*|/(?:${PCHAR}+(?:/${PCHAR}*)*)?|${PCHAR}+(?:/${PCHAR}*)*|)(?:\\?(?:${PCHAR}|[/?])*)?(?:#(?:${PCHAR}|[/?])*)?`;
const ATOM = "[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+";
const DOMAIN = `${HOSTNAME}(?:\\.${HOSTNAME})*`;
const EMAIL = `(?:${ATOM}(?:\\.${ATOM})*|"(?:[ !#-\\[\\]-~]|\\\\[ -~])*")@(?:${DOMAIN}|\\[(?:${IPV4}|IPv6:(?:${IPV6}))\\])`;
const DAY = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
const CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?";
const OFFSET = "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
/** A leap second: only where it is 23:59:60 in UTC. */
const LEAP = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:60(?:\\.[0-9]+)?";

const WHOLE: Readonly<Record<string, string>> = {
  email: EMAIL,
  uuid: "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
  ipv4: IPV4,
  ipv6: IPV6,
  uri: URI,
};

export const KNOWN_FORMATS: ReadonlySet<string> = new Set([
  ...Object.keys(WHOLE),
  "hostname",
  "date",
  "time",
  "date-time",
]);

/** Function that the session registers: labels in punycode are beyond patterns. */
export const HOSTNAME_FUNCTION = "gristmill_is_hostname";

/** Boolean SQL: the text has the format (RFC 3339, 5321, 4122, 3986, 1123). */
export function formatCheck(format: string, text: string): string {
  const whole = WHOLE[format];
  if (whole !== undefined) return fullMatch(text, whole);
  if (format === "hostname") {
    const plain = `(${fullMatch(text, DOMAIN)} and strlen(${text}) <= 253)`;
    return `(case when not ${plain} then false when regexp_matches(${text}, '(?i)xn--') then ${HOSTNAME_FUNCTION}(${text}) = 1 else true end)`;
  }
  if (format === "date") return realDay(text);
  if (format === "time") return timeOfDay(text);
  return `(${fullMatch(text, `${DAY}[Tt](?:${CLOCK}|${LEAP})${OFFSET}`)} and ${realDay(`left(${text}, 10)`)} and ${timeOfDay(`substr(${text}, 12)`)})`;
}

function fullMatch(text: string, pattern: string): string {
  return `regexp_full_match(${text}, ${literal(pattern)})`;
}

function realDay(text: string): string {
  return `(${fullMatch(text, DAY)} and try_cast(${text} as date) is not null)`;
}

function timeOfDay(text: string): string {
  const minutes = (from: number, to: number) =>
    `try_cast(substr(${text}, ${from}, 2) as integer) * 60 + try_cast(substr(${text}, ${to}, 2) as integer)`;
  const offset = `regexp_extract(${text}, '([+-])([0-9]{2}):([0-9]{2})$', 0)`;
  const shift = `(case when ${offset} = '' then 0 else (case when left(${offset}, 1) = '-' then 1 else -1 end) * (try_cast(substr(${offset}, 2, 2) as integer) * 60 + try_cast(substr(${offset}, 5, 2) as integer)) end)`;
  const leap = `(${fullMatch(text, `${LEAP}${OFFSET}`)} and (${minutes(1, 4)} + ${shift} + 2880) % 1440 = 1439)`;
  return `(${fullMatch(text, `${CLOCK}${OFFSET}`)} or coalesce(${leap}, false))`;
}
