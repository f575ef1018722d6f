import { mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { putCommit, tableCommit } from "../../lake/commit.js";
import { ledgerChange, type NewLedgerEntry, readLedger } from "../../lake/ledger.js";
import { ledgerEntries } from "../../lake/ledger-entries.js";
import { ledgerState } from "../../lake/ledger-state.js";
import { openTable } from "../../lake/snapshot.js";
import { stagingPaths } from "../../lib/paths.js";
import type { FileVerdict, LedgerEntry } from "../../lib/run-types.js";
import { type TemporaryLake, temporaryLake } from "./temporary-lake.js";

let lake: TemporaryLake;
beforeEach(async () => {
  lake = await temporaryLake();
});
afterEach(() => lake.close());

function entry(path: string, more: Partial<LedgerEntry> = {}): NewLedgerEntry {
  return {
    path,
    feed: "sales",
    source: "sales",
    sha256: `sha of ${path}`,
    bytes: 12,
    lines: null,
    header_lines: 1,
    blank_lines: 0,
    records: 10,
    accepted: 9,
    quarantined: 1,
    held: 0,
    score: 90.5,
    stray_quotes: 0,
    status: "published",
    carrier: path,
    contract_hash: "c",
    threshold: 90,
    run: "r1",
    judged_at: "2026-01-02T03:04:05.678Z",
    ...more,
  };
}

async function append(entries: readonly NewLedgerEntry[], run: string): Promise<void> {
  const staging = stagingPaths(lake.paths, run);
  const change = await ledgerChange(lake.engine, await readLedger(lake.paths), entries, { staging });
  if (change === null) return;
  const commit = tableCommit(await openTable(lake.paths, change.table), change, { run, now: 1 });
  for (const path of commit.moves) {
    const target = join(lake.paths.ledger, path);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(staging.tables, change.table, path), target);
  }
  await putCommit(lake.paths.ledger, commit);
}

test("entries come back as they were given, numbered in their order", async () => {
  const given = [entry("a.csv"), entry("ü/b 'c'.csv", { lines: 11, score: null, status: "held" })];
  await append(given, "r1");
  await append([entry("a.csv", { sha256: "new", run: "r0" })], "r0");
  const ledger = await readLedger(lake.paths);
  expect(ledger.entries).toEqual([
    { ...given[0], seq: 1 },
    { ...given[1], seq: 2 },
    { ...entry("a.csv", { sha256: "new", run: "r0" }), seq: 3 },
  ]);
  // a clock that jumped back gave the later run the smaller id: its entry is live all the same
  expect(ledger.live.get("a.csv")?.sha256).toBe("new");
});

test("an empty ledger is version -1", async () => {
  const ledger = await readLedger(lake.paths);
  expect([ledger.version, ledger.entries, ledger.nextSeq]).toEqual([-1, [], 1]);
  const staging = stagingPaths(lake.paths, "r");
  expect(await ledgerChange(lake.engine, ledger, [], { staging })).toBeNull();
});

test("a held file does not replace what its path carries; a rolled back one neither", () => {
  const numbered = [
    entry("a", { sha256: "1" }),
    entry("a", { sha256: "2", status: "held" }),
    entry("b", { sha256: "3" }),
    entry("b", { sha256: "4", status: "rolled_back" }),
  ].map((each, at) => ({ ...each, seq: at + 1 }));
  const ledger = ledgerState(1, numbered);
  expect(ledger.live.get("a")?.status).toBe("held");
  expect(ledger.carried.get("a")?.sha256).toBe("1");
  expect(ledger.live.get("b")?.status).toBe("rolled_back");
  expect(ledger.carried.get("b")?.sha256).toBe("3");
  expect(ledger.bySha("sales", "1").map(({ path }) => path)).toEqual(["a"]);
  expect(ledger.bySha("sales", "2").map(({ path }) => path)).toEqual(["a"]);
  expect(ledger.bySha("sales", "4")).toEqual([]);
  expect(ledger.bySha("other", "1")).toEqual([]);
});

test("10,000 entries are read without an engine", async () => {
  const many = Array.from({ length: 10_000 }, (_, at) =>
    entry(`sales/2026/file_${at}.csv`, { sha256: String(at) }),
  );
  await append(many, "r1");
  const start = performance.now();
  expect((await readLedger(lake.paths)).live.size).toBe(10_000);
  console.log(`10,000 ledger entries read in ${(performance.now() - start).toFixed(0)} ms`);
});

function verdict(path: string, more: Partial<FileVerdict>): FileVerdict {
  const { run: _run, judged_at: _at, carrier: _carrier, status: _status, ...facts } = entry(path);
  return {
    ...facts,
    file: path,
    status: "published",
    job: "j1",
    why: "new",
    message: null,
    twin_of: null,
    rejudged: true,
    ...more,
  };
}

function entriesOf(
  before: readonly NewLedgerEntry[],
  files: readonly FileVerdict[],
  moved: Record<string, string> = {},
) {
  const ledger = ledgerState(
    1,
    before.map((each, at) => ({ ...each, seq: at + 1 })),
  );
  return ledgerEntries(ledger, {
    run: "r2",
    judged_at: "now",
    files,
    moved: new Map(Object.entries(moved)),
  }).map(({ path, status, carrier, sha256 }) => [path, status, carrier, sha256]);
}

const skipped = { status: "skipped", job: null, rejudged: false } as const;

test("judged files are recorded; held, skipped and failed ones of before are not again", () => {
  const files = [
    verdict("new", { sha256: "1" }),
    verdict("low", { sha256: "2", status: "held" }),
    verdict("refused", { sha256: "3", status: "held", job: null }),
    verdict("old-held", { status: "held", job: null, rejudged: false, why: "held" }),
    verdict("done", { ...skipped, why: "done" }),
    verdict("broken", { status: "error", rejudged: false }),
  ];
  expect(entriesOf([], files)).toEqual([
    ["new", "published", "new", "1"],
    ["low", "held", "low", "2"],
    ["refused", "held", "refused", "3"],
  ]);
});

test("a twin of a published file is recorded once; that of a held one is not", () => {
  const files = [
    verdict("a", { sha256: "1" }),
    verdict("b", { ...skipped, sha256: "1", why: "twin", twin_of: "a" }),
    verdict("c", { sha256: "2", status: "held" }),
    verdict("d", { ...skipped, sha256: "2", why: "twin", twin_of: "c" }),
    verdict("e", { ...skipped, sha256: "9", why: "done", twin_of: "old" }),
    verdict("f", { ...skipped, sha256: "9", why: "done", twin_of: "old" }),
  ];
  const before = [entry("old", { sha256: "9" }), entry("f", { sha256: "9", status: "twin", carrier: "old" })];
  expect(entriesOf(before, files)).toEqual([
    ["a", "published", "a", "1"],
    ["c", "held", "c", "2"],
    ["b", "twin", "a", "1"],
    ["e", "twin", "old", "9"],
  ]);
});

test("when a carrier changes, its first twin carries on and the others follow it", () => {
  const before = [
    entry("a", { sha256: "1" }),
    entry("b", { sha256: "1", status: "twin", carrier: "a" }),
    entry("c", { sha256: "1", status: "twin", carrier: "a" }),
  ];
  const files = [
    verdict("a", { sha256: "2", why: "changed" }),
    verdict("b", { ...skipped, sha256: "1", why: "done", twin_of: "a" }),
    verdict("c", { ...skipped, sha256: "1", why: "done", twin_of: "a" }),
    verdict("d", { ...skipped, sha256: "1", why: "done", twin_of: "a" }),
  ];
  expect(entriesOf(before, files, { a: "b" })).toEqual([
    ["a", "published", "a", "2"],
    ["b", "published", "b", "1"],
    ["c", "twin", "b", "1"],
    ["d", "twin", "b", "1"],
  ]);
});
