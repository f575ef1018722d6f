import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LedgerEntry } from "../../../lib/ledger-types.js";
import { configOf, entryFor, outcomes, type RawFolder, rawFolder } from "./raw-folder.js";

let raw: RawFolder;
beforeEach(() => {
  raw = rawFolder();
});
afterEach(() => raw.remove());

/** The ledger after a run that published everything it worked on, `change` applied to every entry. */
async function ledgerNow(change: Partial<LedgerEntry> = {}): Promise<readonly LedgerEntry[]> {
  const { files } = await raw.plan();
  return files.map((file) =>
    entryFor(file, { ...(file.twin_of === null ? {} : { status: "twin" }), ...change }),
  );
}

describe("a file", () => {
  test("is new, then done, then changed", async () => {
    raw.put("sales/a.csv", "1");
    expect(outcomes(await raw.plan())).toEqual({ "sales/a.csv": "work new" });
    const ledger = await ledgerNow();
    expect(outcomes(await raw.plan({ ledger }))).toEqual({ "sales/a.csv": "skip done" });
    expect((await raw.plan({ ledger })).news).toBe(false);
    raw.put("sales/a.csv", "2");
    expect(outcomes(await raw.plan({ ledger }))).toEqual({ "sales/a.csv": "work changed" });
  });

  test("of a known content under another name is done, and that is news for the ledger once", async () => {
    raw.put("sales/a.csv", "1");
    const ledger = await ledgerNow();
    raw.put("sales/b.csv", "1");
    const planned = await raw.plan({ ledger });
    expect(outcomes(planned)).toEqual({
      "sales/a.csv": "skip done",
      "sales/b.csv": "skip done of sales/a.csv",
    });
    expect(planned.news).toBe(true);
    const twin = planned.files[1];
    if (twin === undefined) throw new Error("no second file");
    const after = [...ledger, entryFor(twin, { status: "twin" })];
    expect((await raw.plan({ ledger: after })).news).toBe(false);
  });

  test("that was moved is done, although its first path is gone", async () => {
    raw.put("sales/a.csv", "1");
    const ledger = await ledgerNow();
    rmSync(join(raw.paths.raw, "sales/a.csv"));
    raw.put("sales/b.csv", "1");
    expect(outcomes(await raw.plan({ ledger }))).toEqual({ "sales/b.csv": "skip done of sales/a.csv" });
  });

  test("of the same content in another feed is its own", async () => {
    raw.put("sales/a.csv", "1");
    const ledger = await ledgerNow();
    raw.put("events/a.csv", "1");
    expect(outcomes(await raw.plan({ ledger }))["events/a.csv"]).toBe("work new");
  });

  test("that takes over the old content of a file that changes is worked on", async () => {
    raw.put("sales/a.csv", "1");
    const ledger = await ledgerNow();
    raw.put("sales/a.csv", "2");
    raw.put("sales/b.csv", "1");
    expect(outcomes(await raw.plan({ ledger }))).toEqual({
      "sales/a.csv": "work changed",
      "sales/b.csv": "work new",
    });
  });
});

test("of twins in one run the first by path is worked on", async () => {
  raw.put("sales/b.csv", "1");
  raw.put("sales/a.csv", "1");
  raw.put("sales/c.csv", "1");
  expect(outcomes(await raw.plan())).toEqual({
    "sales/a.csv": "work new",
    "sales/b.csv": "skip twin of sales/a.csv",
    "sales/c.csv": "skip twin of sales/a.csv",
  });
});

describe("a held file", () => {
  const held: Partial<LedgerEntry> = { status: "held", accepted: 0, held: 1 };

  test("waits while nothing changes", async () => {
    raw.put("sales/a.csv", "1");
    const planned = await raw.plan({ ledger: await ledgerNow(held) });
    expect(outcomes(planned)).toEqual({ "sales/a.csv": "held held" });
    expect(planned.news).toBe(false);
  });

  test("is judged again when its contract, its feed, its threshold or its content changes", async () => {
    raw.put("sales/a.csv", "1");
    const ledger = await ledgerNow(held);
    const why = async (request: Parameters<RawFolder["plan"]>[0]): Promise<string | undefined> =>
      outcomes(await raw.plan({ ledger, ...request }))["sales/a.csv"];
    expect(await why({ contracts: { sales: "c2" } })).toBe("work contract_changed");
    expect(await why({ config: configOf({ GRISTMILL_FEEDS__SALES__OPTIONS__DECIMAL: "','" }) })).toBe(
      "work contract_changed",
    );
    const lower = configOf({});
    const thresholds = { ...lower.thresholds, sales: 10 };
    expect(await why({ config: { ...lower, thresholds } })).toBe("work threshold_changed");
    raw.put("sales/a.csv", "2");
    expect(await why({})).toBe("work changed");
  });

  test("is published whatever its score once it is released", async () => {
    raw.put("sales/a.csv", "1");
    const planned = await raw.plan({ ledger: await ledgerNow({ ...held, status: "released" }) });
    expect(outcomes(planned)).toEqual({ "sales/a.csv": "work released" });
    expect(planned.files[0]?.threshold).toBe(0);
  });

  test("under a new name, its old one gone, is judged as new", async () => {
    raw.put("sales/a.csv", "1");
    const ledger = await ledgerNow(held);
    rmSync(join(raw.paths.raw, "sales/a.csv"));
    raw.put("sales/b.csv", "1");
    expect(outcomes(await raw.plan({ ledger }))).toEqual({ "sales/b.csv": "work new" });
  });
});

describe("a file that was rolled back", () => {
  test("waits for --rework", async () => {
    raw.put("sales/a.csv", "1");
    const ledger = await ledgerNow({ status: "rolled_back" });
    expect(outcomes(await raw.plan({ ledger }))).toEqual({ "sales/a.csv": "skip rolled_back" });
    expect(outcomes(await raw.plan({ ledger, rework: true }))).toEqual({ "sales/a.csv": "work rework" });
  });

  test("carries nothing for another name", async () => {
    raw.put("sales/a.csv", "1");
    const ledger = await ledgerNow({ status: "rolled_back" });
    raw.put("sales/b.csv", "1");
    expect(outcomes(await raw.plan({ ledger }))["sales/b.csv"]).toBe("work new");
  });
});

test("--rework works on every file, twins by the path that carries them", async () => {
  raw.put("sales/b.csv", "1");
  const first = await ledgerNow();
  raw.put("sales/a.csv", "1");
  const { files } = await raw.plan({ ledger: first });
  const ledger = [...first, ...files.slice(0, 1).map((file) => entryFor(file, { status: "twin" }))];
  expect(outcomes(await raw.plan({ ledger, rework: true }))).toEqual({
    "sales/a.csv": "skip twin of sales/b.csv",
    "sales/b.csv": "work rework",
  });
});

test("a changed contract reworks nothing that is published, but is told", async () => {
  raw.put("sales/a.csv", "1");
  const planned = await raw.plan({ ledger: await ledgerNow(), contracts: { sales: "c2" } });
  expect(outcomes(planned)).toEqual({ "sales/a.csv": "skip done" });
  expect(planned.outdated).toEqual(["sales/a.csv"]);
});
