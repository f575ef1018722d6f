// Prints a line a table of processed/: name, rows and an order-free hash of its content. `_run` is left out: it says when.
import { openDuckDb } from "../../../dist/engines/duckdb.js";
import { ident } from "../../../dist/engines/quote.js";
import { relation } from "../../../dist/lake/relation.js";
import { openTable } from "../../../dist/lake/snapshot.js";
import { listTables } from "../../../dist/lake/tables.js";
import { dataPaths } from "../../../dist/lib/paths.js";

const paths = dataPaths(process.argv[2]);
const engine = await openDuckDb({ threads: 2, memoryMb: 1_000, tempDir: `${paths.root}/compare-temp` });
for (const name of listTables(paths).filter((table) => table.startsWith("processed/"))) {
  const snapshot = await openTable(paths, name);
  const columns = snapshot.columns.map((column) => column.name).filter((column) => column !== "_run");
  const [row] = await engine.all(
    `select count(*) as rows, sum(hash(${columns.map(ident).join(", ")})::hugeint) as content from ${relation(snapshot)}`,
  );
  console.log(`${name}\t${row.rows}\t${row.content}`);
}
engine.close();
