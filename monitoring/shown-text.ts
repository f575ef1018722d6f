const MASK = "•••";
// controls, and signs of format such as those that turn the direction of text around
const invisible = /[\p{Cc}\p{Cf}]/gu;
const email = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const ipv4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g;
const ipv6 = /(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]{1,4}(?![\w:])/gi;

/** Text from the data as a person may safely read it: one line, controls made visible, at most `limit` characters. */
export function shown(text: string, limit = 200): string {
  const visible = text.replaceAll(
    invisible,
    (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}}`,
  );
  const letters = Array.from(visible);
  if (letters.length <= limit) return visible;
  const head = Math.ceil(limit * 0.7);
  const tail = limit - head - 1;
  return `${letters.slice(0, head).join("")}…${letters.slice(letters.length - tail).join("")}`;
}

/**
 * An example from the data. Personal columns come masked already; e-mail and network addresses in any other
 * place are masked here.
 */
export function shownExample(text: string, limit = 400): string {
  return shown(text.replaceAll(email, MASK).replaceAll(ipv4, MASK).replaceAll(ipv6, MASK), limit);
}
