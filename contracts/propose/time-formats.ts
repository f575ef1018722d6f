interface TimeFormat {
  readonly format: string;
  readonly pattern: RegExp;
  /** Group of the pattern that is the day; the other one is the month. */
  readonly day: 1 | 2;
  readonly hasTime: boolean;
}

const SEPARATORS = ["/", ".", "-"] as const;
const CLOCKS = [
  { format: "", pattern: "", hasTime: false },
  { format: " %H:%M", pattern: " \\d{1,2}:\\d{2}", hasTime: true },
  { format: " %H:%M:%S", pattern: " \\d{1,2}:\\d{2}:\\d{2}", hasTime: true },
] as const;

const formats: readonly TimeFormat[] = SEPARATORS.flatMap((separator) =>
  CLOCKS.flatMap(({ format, pattern, hasTime }) => {
    const s = separator === "." ? "\\." : separator;
    const match = new RegExp(`^(\\d{1,2})${s}(\\d{1,2})${s}\\d{4}${pattern}$`);
    return [
      { format: `%d${separator}%m${separator}%Y${format}`, pattern: match, day: 1 as const, hasTime },
      { format: `%m${separator}%d${separator}%Y${format}`, pattern: match, day: 2 as const, hasTime },
    ];
  }),
);

export const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
export const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

const NAMED_UTC = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC$/;

/** A format that all values are written in, other than ISO 8601, and whether the values leave room for another. */
export interface FoundFormat {
  readonly format: string;
  readonly hasTime: boolean;
  readonly isAmbiguous: boolean;
}

export function findTimeFormat(values: readonly string[]): FoundFormat | null {
  if (values.length > 0 && values.every((value) => NAMED_UTC.test(value)))
    return { format: "%Y-%m-%d %H:%M:%S UTC", hasTime: true, isAmbiguous: false };
  const fitting = formats.filter(({ pattern, day }) =>
    values.every((value) => {
      const match = pattern.exec(value);
      if (match === null) return false;
      const [dayText, monthText] = day === 1 ? [match[1], match[2]] : [match[2], match[1]];
      return isBetween(dayText, 31) && isBetween(monthText, 12);
    }),
  );
  const [first] = [...fitting].sort((a, b) => daysOf(b, values) - daysOf(a, values));
  if (first === undefined || values.length === 0) return null;
  return { format: first.format, hasTime: first.hasTime, isAmbiguous: fitting.length > 1 };
}

/** How many different days a format sees: in one month's file the day is the number that changes. */
function daysOf({ pattern, day }: TimeFormat, values: readonly string[]): number {
  return new Set(values.map((value) => pattern.exec(value)?.[day])).size;
}

function isBetween(text: string | undefined, most: number): boolean {
  const value = Number(text);
  return value >= 1 && value <= most;
}
