import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import type { Engine } from "../../../engines/engine.js";
import { type ArchiveRequest, archiveRun } from "../../../lake/archive/archive-run.js";
import { findPigz } from "../../../lake/archive/find-pigz.js";
import { hashOf } from "../../../lake/archive/hash.js";
import { verifyArchive } from "../../../lake/archive/read-archive.js";
import { restoreArchive } from "../../../lake/archive/restore.js";
import { sealOf } from "../../../lake/archive/seal.js";
import { nodeEffects } from "../../../lib/effects.js";
import { type DataPaths, dataPaths } from "../../../lib/paths.js";
import type { FileStatus, RunFileEntry } from "../../../lib/run-types.js";
import { entry, runFile, runId, saveReport, saveRun } from "../../monitoring/fixtures.js";

function temporaryData(): DataPaths {
  return dataPaths(mkdtempSync(join(tmpdir(), "gristmill-archive-")));
}

function noEngine(): Promise<Engine> {
  throw new Error("no engine is needed here");
}

/** Puts raw files and the run file of a day there, and archives the run. */
async function night(
  paths: DataPaths,
  day: number,
  files: Readonly<Record<string, readonly [string, FileStatus]>>,
  over: Partial<ArchiveRequest> = {},
) {
  const entries: RunFileEntry[] = [];
  for (const [path, [content, status]] of Object.entries(files)) {
    const location = join(paths.raw, path);
    mkdirSync(dirname(location), { recursive: true });
    writeFileSync(location, content);
    const file = entry(path, { status, quarantined: 0, sha256: await hashOf(location) });
    entries.push(file);
    saveReport(paths, file, []);
  }
  const run = saveRun(paths, runFile(day, entries));
  const pigz = { pigz: null, cores: 1 };
  return archiveRun(paths, { run: run.run, cleanRaw: false, pack: pigz, engine: noEngine, ...over });
}

function content(paths: DataPaths, path: string): string {
  return readFileSync(join(paths.raw, path), "utf8");
}

test("an archive holds the run's input, reports, accounts and exports, and tar reads it", async () => {
  const paths = temporaryData();
  mkdirSync(paths.exports, { recursive: true });
  writeFileSync(join(paths.exports, "sales_by_day.csv"), "date\n");
  mkdirSync(paths.quality);
  writeFileSync(join(paths.quality, "dashboard.html"), "<html>");
  const odd = `sales/o'dd "name" é\n${"long".repeat(40)}.csv`;
  const { file, files } = await night(paths, 1, {
    [odd]: ["a\n", "published"],
    "sales/empty.csv": ["", "published"],
  });
  expect(file).toBe(join(paths.archive, "archive_20260101_0200.tar.gz"));
  const manifest = await verifyArchive(file ?? "");
  expect(manifest.files.map(({ name }) => name).sort()).toEqual(
    [
      `quality/dashboard.html`,
      `quality/runs/${runId(1)}.json`,
      `quality/validation_report_${odd.replaceAll("/", "__")}.json`,
      "quality/validation_report_sales__empty.csv.json",
      "processed/exports/sales_by_day.csv",
      `raw/${odd}`,
      "raw/sales/empty.csv",
    ].sort(),
  );
  expect(files).toBe(7);
  const listed = execFileSync("tar", ["tzf", file ?? "", "--quoting-style=literal"], { encoding: "utf8" });
  expect(listed).toContain("raw/sales/empty.csv");
  expect(listed).toContain("manifest.json");
});

test("two runs of one minute do not collide, and nothing half written stays", async () => {
  const paths = temporaryData();
  mkdirSync(paths.archive, { recursive: true });
  writeFileSync(join(paths.archive, `.${runId(9)}.tmp-4711`), "left by a killed run");
  await night(paths, 1, { "a.csv": ["a", "published"] });
  const { file } = await night(paths, 1, { "a.csv": ["a", "published"] });
  expect(file).toBe(join(paths.archive, "archive_20260101_0200_2.tar.gz"));
  expect(readdirSync(paths.archive).sort()).toEqual([
    "archive_20260101_0200.tar.gz",
    "archive_20260101_0200_2.tar.gz",
  ]);
});

test("a run that worked on nothing makes none", async () => {
  const paths = temporaryData();
  expect((await night(paths, 1, { "a.csv": ["a", "skipped"] })).file).toBeNull();
});

test("a file that changed since the run read it is named, not archived as what it was", async () => {
  const paths = temporaryData();
  const effects = { ...nodeEffects };
  await night(paths, 1, { "a.csv": ["a", "published"] });
  writeFileSync(join(paths.raw, "a.csv"), "b");
  const again = await archiveRun(paths, {
    run: runId(1),
    cleanRaw: true,
    pack: { pigz: null, cores: 1 },
    engine: noEngine,
    effects,
  });
  expect(again.missing).toEqual(["a.csv"]);
  expect(again.removed).toEqual([]);
  expect(content(paths, "a.csv")).toBe("b");
});

test("clean_raw removes what is wholly published, and only that", async () => {
  const paths = temporaryData();
  const { removed } = await night(
    paths,
    1,
    { "good.csv": ["a", "published"], "bad.csv": ["b", "held"], "half.csv": ["c", "error"] },
    { cleanRaw: true },
  );
  expect(removed).toEqual(["good.csv"]);
  expect(readdirSync(paths.raw).sort()).toEqual(["bad.csv", "half.csv"]);
});

test("a zip is archived once and removed only when no member waits", async () => {
  const paths = temporaryData();
  mkdirSync(paths.raw, { recursive: true });
  for (const [zip, last] of [
    ["whole.zip", "published"],
    ["part.zip", "held"],
  ] as const) {
    writeFileSync(join(paths.raw, zip), zip);
    const members = [
      entry(`${zip}/a.json`, { quarantined: 0 }),
      entry(`${zip}/b.json`, { quarantined: 0, status: last }),
    ];
    saveRun(paths, runFile(zip === "whole.zip" ? 1 : 2, members));
  }
  const request = { cleanRaw: true, pack: { pigz: null, cores: 1 }, engine: noEngine };
  const whole = await archiveRun(paths, { ...request, run: runId(1) });
  const part = await archiveRun(paths, { ...request, run: runId(2) });
  expect((await verifyArchive(whole.file ?? "")).inputs).toEqual([
    { path: "whole.zip", statuses: ["published"] },
  ]);
  expect([whole.removed, part.removed]).toEqual([["whole.zip"], []]);
});

test("pigz, where it is there, writes the same files", async () => {
  const pigz = findPigz(process.env["PATH"] ?? "");
  if (pigz === null) return;
  const paths = temporaryData();
  const big = "row,of,a,file\n".repeat(200_000);
  const { file } = await night(paths, 1, { "a.csv": [big, "published"] }, { pack: { pigz, cores: 2 } });
  const manifest = await verifyArchive(file ?? "");
  expect(manifest.files.find(({ name }) => name === "raw/a.csv")?.size).toBe(big.length);
});

test("a damaged archive is refused: cut anywhere, any byte changed, anything added", async () => {
  const paths = temporaryData();
  const { file } = await night(paths, 1, { "a.csv": ["id,price\n1,2\n", "published"] });
  const whole = readFileSync(file ?? "");
  const damaged = join(paths.root, "damaged.tar.gz");
  const refused = async (bytes: Uint8Array): Promise<boolean> => {
    writeFileSync(damaged, bytes);
    return verifyArchive(damaged).then(
      () => false,
      (error: { code?: string }) => error.code === "broken_archive",
    );
  };
  const accepted: string[] = [];
  for (let at = 0; at < whole.length; at += 1) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    if (!(await refused(changed))) accepted.push(`byte ${at} changed`);
    if (at % 7 === 0 && !(await refused(whole.subarray(0, at)))) accepted.push(`cut at ${at}`);
  }
  if (!(await refused(Buffer.concat([whole, Buffer.from([0])])))) accepted.push("a byte added");
  if (!(await refused(Buffer.concat([whole, whole])))) accepted.push("doubled");
  expect(accepted).toEqual([]);
  expect(await refused(whole)).toBe(false);
}, 60_000);

describe("restore", () => {
  const nights = [
    {
      "a.csv": ["a1", "published"],
      "b.csv": ["b1", "published"],
      "never.csv": ["n1", "held"],
      "back.csv": ["x", "published"],
    },
    { "a.csv": ["a2", "published"], "b.csv": ["b2", "held"], "back.csv": ["y", "published"] },
    { "a.csv": ["a3", "published"], "c.csv": ["c3", "published"], "back.csv": ["x", "published"] },
  ] as const;
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;

  test.each(orders)("three archives in the order %i %i %i", async (...order) => {
    const from = temporaryData();
    const archives: string[] = [];
    for (const [index, files] of nights.entries())
      archives.push((await night(from, index + 1, files)).file ?? "");
    const to = temporaryData();
    for (const index of order) await restoreArchive(to, archives[index] ?? "");
    // the last published version of each; b2 was held, so that the tables hold b1
    expect(Object.fromEntries(readdirSync(to.raw).map((name) => [name, content(to, name)]))).toEqual({
      "a.csv": "a3",
      "b.csv": "b1",
      "back.csv": "x",
      "c.csv": "c3",
      "never.csv": "n1",
    });
    expect(existsSync(join(to.quality, "validation_report_a.csv.json"))).toBe(true);
  });

  test("leaves a file alone that no archive put there", async () => {
    const from = temporaryData();
    const { file } = await night(from, 1, { "a.csv": ["a1", "published"] });
    const to = temporaryData();
    mkdirSync(to.raw);
    writeFileSync(join(to.raw, "a.csv"), "mine");
    const { kept } = await restoreArchive(to, file ?? "");
    expect(kept).toEqual(["raw/a.csv"]);
    expect(content(to, "a.csv")).toBe("mine");
  });

  test.each([
    "raw/../../evil",
    "raw//evil",
    "raw/..",
    "/raw/evil",
    "quality/validation_report_x/../../evil",
  ])("a forged archive that names %s is refused", async (name) => {
    const to = temporaryData();
    const file = join(to.root, "forged.tar.gz");
    await forge(file, name);
    await expect(restoreArchive(to, file)).rejects.toMatchObject({ code: "broken_archive" });
    expect(existsSync(join(dirname(to.root), "evil"))).toBe(false);
    expect(existsSync(to.raw)).toBe(false);
  });

  test.each([
    "symlink",
    "link",
    "directory",
    "character-device",
  ] as const)("a forged archive with a %s is refused", async (type) => {
    const to = temporaryData();
    const file = join(to.root, "forged.tar.gz");
    await forge(file, "raw/evil", { entry: { name: "raw/evil", type, linkname: "/etc/passwd" } });
    await expect(restoreArchive(to, file)).rejects.toMatchObject({
      code: "broken_archive",
      message: expect.stringContaining("raw/evil is no plain file"),
    });
    expect(existsSync(to.raw)).toBe(false);
  });

  test("a manifest that would fill the memory is refused by its size", async () => {
    const to = temporaryData();
    const file = join(to.root, "forged.tar.gz");
    await forge(file, "raw/evil", { manifest: Buffer.alloc(64_000_001, 32) });
    await expect(restoreArchive(to, file)).rejects.toMatchObject({
      code: "broken_archive",
      message: expect.stringContaining("its manifest has 64000001 bytes"),
    });
  });

  test("a link on the way that leads out is not followed", async () => {
    const [to, outside] = [temporaryData(), temporaryData()];
    mkdirSync(to.raw);
    symlinkSync(outside.root, join(to.raw, "sales"));
    const file = join(to.root, "forged.tar.gz");
    await forge(file, "raw/sales/evil");
    await expect(restoreArchive(to, file)).rejects.toMatchObject({ code: "broken_archive" });
    expect(readdirSync(outside.root)).toEqual([]);
  });
});

/** An archive with a right manifest and seal, but a name of choice; or with another entry or manifest. */
async function forge(
  file: string,
  name: string,
  instead: {
    readonly entry?: Parameters<ReturnType<typeof pack>["entry"]>[0];
    readonly manifest?: Buffer;
  } = {},
): Promise<void> {
  const { createHash } = await import("node:crypto");
  const text = "evil";
  const sha256 = createHash("sha256").update(text).digest("hex");
  const files = [{ name, size: text.length, sha256, mtime_ms: 0 }];
  const manifest = { format: 1, run: runId(1), as_of: "2026-01-01", started_at: "", inputs: [], files };
  const tar = pack();
  if (instead.entry === undefined) tar.entry({ name }, text);
  else tar.entry(instead.entry);
  tar.entry({ name: "manifest.json" }, instead.manifest ?? JSON.stringify(manifest));
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const packed = gzipSync(Buffer.concat(chunks));
  writeFileSync(file, Buffer.concat([packed, sealOf(createHash("sha256").update(packed).digest("hex"))]));
}
