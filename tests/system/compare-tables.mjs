// Compares two outputs of `gristmill tables --json`: the same tables with the same row counts.
import { readFileSync } from "node:fs";

const [left, right] = process.argv.slice(2).map((file) => {
  const tables = JSON.parse(readFileSync(file, "utf8"));
  return Object.fromEntries(tables.map((table) => [table.name ?? table.table, table.rows]));
});
const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
const different = names.filter((name) => left[name] !== right[name]);
for (const name of different) console.error(`${name}: ${left[name]} rows against ${right[name]}`);
console.log(`${names.length - different.length} of ${names.length} tables alike`);
process.exitCode = different.length > 0 || names.length === 0 ? 1 : 0;
