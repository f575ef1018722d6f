import { mkdirSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { pipelineStatements } from "./duckdb-pipeline-sql.js";

/**
 * The whole pipeline as one script by hand: raw files to bronze, enriched, joined and aggregated tables, once, in
 * plain Parquet; bad rows are dropped, nothing is reported and nothing is incremental.
 * Usage: duckdb-pipeline.js <raw folder> <out folder>
 */
const [raw = "", out = ""] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:", {
  threads: "2",
  preserve_insertion_order: "false",
  temp_directory: `${out}/temp`,
});
const db = await instance.connect();
for (const folder of ["processed", "enriched", "joined", "aggregated"]) mkdirSync(`${out}/${folder}`);
await db.run("set timezone = 'UTC'");
for (const statement of pipelineStatements(raw, out)) await db.run(statement);
db.closeSync();
instance.closeSync();
