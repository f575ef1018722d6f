import type { Engine } from "../../engines/engine.js";
import type { LedgerEntry } from "../../lib/ledger-types.js";
import type { StagingPaths } from "../../lib/paths.js";
import type { RunVerdict } from "../../lib/verdict-types.js";
import type { SourceSpec } from "../sources/source-spec.js";
import type { ChunkLimits } from "./partitions.js";
import type { Tables } from "./tables.js";

/** Everything that one transform works with. */
export interface TransformContext {
  readonly engine: Engine;
  readonly staging: StagingPaths;
  readonly tables: Tables;
  readonly verdict: RunVerdict;
  readonly ledger: readonly LedgerEntry[];
  /** Configured sources by name. */
  readonly sources: ReadonlyMap<string, SourceSpec>;
  readonly limits: ChunkLimits;
  /** Days back from the run's date that changed lookups reach; 0 = all. */
  readonly windowDays: number;
  /** Make every derived table anew. */
  readonly rebuild: boolean;
}
