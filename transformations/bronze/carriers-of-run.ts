import type { LedgerEntry } from "../../lib/ledger-types.js";
import type { FileVerdict } from "../../lib/verdict-types.js";
import type { Carriers } from "../planner/context.js";
import { bestPaths, carriedAfter, carriedContent } from "./carriers.js";
import { replacedPaths } from "./replaced-paths.js";

/** Who carries what, before and after a run. `ledger`: all entries, in any order. */
export function carriersOfRun(files: readonly FileVerdict[], ledger: readonly LedgerEntry[]): Carriers {
  const replaced = replacedPaths(files, ledger);
  const before = carriedContent(ledger);
  const best = bestPaths(carriedAfter(before, files, replaced.moved));
  const earlier = bestPaths(before);
  const reranked = [...best].filter(([carrier, path]) => (earlier.get(carrier) ?? path) !== path);
  return { replaced, best, reranked: new Set(reranked.map(([carrier]) => carrier)) };
}
