/** A seeded source of random numbers (sfc32): the same seed gives the same numbers on every machine. */
export interface Random {
  /** A whole number in [0, bound). */
  below(bound: number): number;
  /** A number in [0, 1). */
  share(): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
}

export function seededRandom(seed: number, stream: number): Random {
  let a = mix(seed, stream, 1);
  let b = mix(seed, stream, 2);
  let c = mix(seed, stream, 3);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  const share = (): number => next() / 4_294_967_296;
  const below = (bound: number): number => Math.floor(share() * bound);
  return {
    share,
    below,
    chance: (probability) => share() < probability,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
  };
}

/** A well-mixed 32-bit number from several: what a user or session is, without keeping it. */
export function mix(first: number, second = 0, third = 0, fourth = 0): number {
  return stir(stir(stir(stir(0x9e3779b9, first), second), third), fourth);
}

function stir(hash: number, value: number): number {
  let mixed = hash ^ value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
