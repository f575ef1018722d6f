/** Punycode (RFC 3492) of one label, without its `xn--`. */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";

function adapt(delta: number, count: number, first: boolean): number {
  let rest = first ? Math.floor(delta / 700) : delta >> 1;
  rest += Math.floor(rest / count);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + 38));
}

function threshold(k: number, bias: number): number {
  return Math.min(Math.max(k - bias, T_MIN), T_MAX);
}

/** The text, or null where it is no punycode. */
export function decodePunycode(code: string): string | null {
  const split = code.lastIndexOf("-");
  const output = split > 0 ? [...code.slice(0, split)].map((c) => c.codePointAt(0) ?? 0) : [];
  let [point, position, bias] = [128, 0, 72];
  let index = split > 0 ? split + 1 : 0;
  while (index < code.length) {
    const start = position;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = DIGITS.indexOf(code.charAt(index) || "?");
      index += 1;
      if (digit < 0) return null;
      position += digit * weight;
      const limit = threshold(k, bias);
      if (digit < limit) break;
      weight *= BASE - limit;
      if (weight > 2 ** 31) return null;
    }
    bias = adapt(position - start, output.length + 1, start === 0);
    point += Math.floor(position / (output.length + 1));
    position %= output.length + 1;
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return null;
    output.splice(position, 0, point);
    position += 1;
  }
  return output.some((value) => value > 127) ? String.fromCodePoint(...output) : null;
}

export function encodePunycode(text: string): string {
  const points = [...text].map((c) => c.codePointAt(0) ?? 0);
  let output = points
    .filter((point) => point < 128)
    .map((point) => String.fromCodePoint(point))
    .join("");
  let handled = output.length;
  const basic = handled;
  if (basic > 0) output += "-";
  let [current, delta, bias] = [128, 0, 72];
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= current));
    delta += (next - current) * (handled + 1);
    current = next;
    for (const point of points) {
      if (point < current) delta += 1;
      if (point !== current) continue;
      let rest = delta;
      for (let k = BASE; ; k += BASE) {
        const limit = threshold(k, bias);
        if (rest < limit) break;
        output += DIGITS.charAt(limit + ((rest - limit) % (BASE - limit)));
        rest = Math.floor((rest - limit) / (BASE - limit));
      }
      output += DIGITS.charAt(rest);
      bias = adapt(delta, handled + 1, handled === basic);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    current += 1;
  }
  return output;
}
