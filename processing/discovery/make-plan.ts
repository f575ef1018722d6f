import { createHash } from "node:crypto";
import type { Config } from "../../lib/config-types.js";
import { GristmillError } from "../../lib/errors.js";
import type { LedgerEntry } from "../../lib/ledger-types.js";
import type { DataPaths } from "../../lib/paths.js";
import type { PlannedFile } from "../../lib/plan-types.js";
import { findCandidates, zipBounds } from "./candidates.js";
import { claims } from "./claims.js";
import { decide } from "./decide.js";
import { readHashCache, writeHashCache } from "./hash-cache.js";
import { locateMembers } from "./locate-members.js";
import { walk } from "./walk.js";

export interface PlanRequest {
  readonly config: Config;
  readonly paths: DataPaths;
  /** Live entries of the ledger. */
  readonly ledger: readonly LedgerEntry[];
  /** Hash of the compiled contract, by source. */
  readonly contracts: Readonly<Record<string, string>>;
  /** Only these sources; all where it is empty. */
  readonly sources: readonly string[];
  readonly rework: boolean;
  readonly rehash: boolean;
  readonly now: number;
  /** Where zip members are unpacked; null = nowhere, and nothing at all is written (`--plan`). */
  readonly unpackInto: string | null;
}

export interface PlannedRun {
  readonly files: readonly PlannedFile[];
  readonly unclaimed: readonly string[];
  /** Published files that were judged by an earlier contract: paths. */
  readonly outdated: readonly string[];
  /** True when raw/ holds no input at all. */
  readonly empty: boolean;
  /** True when there is something to publish, be it only another path of a known content. */
  readonly news: boolean;
}

/** What a run would do with every file below raw/. Throws bad_configuration before any work. */
export async function makePlan(request: PlanRequest): Promise<PlannedRun> {
  const { config, paths } = request;
  const raw = walk(paths.raw);
  if (raw === null) return { files: [], unclaimed: [], outdated: [], empty: true, news: false };
  const found = await findCandidates(raw, {
    config,
    claim: claims(config),
    cache: readHashCache(paths),
    rehash: request.rehash,
    sources: request.sources,
    now: request.now,
    unpackInto: request.unpackInto,
  });
  const live = new Map(request.ledger.map((entry) => [entry.path, entry]));
  const hashes = contractHashes(config, request.contracts);
  const files = decide(found.candidates, live, {
    contractHash: (feed) => hashes[feed] ?? "",
    threshold: (source) => config.thresholds[source] ?? config.settings.quality_threshold,
    rework: request.rework,
  });
  refuseTooMany(files, config.settings.max_files);
  const outdated = files.filter((file) => file.why === "done" && isOutdated(file, live)).map((f) => f.path);
  const planned = {
    unclaimed: found.unclaimed,
    outdated,
    empty: !raw.some((file) => !file.partial),
    news: files.some((file) => isNews(file, live)),
  };
  if (request.unpackInto === null) return { ...planned, files };
  writeHashCache(paths, found.cache);
  const located = await locateMembers(files, found.candidates, request.unpackInto, zipBounds(config));
  return { ...planned, files: located };
}

function isOutdated(file: PlannedFile, live: ReadonlyMap<string, LedgerEntry>): boolean {
  const entry = live.get(file.path);
  return entry !== undefined && entry.contract_hash !== file.contract_hash;
}

/** Something to publish: work, or one more path of a content that the tables have. */
function isNews(file: PlannedFile, live: ReadonlyMap<string, LedgerEntry>): boolean {
  if (file.action === "work" || file.action === "refused") return true;
  if (file.twin_of === null || live.get(file.path)?.sha256 === file.sha256) return false;
  const carrier = live.get(file.twin_of)?.status;
  return carrier === "published" || carrier === "twin";
}

/** What the files of a feed are judged by: the contract, how the feed reads them, and the bounds of reading. */
function contractHashes(
  config: Config,
  contracts: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { guess_stray_quotes, max_files, max_inflated_mb, max_inflate_ratio } = config.settings;
  const bounds = { guess_stray_quotes, max_files, max_inflated_mb, max_inflate_ratio };
  return Object.fromEntries(
    Object.values(config.feeds).map((feed) => {
      const { format, options, columns, constants } = feed;
      const parts = config.partThresholds[feed.source] ?? {};
      const text = JSON.stringify([
        contracts[feed.source],
        format,
        options,
        columns,
        constants,
        parts,
        bounds,
      ]);
      return [feed.name, createHash("sha256").update(text).digest("hex")];
    }),
  );
}

function refuseTooMany(files: readonly PlannedFile[], max: number): void {
  const counts = new Map<string, number>();
  for (const file of files)
    if (file.action === "work") counts.set(file.feed, (counts.get(file.feed) ?? 0) + 1);
  for (const [feed, count] of counts) {
    if (count > max) {
      throw new GristmillError(
        "bad_configuration",
        `the feed ${feed} has ${count} files to work on, max_files allows ${max}: raise max_files, or give fewer at a time`,
      );
    }
  }
}
