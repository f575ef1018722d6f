import { decodePunycode, encodePunycode } from "./punycode.js";

/** RFC 1123 host name whose `xn--` labels are valid by IDNA 2008 (RFC 5891, 5892). */
export function isHostname(text: string): boolean {
  if (text.length > 253) return false;
  return text.split(".").every((label) => {
    if (!/^[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?$/.test(label)) return false;
    return !/^xn--/i.test(label) || isALabel(label.toLowerCase());
  });
}

function isALabel(label: string): boolean {
  const decoded = decodePunycode(label.slice(4));
  if (decoded === null || encodePunycode(decoded) !== label.slice(4)) return false;
  return isULabel(decoded);
}

/** Exceptions of RFC 5892, 2.6, that have no rule of their own below. */
const ALLOWED = /^[\u00df\u03c2\u06fd\u06fe\u0f0b\u3007]$/u;
const DISALLOWED = /^[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]$/u;
const VIRAMA =
  /^[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1715\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua82c\ua8c4\ua953\ua9c0\uaaf6\uabed]$/u;
/** Scripts whose letters join: between two of them a zero-width non-joiner has a meaning. */
const JOINING =
  /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mandaic}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Phags_Pa}]$/u;

function isULabel(label: string): boolean {
  const points = [...label];
  if (label.normalize("NFC") !== label || label.slice(2, 4) === "--" || /^-|-$/.test(label)) return false;
  if (/^\p{M}/u.test(label)) return false;
  const digits = [/[\u0660-\u0669]/u.test(label), /[\u06f0-\u06f9]/u.test(label)];
  if (digits[0] === true && digits[1] === true) return false;
  return points.every((point, index) =>
    isAllowed(point, points[index - 1] ?? "", points[index + 1] ?? "", points),
  );
}

function isAllowed(point: string, before: string, after: string, label: readonly string[]): boolean {
  switch (point) {
    case "\u00b7":
      return before === "l" && after === "l";
    case "\u0375":
      return /^\p{Script=Greek}$/u.test(after);
    case "\u05f3":
    case "\u05f4":
      return /^\p{Script=Hebrew}$/u.test(before);
    case "\u30fb":
      return label.some((other) => /^[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]$/u.test(other));
    case "\u200d":
      return VIRAMA.test(before);
    case "\u200c":
      return VIRAMA.test(before) || (JOINING.test(before) && JOINING.test(after));
    default:
      if (ALLOWED.test(point) || /^[a-z0-9-]$/.test(point)) return true;
      if (
        DISALLOWED.test(point) ||
        /\p{Default_Ignorable_Code_Point}|\p{White_Space}|\p{Noncharacter_Code_Point}/u.test(point)
      )
        return false;
      // unstable under case folding and compatibility normalisation: not for names
      return (
        /^[\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}]$/u.test(point) &&
        point.normalize("NFKC").toLowerCase() === point
      );
  }
}
