// Compares what delta-rs read with what the lake says: rows at every version, every row of the newest.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openDuckDb } from "../../../dist/engines/duckdb.js";
import { literal } from "../../../dist/engines/quote.js";
import { relation } from "../../../dist/lake/relation.js";
import { openTable } from "../../../dist/lake/snapshot.js";
import { listTables, tableSums } from "../../../dist/lake/tables.js";
import { dataPaths } from "../../../dist/lib/paths.js";

const [root, dumps] = process.argv.slice(2);
const paths = dataPaths(root);
const counts = JSON.parse(readFileSync(join(dumps, "counts.json"), "utf8"));
const engine = await openDuckDb({ threads: 2, memoryMb: 1000, tempDir: join(dumps, "temp") });
const faults = [];
let versions = 0;
for (const table of listTables(paths)) {
  const newest = await openTable(paths, table);
  if (Object.keys(counts[table] ?? {}).length !== newest.version + 1) faults.push(`${table}: other versions`);
  for (const [version, rows] of Object.entries(counts[table] ?? {})) {
    const ours = tableSums(await openTable(paths, table, Number(version))).rows;
    versions += 1;
    if (ours !== rows) faults.push(`${table} version ${version}: ${ours} rows, delta-rs ${rows}`);
  }
  const dump = `(select * from read_parquet(${literal(join(dumps, `${table.replaceAll("/", "__")}.parquet`))}))`;
  const columns = newest.columns.map(({ name }) => `"${name}"`).join(", ");
  for (const [left, right] of [
    [relation(newest), dump],
    [dump, relation(newest)],
  ]) {
    const [row] = await engine.all(
      `select count(*) as n from (select ${columns} from ${left} except all select ${columns} from ${right})`,
    );
    if (Number(row.n) > 0) faults.push(`${table}: ${row.n} rows differ`);
  }
}
engine.close();
for (const fault of faults) console.error(fault);
console.log(`${listTables(paths).length} tables, ${versions} versions, ${faults.length} differences`);
process.exitCode = faults.length > 0 || versions === 0 ? 1 : 0;
