import type { Engine } from "../../engines/engine.js";
import type { StagingPaths } from "../../lib/paths.js";
import type { RunVerdict } from "../../lib/verdict-types.js";
import type { ReplacedPaths } from "../bronze/replaced-paths.js";
import type { SourceSpec } from "../sources/source-spec.js";
import type { ChunkLimits } from "./partitions.js";
import type { Tables } from "./tables.js";

/** Everything that one transform works with. */
export interface TransformContext {
  readonly engine: Engine;
  readonly staging: StagingPaths;
  readonly tables: Tables;
  readonly verdict: RunVerdict;
  readonly carriers: Carriers;
  /** Configured sources by name. */
  readonly sources: ReadonlyMap<string, SourceSpec>;
  readonly limits: ChunkLimits;
  /** Days back from the run's date that changed lookups reach; 0 = all. */
  readonly windowDays: number;
  /** Make every derived table anew. */
  readonly rebuild: boolean;
}

/** Which path stands for which content, before and after the run. */
export interface Carriers {
  readonly replaced: ReplacedPaths;
  /** Carrier → the path that ranks its rows, after the run. */
  readonly best: ReadonlyMap<string, string>;
  /** Carriers that rank differently after the run. */
  readonly reranked: ReadonlySet<string>;
}
