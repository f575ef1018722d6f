/** digits · 10^-scale, without trailing zeros after the point. */
export interface ExactNumber {
  readonly digits: bigint;
  readonly scale: number;
}

/** The exact value of a plain or scientific decimal text, or of a double's shortest text. */
export function exactNumber(input: string | number): ExactNumber {
  const [mantissa = "0", exponent = "0"] = String(input).toLowerCase().split("e");
  const negative = mantissa.startsWith("-");
  const [whole = "", fraction = ""] = mantissa.replace(/^[+-]/, "").split(".");
  let digits = BigInt(`${whole}${fraction}` === "" ? "0" : `${whole}${fraction}`);
  let scale = fraction.length - Number(exponent);
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  if (scale < 0) {
    digits *= 10n ** BigInt(-scale);
    scale = 0;
  }
  return { digits: negative ? -digits : digits, scale };
}

/** Negative, 0 or positive, as a − b is. */
export function compareExact(a: ExactNumber, b: ExactNumber): number {
  const scale = Math.max(a.scale, b.scale);
  const left = a.digits * 10n ** BigInt(scale - a.scale);
  const right = b.digits * 10n ** BigInt(scale - b.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function isMultiple(number: ExactNumber, step: ExactNumber): boolean {
  const scale = Math.max(number.scale, step.scale);
  return (
    (number.digits * 10n ** BigInt(scale - number.scale)) %
      (step.digits * 10n ** BigInt(scale - step.scale)) ===
    0n
  );
}
