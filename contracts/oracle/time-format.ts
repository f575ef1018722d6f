/** Parts of a time as a text spells them. */
export interface TimeFields {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  micros?: number;
  afternoon?: boolean;
  /** Minutes east of UTC. */
  zone?: number;
}

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];

/** Minutes east of UTC of `Z`, `+02:00`, `+0200` or `+02`; null where there is no such zone. */
export function zoneMinutes(zone: string): number | null {
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", "") || 0);
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

/** Read a text by a strptime format, from left to right, each directive as many digits as it may have. */
export function readFormat(text: string, format: string): TimeFields | null {
  const fields: TimeFields = {};
  let rest = text;
  const take = (pattern: RegExp): string | null => {
    const match = pattern.exec(rest);
    if (match === null) return null;
    rest = rest.slice(match[0].length);
    return match[0];
  };
  for (const piece of format.match(/%-?.|[^%]/gu) ?? []) {
    if (!piece.startsWith("%") || piece === "%%") {
      const sign = piece === "%%" ? "%" : piece;
      if (!rest.startsWith(sign)) return null;
      rest = rest.slice(sign.length);
      continue;
    }
    if (!readDirective(piece.at(-1) ?? "", take, fields)) return null;
  }
  return rest === "" ? fields : null;
}

function readDirective(
  directive: string,
  take: (pattern: RegExp) => string | null,
  fields: TimeFields,
): boolean {
  const number = (pattern: RegExp, set: (value: number) => void): boolean => {
    const text = take(pattern);
    if (text !== null) set(Number(text));
    return text !== null;
  };
  const two = /^[0-9]{1,2}/;
  switch (directive) {
    case "Y":
      return number(/^[0-9]{4}/, (value) => {
        fields.year = value;
      });
    case "y":
      return number(/^[0-9]{2}/, (value) => {
        fields.year = value + (value < 69 ? 2000 : 1900);
      });
    case "m":
      return number(two, (value) => {
        fields.month = value;
      });
    case "d":
      return number(two, (value) => {
        fields.day = value;
      });
    case "H":
    case "I":
      return number(two, (value) => {
        fields.hour = directive === "I" && (value < 1 || value > 12) ? 99 : value;
      });
    case "M":
      return number(two, (value) => {
        fields.minute = value;
      });
    case "S":
      return number(two, (value) => {
        fields.second = value;
      });
    case "f": {
      const text = take(/^[0-9]{1,6}/);
      fields.micros = Number((text ?? "").padEnd(6, "0"));
      return text !== null;
    }
    case "p": {
      const text = take(/^[AaPp][Mm]/);
      fields.afternoon = text?.toLowerCase() === "pm";
      return text !== null;
    }
    case "b":
    case "B": {
      const text = take(directive === "b" ? /^[A-Za-z]{3}/ : /^[A-Za-z]+/)?.toLowerCase();
      const index = MONTHS.findIndex((month) => text === (directive === "b" ? month.slice(0, 3) : month));
      fields.month = index + 1;
      return index >= 0;
    }
    case "z": {
      const text = take(/^[+-][0-9]{2}:?[0-9]{2}/);
      const minutes = text === null ? null : zoneMinutes(text);
      if (minutes !== null) fields.zone = minutes;
      return minutes !== null;
    }
    default:
      return false;
  }
}
