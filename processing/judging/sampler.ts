/** Seeded draw of about `size` ascending positions of a stream of unknown length (Li's algorithm L). */
export interface Sampler<T> {
  /** Position that is drawn next. */
  next: number;
  keep(item: T): void;
  readonly items: readonly T[];
}

export function createSampler<T>(size: number, seed: string): Sampler<T> {
  const random = seededRandom(seed);
  const items: T[] = [];
  let weight = Math.exp(Math.log(random()) / size);
  const sampler: Sampler<T> = {
    next: size > 0 ? 0 : Number.POSITIVE_INFINITY,
    items,
    keep: (item) => {
      if (items.length < size) items.push(item);
      else items[Math.floor(random() * size)] = item;
      if (items.length < size) {
        sampler.next++;
        return;
      }
      sampler.next += Math.floor(Math.log(random()) / Math.log(1 - weight)) + 1;
      weight *= Math.exp(Math.log(random()) / size);
    },
  };
  return sampler;
}

/** Mulberry32, seeded from a text. */
export function seededRandom(seed: string): () => number {
  let state = 2166136261;
  for (let p = 0; p < seed.length; p++) state = Math.imul(state ^ seed.charCodeAt(p), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}
