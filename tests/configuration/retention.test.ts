import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { command as archive } from "../../commands/archive.js";
import type { CommandContext } from "../../commands/command.js";
import { command as finish } from "../../commands/finish.js";
import { maintain } from "../../lake/maintain.js";
import { loadConfig } from "../../lib/config.js";
import { openLog } from "../../lib/logging.js";
import type { DataPaths } from "../../lib/paths.js";
import { type TemporaryLake, temporaryLake } from "../lake/temporary-lake.js";
import { runFile, runId, saveRun } from "../monitoring/fixtures.js";

let lake: TemporaryLake;
beforeEach(async () => {
  lake = await temporaryLake();
});
afterEach(() => {
  lake.close();
  vi.unstubAllEnvs();
});

/** Stages of the run of the third day, with some keys set as the environment sets them. */
function context(
  paths: DataPaths,
  environment: Readonly<Record<string, string>>,
  said: string[] = [],
): CommandContext {
  const config = loadConfig({ configDir: null, environment });
  return {
    paths,
    configDir: null,
    json: false,
    print: (line) => said.push(line),
    config: () => config,
    run: () => runId(3),
    log: (stage) => openLog(join(paths.root, "logs"), runId(3), stage),
  };
}

test("retention.run_count and log_count: what finish keeps", async () => {
  const { paths } = lake;
  for (const day of [1, 2, 3]) saveRun(paths, runFile(day, []));
  const logs = join(paths.root, "some-logs");
  mkdirSync(logs);
  for (const day of [1, 2, 3]) writeFileSync(join(logs, `pipeline_${runId(day)}.log`), "");
  vi.stubEnv("GRISTMILL_LOG_DIR", logs);
  const end = (environment: Readonly<Record<string, string>>) =>
    finish.execute(context(paths, environment), { exitCode: "0", quiet: true }, []);
  await end({});
  expect([readdirSync(paths.runs).length, readdirSync(logs).length]).toEqual([3, 3]);
  await end({ GRISTMILL_RETENTION__RUN_COUNT: "2", GRISTMILL_RETENTION__LOG_COUNT: "1" });
  expect(readdirSync(paths.runs)).toEqual([`${runId(2)}.json`, `${runId(3)}.json`]);
  expect(readdirSync(logs)).toEqual([`pipeline_${runId(3)}.log`]);
});

test("archive.enabled, retention.archive_count, archive_days and quarantine_days: what archive makes and keeps", async () => {
  const { paths } = lake;
  saveRun(paths, runFile(3, []));
  await lake.commit(
    "quality/quarantine",
    "select 'a' as id, 'a.csv' as path, timestamptz '2020-01-01 00:00:00+00' as judged_at",
  );
  mkdirSync(paths.archive);
  const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  const names = [
    `archive_20200101_0000.tar.gz`,
    `archive_20200102_0000.tar.gz`,
    `archive_${today}_0000.tar.gz`,
  ];
  for (const name of names) writeFileSync(join(paths.archive, name), "");
  const run = async (environment: Readonly<Record<string, string>>) => {
    const said: string[] = [];
    await archive.execute(context(paths, environment, said), {}, []);
    return [said[0]?.replace("said\t", ""), readdirSync(paths.archive).length];
  };
  expect(await run({})).toEqual(["nothing was worked on", 3]);
  expect(await run({ GRISTMILL_ARCHIVE__ENABLED: "false" })).toEqual(["switched off", 3]);
  expect(await run({ GRISTMILL_RETENTION__ARCHIVE_COUNT: "2" })).toEqual([
    "nothing was worked on; 1 old archives removed",
    2,
  ]);
  expect(await run({ GRISTMILL_RETENTION__ARCHIVE_DAYS: "2" })).toEqual([
    "nothing was worked on; 1 old archives removed",
    1,
  ]);
  expect(await run({ GRISTMILL_RETENTION__QUARANTINE_DAYS: "30" })).toEqual([
    "nothing was worked on; 1 old quarantined records let go",
    1,
  ]);
});

test("retention.table_days 0 keeps old files for ever", async () => {
  const { folder } = await lake.commit("processed/t", "select 0::bigint as id");
  const file = join(folder, "old.parquet");
  writeFileSync(file, "");
  utimesSync(file, 1, 1);
  for (let at = 1; at < 10; at += 1) await lake.commit("processed/t", `select ${at}::bigint as id`);
  const end = (retentionDays: number) =>
    maintain(lake.engine, lake.paths, ["processed/t"], { run: "r", now: Date.now(), retentionDays });
  await end(0);
  expect(existsSync(file)).toBe(true);
});
