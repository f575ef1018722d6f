export type Exactness = "integer" | "decimal" | "double";

/** A number of a schema or rule as SQL, so that comparing loses no digit of the column's own type. */
export function numberLiteral(value: number, exactness: Exactness): string {
  if (exactness === "double") return `'${value}'::double`;
  const plain = plainDecimal(value);
  return plain === null ? `'${value}'::double` : plain;
}

/** Decimal digits without exponent, or null when they don't fit DECIMAL(38). */
export function plainDecimal(value: number): string | null {
  const { digits, scale, negative } = decimalParts(value);
  const sign = negative ? "-" : "";
  if (scale <= 0) {
    const whole = `${digits}${"0".repeat(-scale)}`;
    return whole.length > 38 ? null : `${sign}${whole}`;
  }
  if (scale > 38 || digits.length > 38) return null;
  const padded = digits.padStart(scale + 1, "0");
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** The shortest decimal of a double: digits · 10^-scale. */
export function decimalParts(value: number): {
  readonly digits: string;
  readonly scale: number;
  readonly negative: boolean;
} {
  const [mantissa = "0", exponent = "0"] = Math.abs(value).toExponential().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const digits = `${whole}${fraction}`.replace(/^0+(?=.)/, "");
  return { digits, scale: fraction.length - Number(exponent), negative: value < 0 };
}

/**
 * Whether a number is a whole multiple of `step`, by its decimal digits (19.99 is a multiple of 0.01).
 * Up to 2^52 · 10^-scale a double is scaled to a whole number and back, which is exact; above that by DECIMAL.
 */
export function multipleOf(sql: string, exactness: Exactness, step: number): string {
  const { digits, scale } = decimalParts(step);
  const places = Math.max(scale, 0);
  const unit = `${digits}${"0".repeat(Math.max(-scale, 0))}`;
  const power = `1${"0".repeat(places)}`;
  if (exactness !== "double") {
    const decimal = plainDecimal(step);
    if (decimal !== null) return `${sql} % ${decimal} = 0`;
  }
  const scaled = `round(${sql} * '${power}'::double)`;
  const small = `abs(${sql}) * '${power}'::double < 4503599627370496`;
  const exact = `${scaled} / '${power}'::double = ${sql} and ${scaled} % '${unit}'::double = 0`;
  const whole = `trunc(${sql}) = ${sql} and try_cast(try_cast(${sql} as decimal(38, 0)) * ${power} as decimal(38, 0)) % ${unit} = 0`;
  // beyond 10^38 every double is whole
  const huge = BigInt(power) % BigInt(unit) === 0n ? "true" : `${sql} % '${step}'::double = 0`;
  return `(case when ${small} then ${exact} else coalesce(${whole}, trunc(${sql}) = ${sql} and ${huge}) end)`;
}
