import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configOf, outcomes, type RawFolder, rawFolder } from "./raw-folder.js";

let raw: RawFolder;
beforeEach(() => {
  raw = rawFolder();
});
afterEach(() => raw.remove());

test("what no feed claims is named; marks and folders that hide are not", async () => {
  raw.put("notes.txt", "x");
  raw.put("sales/a.csv.done", "x");
  raw.put(".git/config", "x");
  raw.put(".DS_Store", "x");
  const planned = await raw.plan();
  expect(planned.unclaimed).toEqual(["notes.txt"]);
  expect(planned.files).toEqual([]);
});

test("what is still being written waits under its own name", async () => {
  raw.put("sales/a.csv.part", "1");
  raw.put("sales/b.csv.tmp", "1");
  raw.put("sales/.c.csv", "1");
  expect(outcomes(await raw.plan())).toEqual({
    "sales/.c.csv": "waiting settling",
    "sales/a.csv.part": "waiting settling",
    "sales/b.csv.tmp": "waiting settling",
  });
});

test("a file younger than settle_seconds waits", async () => {
  raw.put("sales/a.csv", "1");
  const config = configOf({ GRISTMILL_SETTLE_SECONDS: "60" });
  const file = join(raw.paths.raw, "sales/a.csv");
  utimesSync(file, 1_000, 1_000);
  expect(outcomes(await raw.plan({ config, now: 1_059_000 }))["sales/a.csv"]).toBe("waiting settling");
  expect(outcomes(await raw.plan({ config, now: 1_061_000 }))["sales/a.csv"]).toBe("work new");
});

test("a link out of raw/ is refused and not read, one within is followed", async () => {
  writeFileSync(join(raw.paths.root, "secret.csv"), "1");
  raw.put("sales/a.csv", "1");
  symlinkSync(join(raw.paths.root, "secret.csv"), join(raw.paths.raw, "sales/b.csv"));
  symlinkSync("a.csv", join(raw.paths.raw, "sales/c.csv"));
  mkdirSync(join(raw.paths.root, "elsewhere"));
  symlinkSync(join(raw.paths.root, "elsewhere"), join(raw.paths.raw, "sales/d.csv"));
  const planned = await raw.plan();
  expect(outcomes(planned)).toEqual({
    "sales/a.csv": "work new",
    "sales/b.csv": "refused refused",
    "sales/c.csv": "skip twin of sales/a.csv",
    "sales/d.csv": "refused refused",
  });
  expect(planned.files[1]?.fault).toMatchObject({ code: "unreadable_file", raw_base64: "" });
});

test("max_files bounds the files of a feed to work on, not those that are done", async () => {
  raw.put("sales/a.csv", "1");
  raw.put("sales/b.csv", "2");
  const config = configOf({ GRISTMILL_MAX_FILES: "1" });
  await expect(raw.plan({ config })).rejects.toThrow(/feed sales has 2 files to work on, max_files allows 1/);
});

test("--source looks at one source alone", async () => {
  raw.put("sales/a.csv", "1");
  raw.put("users_database.csv", "2");
  expect(outcomes(await raw.plan({ sources: ["users"] }))).toEqual({ "users_database.csv": "work new" });
});

test("a plan alone writes nothing", async () => {
  raw.put("sales/a.csv", "1");
  await raw.plan({ unpackInto: null });
  expect(readdirSync(raw.paths.root)).toEqual(["raw"]);
});

test("hashes are cached by size, time and inode; --rehash distrusts that", async () => {
  raw.put("sales/a.csv", "1");
  const { files } = await raw.plan();
  raw.put("sales/a.csv", "2");
  const stamp = (files[0]?.mtime_ms ?? 0) / 1_000;
  utimesSync(join(raw.paths.raw, "sales/a.csv"), stamp, stamp);
  const cached = await raw.plan();
  expect(cached.files[0]?.sha256).toBe(files[0]?.sha256);
  const fresh = await raw.plan({ rehash: true });
  // sha256 of "2"
  expect(fresh.files[0]?.sha256).toBe("d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35");
});

test("an empty raw/ is told from one with files, and from none", async () => {
  expect((await raw.plan()).empty).toBe(true);
  raw.put("sales/a.csv.done", "x");
  expect((await raw.plan()).empty).toBe(true);
  raw.put("notes.txt", "x");
  expect((await raw.plan()).empty).toBe(false);
  expect(existsSync(join(raw.paths.raw, "notes.txt"))).toBe(true);
});
