import { join } from "node:path";
import { openDuckDb } from "../../../engines/duckdb.js";
import { dataPaths } from "../../../lib/paths.js";
import { type KillPoint, numbered } from "./killing-effects.js";
import { type MiniRun, miniRun } from "./mini-run.js";

/** One run in a process of its own, killed at a point; prints the operations that it did where it lives. */
const [root = "", request = "", point = "null"] = process.argv.slice(2);
const engine = await openDuckDb({ threads: 1, memoryMb: 500, tempDir: join(root, "temp") });
const counting = numbered(JSON.parse(point) as KillPoint | null);
await miniRun(dataPaths(root), counting.wrap(engine), counting.effects, JSON.parse(request) as MiniRun);
process.stdout.write(`${JSON.stringify(counting.done)}\n`);
