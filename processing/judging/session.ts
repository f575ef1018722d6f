import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Contract } from "../../contracts/contract.js";
import { prepareSession } from "../../contracts/session.js";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";
import { registerScanObserver, type ScanObserver } from "../../engines/duckdb-observer.js";
import type { FeedConfig } from "../../lib/config-types.js";
import { createPipes, type Pipes } from "./pipes.js";

/** Parquet that only the next stages read: fast to write. */
export const HANDED_OFF = { compression: "snappy", dictionaryLimit: 1000 } as const;

/** One engine, one contract, one folder: everything that judging a stream needs. */
export interface Session {
  readonly engine: DuckDbEngine;
  readonly observer: ScanObserver;
  readonly contract: Contract;
  readonly feed: FeedConfig;
  readonly source: string;
  readonly run: string;
  /** Where results go. */
  readonly folder: string;
  readonly canonical: readonly string[];
  /** Accepted records carry their number: unique rules, references and samples of warnings trace back by it. */
  readonly numbered: boolean;
  /** Next free number for a file of results. */
  nextName(kind: string): string;
  /** The pipes through which the engine is fed. */
  readonly pipes: Pipes;
  readonly profile: { scans: number; bytesRead: number };
  close(): void;
}

export async function openSession(options: {
  readonly contract: Contract;
  readonly feed: FeedConfig;
  readonly source: string;
  readonly run: string;
  readonly folder: string;
  readonly tempDir: string;
  readonly memoryMb: number;
}): Promise<Session> {
  mkdirSync(options.folder, { recursive: true });
  // One thread: record numbers are the order of the scan. More cores are used by more processes.
  const engine = await openDuckDb({ threads: 1, memoryMb: options.memoryMb, tempDir: options.tempDir });
  const observer = registerScanObserver(engine.connection);
  await prepareSession(engine, options.contract);
  const pipes = createPipes(options.folder);
  let files = 0;
  return {
    engine,
    observer,
    contract: options.contract,
    feed: options.feed,
    source: options.source,
    run: options.run,
    folder: options.folder,
    canonical: options.contract.columns.map((column) => column.name),
    numbered: options.contract.needsRecord || options.contract.warnings.length > 0,
    nextName: (kind) => join(options.folder, `${kind}-${files++}`),
    pipes,
    profile: { scans: 0, bytesRead: 0 },
    close: () => {
      pipes.close();
      engine.close();
    },
  };
}
