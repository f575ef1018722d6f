import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { packageRoot } from "../../../lib/paths.js";
import { ended, lastRun, master, unbalanced } from "../../pipeline/master.js";

let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "gristmill hostile-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dataDir, { recursive: true });
});

/** Each would do harm where a name is taken for a glob, a flag, a path, a line or a command. */
const names = [
  "[1].csv",
  "1.csv",
  "$(touch pwned).csv",
  "`touch pwned`.csv",
  "; touch pwned #.csv",
  "--help.csv",
  "a\tb\nc.csv",
  "*.csv",
  'it\'s "quoted".csv',
  "%2e%2e%2fevil.csv",
  "\u001b[2J.csv",
  "héllo wörld ☃.csv",
];

const header = "order_id,product_id,quantity,unit_price,sold_at";

function folders(...parts: readonly string[]): string {
  const folder = join(dataDir, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

test("hostile names stay names from raw/ to archive and restore, and secrets stay in the environment", async () => {
  const raw = folders("raw", "sales");
  names.forEach((name, at) => {
    // each file has as many sales as its place, so that none can stand for another
    const rows = Array.from({ length: at + 1 }, (_, row) => `o${at}-${row},=1+1,1,2.50,2026-01-05 10:00:00`);
    writeFileSync(join(raw, name), `${[header, ...rows, "bad,p,x,1,2026-01-05 10:00:00"].join("\n")}\n`);
  });
  const config = folders("config");
  writeFileSync(join(config, "quality_thresholds.yaml"), "global_threshold: 40\n");
  const pipeline = readFileSync(join(packageRoot, "config", "pipeline_config.yaml"), "utf8");
  const channel =
    "{ name: hook, type: webhook, url_env: HOOK_URL, secret_env: HOOK_SECRET, min_severity: info }";
  writeFileSync(
    join(config, "pipeline_config.yaml"),
    pipeline.replace("channels: []", `channels: [${channel}]`).replace("retries: 2", "retries: 0"),
  );
  vi.stubEnv("HOOK_URL", "http://127.0.0.1:9/token-of-the-hook");
  vi.stubEnv("HOOK_SECRET", "secret-of-the-hook");
  vi.stubEnv("GRISTMILL_HASH_KEY", "secret-of-the-hash");
  const done = await master(dataDir, "--config-dir", config);
  expect(done.code, done.stderr).toBe(0);
  const run = lastRun(dataDir);
  expect(unbalanced(run)).toEqual([]);
  expect(
    Object.fromEntries(run.files.map(({ file, accepted, quarantined }) => [file, [accepted, quarantined]])),
  ).toEqual(Object.fromEntries(names.map((name, at) => [name, [at + 1, 1]])));
  expect(done.stdout + done.stderr).not.toContain("\u001b[2J");
  const program = join(packageRoot, "dist", "main.js");
  const flags = ["--data-dir", dataDir, "--config-dir", config];
  const out = join(dataDir, "export");
  const exported = await ended("node", [program, "quarantine", "export", "--out", out, ...flags]);
  expect(exported.code, exported.stderr).toBe(0);
  expect(readdirSync(join(out, "sales")).sort()).toEqual([...names].sort());

  const [archive = ""] = readdirSync(join(dataDir, "archive"));
  const restored = folders("restored");
  const back = await ended("node", [
    program,
    "restore",
    join(dataDir, "archive", archive),
    "--data-dir",
    restored,
  ]);
  expect(back.code, back.stderr).toBe(0);
  expect(readdirSync(join(restored, "raw", "sales")).sort()).toEqual([...names].sort());

  const csv = readFileSync(join(dataDir, "processed", "exports", "sales_by_month.csv"), "utf8");
  expect(csv).toContain(",'=1+1,");
  const everything = readdirSync(dataDir, { recursive: true, withFileTypes: true });
  expect(everything.filter(({ name }) => name === "pwned" || name === "evil.csv")).toEqual([]);
  expect(readdirSync(packageRoot)).not.toContain("pwned");
  const written = everything
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
  expect(`${done.stdout}${done.stderr}${written}`).not.toMatch(/token-of-the-hook|secret-of-the-h/);
  expect(run.alerts).toEqual([{ channel: "hook", outcome: expect.stringMatching(/^failed/) }]);
});
