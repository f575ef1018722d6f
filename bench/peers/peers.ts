import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../lib/paths.js";
import type { Invocation } from "../measure.js";
import { cacheFolder } from "../workshop.js";

/** What a user would take instead, for one CSV of sales: accepted and rejected rows into a folder. */
export interface Peer {
  readonly name: string;
  /** One round is enough: it takes minutes. */
  readonly slow: boolean;
  missing(): string | null;
  invocation(input: string, out: string): Invocation;
}

/** bench/peers/install.sh puts them there. */
const installed = join(cacheFolder, "peers");
const python = join(installed, "venv", "bin", "python");
const sources = join(packageRoot, "bench", "peers");

function nodePeer(name: string, script: string, slow: boolean): Peer {
  return {
    name,
    slow,
    missing: () => null,
    invocation: (input, out) => ({
      command: process.execPath,
      args: [join(packageRoot, "dist", "bench", "peers", script), input, out],
    }),
  };
}

function pythonPeer(name: string, module: string, script: string, slow: boolean): Peer {
  return {
    name,
    slow,
    missing: () => {
      if (!existsSync(python)) return "not installed: bash bench/peers/install.sh";
      const found = spawnSync(python, [
        "-c",
        `import importlib.util as u, sys; sys.exit(u.find_spec("${module}") is None)`,
      ]);
      return found.status === 0 ? null : `not installed: ${module} (bash bench/peers/install.sh)`;
    },
    invocation: (input, out) => ({ command: python, args: [join(sources, script), input, out] }),
  };
}

export const peers: readonly Peer[] = [
  nodePeer("DuckDB, SQL by hand", "duckdb-ingest.js", false),
  pythonPeer("Polars", "polars", "polars_ingest.py", false),
  pythonPeer("pandas", "pandas", "pandas_ingest.py", true),
  pythonPeer("Great Expectations", "great_expectations", "great_expectations_ingest.py", true),
  {
    name: "qsv",
    slow: false,
    missing: () => (existsSync(join(installed, "qsv")) ? null : "not installed: bash bench/peers/install.sh"),
    invocation: (input, out) => ({
      command: join(installed, "qsv"),
      args: [
        "validate",
        input,
        join(sources, "sales.schema.json"),
        "--valid",
        "accepted.csv",
        "--invalid",
        "rejected.csv",
      ],
      cwd: out,
    }),
  },
  nodePeer("csv-parse + ajv", "csv-parse-ajv.js", true),
];
