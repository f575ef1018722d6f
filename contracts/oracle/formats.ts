import { isIPv4, isIPv6 } from "node:net";
import { isHostname } from "../idna.js";

/** Formats that ajv-formats reads more loosely or more strictly than their RFCs, read by hand. */
export const oracleFormats: Readonly<Record<string, (text: string) => boolean>> = {
  "date-time": (text) => /^[Tt]$/.test(text.charAt(10)) && isDay(text.slice(0, 10)) && isTime(text.slice(11)),
  time: isTime,
  email: isEmail,
  uuid: (text) => text.length === 36 && /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text),
  uri: isUri,
  hostname: isHostname,
};

function isDay(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** RFC 3339 full-time; second 60 only where it is 23:59 in UTC. */
function isTime(text: string): boolean {
  const zone = /(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$/.exec(text)?.[0];
  if (zone === undefined) return false;
  const clock = text.slice(0, -zone.length);
  if (!/^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?$/.test(clock)) return false;
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  const second = Number(clock.slice(6, 8));
  const [zoneHour = 0, zoneMinute = 0] = zone.length === 1 ? [] : zone.slice(1).split(":").map(Number);
  if (hour > 23 || minute > 59 || zoneHour > 23 || zoneMinute > 59 || second > 60) return false;
  if (second < 60) return true;
  const sign = zone.startsWith("-") ? 1 : -1;
  const utc = hour * 60 + minute + sign * (zoneHour * 60 + zoneMinute);
  return (utc + 2880) % 1440 === 23 * 60 + 59;
}

/** RFC 5321 mailbox: a dotted or quoted local part, a domain or an address literal. */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1) return false;
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  const quoted = local.length >= 2 && local.startsWith('"') && local.endsWith('"');
  if (
    quoted
      ? !isQuoted(local.slice(1, -1))
      : !local.split(".").every((atom) => /^[\w!#$%&'*+/=?^`{|}~-]+$/.test(atom))
  )
    return false;
  if (!domain.startsWith("[")) return isHostname(domain);
  const address = /^\[(.*)\]$/s.exec(domain)?.[1];
  if (address === undefined) return false;
  return address.startsWith("IPv6:") ? isPlainIPv6(address.slice(5)) : isIPv4(address);
}

function isQuoted(content: string): boolean {
  for (let index = 0; index < content.length; index += 1) {
    const character = content.charAt(index);
    if (character === '"') return false;
    if (character === "\\") index += 1;
    if (!/^[ -~]$/.test(content.charAt(index))) return false;
  }
  return true;
}

function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes("%");
}

/** RFC 3986 URI with a scheme. */
function isUri(text: string): boolean {
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text);
  if (parts === null) return false;
  const [, , authority, path = "", query = "", fragment = ""] = parts;
  const allowed = (value: string, extra: string) =>
    [...value.replaceAll(/%[0-9A-Fa-f]{2}/g, "")].every(
      (c) => /^[A-Za-z0-9._~!$&'()*+,;=-]$/.test(c) || extra.includes(c),
    );
  if (!allowed(path, ":@/") || !allowed(query, ":@/?") || !allowed(fragment, ":@/?")) return false;
  if (authority === undefined) return true;
  const at = authority.lastIndexOf("@");
  if (at >= 0 && !allowed(authority.slice(0, at), ":")) return false;
  const host = authority.slice(at + 1);
  const literal = /^\[(.*)\](:[0-9]*)?$/s.exec(host);
  if (literal !== null) {
    const address = literal[1] ?? "";
    return isPlainIPv6(address) || /^[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+$/.test(address);
  }
  const [name = "", port = "", ...more] = host.split(":");
  return more.length === 0 && /^[0-9]*$/.test(port) && allowed(name, "");
}
