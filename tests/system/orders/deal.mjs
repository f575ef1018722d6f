// `deal.mjs SEED RUNS` reads paths from its input and deals them out in shuffled order: a line a path, its run (from 1),
// a tab, the path. Paths that match MIDDLE come in the middle run: what names them comes before and after.
import { readFileSync } from "node:fs";

const [seed, runs] = process.argv.slice(2).map(Number);
const middle = new RegExp(process.env.MIDDLE ?? "^$");
let state = seed;

/** mulberry32: numbers in [0, 1). */
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}

const paths = readFileSync(0, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .sort();
for (let at = paths.length - 1; at > 0; at -= 1) {
  const other = Math.floor(random() * (at + 1));
  [paths[at], paths[other]] = [paths[other], paths[at]];
}
for (const [at, path] of paths.entries())
  console.log(`${middle.test(path) ? Math.ceil(runs / 2) : (at % runs) + 1}\t${path}`);
