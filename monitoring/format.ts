const integers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** 1234567 → `1,234,567`. */
export function count(value: number): string {
  return integers.format(value);
}

/** `1 file`, `2 files`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A percentage that never rounds up to 100 what is not all, nor down to 0 what is not nothing. */
export function percent(value: number | null): string {
  if (value === null) return "–";
  if (value > 99.99 && value < 100) return "> 99.99 %";
  if (value > 0 && value < 0.01) return "< 0.01 %";
  return `${trimmed(value, 2)} %`;
}

/** Bytes in powers of 1000. */
export function bytes(value: number): string {
  let amount = value;
  let unit = 0;
  while (amount >= 1_000 && unit < UNITS.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  return `${trimmed(amount, amount < 10 && unit > 0 ? 1 : 0)} ${UNITS[unit] ?? "B"}`;
}

/** Seconds as people say them: `0.42 s`, `12.3 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${trimmed(seconds, 2)} s`;
  if (seconds < 59.95) return `${trimmed(seconds, 1)} s`;
  // rounded before it is parted: 119.6 s are two minutes
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `2026-01-02T03:04:05Z` → `2026-01-02 03:04 UTC`. */
export function moment(iso: string): string {
  return iso.length >= 16 ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;
}

const decimals = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** Money or a measure with at most two decimals. */
export function decimal(value: number): string {
  return decimals.format(value);
}

function trimmed(value: number, digits: number): string {
  return Number(value.toFixed(digits)).toString();
}
