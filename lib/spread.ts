/** Items in at most `groups` groups of about the same weight; the heaviest are given out first, empty groups left out. */
export function spread<T>(
  items: readonly T[],
  groups: number,
  weightOf: (item: T) => number,
): readonly (readonly T[])[] {
  const loads = Array.from({ length: Math.min(groups, items.length) }, () => ({
    items: [] as T[],
    weight: 0,
  }));
  for (const item of [...items].sort((a, b) => weightOf(b) - weightOf(a))) {
    const least = loads.reduce((best, load) => (load.weight < best.weight ? load : best));
    least.items.push(item);
    least.weight += weightOf(item);
  }
  return loads.map((load) => load.items);
}
