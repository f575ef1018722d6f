import type { Random } from "./random.js";

/** Decides which records are spoilt: never more than `share` of the records so far, spread at random. */
export function faultPace(share: number, random: Random): (records: number) => boolean {
  let credit = 0;
  let jitter = random.share();
  return (records) => {
    credit += share;
    if (share === 0 || credit < records + (share >= 1 ? 0 : jitter)) return false;
    credit -= records;
    jitter = random.share();
    return true;
  };
}
