/** The greatest date that stands in a path as YYYY-MM-DD or YYYYMMDD, as YYYY-MM-DD; null where there is none. */
export function pathDate(path: string): string | null {
  let greatest: string | null = null;
  for (const match of path.matchAll(/(?<![0-9])([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})(?![0-9])/g)) {
    const date = `${match[1]}-${match[3]}-${match[4]}`;
    if (isDay(date) && (greatest === null || date > greatest)) greatest = date;
  }
  return greatest;
}

/**
 * Paths from the one that loses every tie to the one that wins it: without a date first, then by date, then by
 * path in the order of its bytes.
 */
export function fromLoserToWinner(paths: Iterable<string>): readonly string[] {
  return [...paths]
    .map((path) => ({ path, date: pathDate(path) ?? "", bytes: Buffer.from(path) }))
    .sort((a, b) => (a.date === b.date ? Buffer.compare(a.bytes, b.bytes) : a.date < b.date ? -1 : 1))
    .map(({ path }) => path);
}

function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
