/** From the best to the worst: a fault beats bad configuration beats a held file. */
const RANK = [0, 65, 78];

/** The worse of two exit codes. */
export function worseExit(before: number, code: number): number {
  const rankOf = (one: number): number => (RANK.includes(one) ? RANK.indexOf(one) : RANK.length);
  return rankOf(code) > rankOf(before) ? code : before;
}
