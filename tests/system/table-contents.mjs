// `table-contents.mjs DATA [PREFIX [COLUMNS]]` prints a line a table, those whose names start with PREFIX: name, rows and
// an order-free hash of its content. Columns that tell when and in which run, not what, are left out, and COLUMNS (a,b).
import { openDuckDb } from "../../dist/engines/duckdb.js";
import { ident } from "../../dist/engines/quote.js";
import { relation } from "../../dist/lake/relation.js";
import { openTable } from "../../dist/lake/snapshot.js";
import { listTables } from "../../dist/lake/tables.js";
import { dataPaths } from "../../dist/lib/paths.js";

const [data, prefix = "", without = ""] = process.argv.slice(2);
const volatile = new Set(["run", "seq", "judged_at", "_run", ...without.split(",")]);
const paths = dataPaths(data);
const engine = await openDuckDb({ threads: 2, memoryMb: 1_000, tempDir: `${paths.root}/compare-temp` });
for (const name of listTables(paths).filter((table) => table.startsWith(prefix))) {
  const snapshot = await openTable(paths, name);
  const columns = snapshot.columns.map((column) => column.name).filter((column) => !volatile.has(column));
  const [row] = await engine.all(
    `select count(*) as rows, sum(hash(${columns.map(ident).join(", ")})::hugeint) as content from ${relation(snapshot)}`,
  );
  console.log(`${name}\t${row.rows}\t${row.content}`);
}
engine.close();
