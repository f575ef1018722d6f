// `resend.mjs FOLDER` adds to a folder of daily CSV files: every fifth day again under another name, and for every tenth
// an extract that overlaps with it and the day after it, from the middle of the one to the middle of the other.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const days = readdirSync(folder).sort();
const linesOf = (name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
for (const [at, name] of days.entries()) {
  if (at % 5 === 0) copyFileSync(join(folder, name), join(folder, `again_${name}`));
  if (at % 10 !== 3 || at + 1 === days.length) continue;
  const [header, ...day] = linesOf(name);
  const [, ...next] = linesOf(days[at + 1]);
  const lines = [header, ...day.slice(day.length >> 1), ...next.slice(0, next.length >> 1)];
  writeFileSync(join(folder, `overlap_${name}`), `${lines.join("\n")}\n`);
}
