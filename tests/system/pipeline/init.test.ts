import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../lib/paths.js";
import { ended, lastRun, master, unbalanced } from "../../pipeline/master.js";
import { testData } from "../../test-data.js";

const names = [
  "online_retail_bom_crlf.csv.gz",
  "online_shoppers_intention.csv.gz",
  "rees46_2019-Oct_head.csv.gz",
  "puffy_events.tar.gz",
  "apache_logs.gz",
] as const;
const files = names.map((name) => testData(name)).filter((file) => file !== null);

test.skipIf(files.length < names.length)(
  "real files of five kinds, from nothing to tables without a line of configuration",
  async () => {
    const project = mkdtempSync(join(tmpdir(), "gristmill-init-"));
    const [retail = "", shoppers = "", rees46 = "", puffy = "", log = ""] = files;
    mkdirSync(join(project, "raw", "clicks"), { recursive: true });
    execFileSync("tar", ["-xzf", puffy, "-C", join(project, "raw", "clicks")]);
    copyFileSync(log, join(project, "raw", "access.log.gz"));
    const made = await ended("node", [
      join(packageRoot, "dist/main.js"),
      "init",
      project,
      retail,
      shoppers,
      rees46,
    ]);
    expect(made.code, made.stderr).toBe(0);
    const done = await master(project, "--config-dir", join(project, "config"), "--quiet", "--no-archive");
    expect(done.code, done.stderr).toBe(0);
    const run = lastRun(project);
    expect(unbalanced(run)).toEqual([]);
    const counts = Object.fromEntries(
      Object.entries(run.sources)
        .filter(([, { records }]) => records > 0)
        .map(([source, { files: n, records, quarantined }]) => [source, [n, records, quarantined]]),
    );
    // the counts of the data sets' own page; the last line of rees46 is cut, one line of the log is none
    expect(counts).toEqual({
      events: [15, 49_963 + 17_435, 1],
      online_shoppers_intention: [1, 12_330, 0],
      sales: [1, 9_999, 0],
      web_logs: [1, 10_000, 1],
    });
    rmSync(project, { recursive: true });
  },
);
