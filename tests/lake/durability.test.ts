import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Engine } from "../../engines/engine.js";
import type { CommitPlan } from "../../lake/commit-plan.js";
import { decodePath } from "../../lake/log-actions.js";
import { parseActions } from "../../lake/log-files.js";
import { type FileEffects, nodeEffects } from "../../lib/effects.js";
import { stagingPaths } from "../../lib/paths.js";
import { contentsOf, strayFiles } from "./crash/contents.js";
import { miniRun } from "./crash/mini-run.js";
import { type TemporaryLake, temporaryLake } from "./temporary-lake.js";

let lake: TemporaryLake;
beforeEach(async () => {
  lake = await temporaryLake();
});
afterEach(() => lake.close());

/**
 * Notes what a power cut could lose: the bytes of a file until it is fsynced, a name until its folder is. Before each
 * link it asserts that everything that the linked commit or plan names is safe.
 */
function recorder(root: string, unsafe: string[]) {
  const dirtyFiles = new Set<string>();
  const dirtyFolders = new Map<string, Set<string>>();
  const texts = new Map<string, string>();
  const links: string[] = [];
  const named = (path: string): void => {
    const folder = dirname(path);
    dirtyFolders.set(folder, (dirtyFolders.get(folder) ?? new Set()).add(path));
  };
  const synced = (path: string): void => {
    dirtyFiles.delete(path);
    dirtyFolders.delete(path);
  };
  const check = (link: string, path: string): void => {
    if (dirtyFiles.has(path)) unsafe.push(`${link}: bytes of ${relative(root, path)}`);
    for (let at = path; at !== root && at !== dirname(at); at = dirname(at)) {
      if (dirtyFolders.get(dirname(at))?.has(at)) unsafe.push(`${link}: name of ${relative(root, at)}`);
    }
  };
  const effects: FileEffects = {
    ...nodeEffects,
    mkdir: (folder) => {
      for (let at = folder; !existsSync(at); at = dirname(at)) named(at);
      nodeEffects.mkdir(folder);
    },
    write: (file, content) => {
      dirtyFiles.add(file);
      texts.set(file, String(content));
      named(file);
      nodeEffects.write(file, content);
    },
    sync: (path) => {
      synced(path);
      nodeEffects.sync(path);
    },
    syncAll: async (paths) => {
      for (const path of paths) synced(path);
      await nodeEffects.syncAll(paths);
    },
    link: (existing, name) => {
      const short = relative(root, name);
      links.push(short);
      if (dirtyFiles.has(existing)) unsafe.push(`${short}: its own bytes`);
      check(short, dirname(name));
      const text = texts.get(existing) ?? "";
      if (short.startsWith("processed/_commits/")) {
        const plan = JSON.parse(text) as CommitPlan;
        for (const { table, moves } of plan.commits) {
          for (const path of moves) check(short, join(stagingPaths(lake.paths, plan.id).tables, table, path));
        }
      } else {
        const folder = dirname(dirname(name));
        for (const { add } of parseActions(text, name))
          if (add) check(short, join(folder, decodePath(add.path)));
      }
      named(name);
      nodeEffects.link(existing, name);
    },
    rename: (from, to) => {
      if (dirtyFiles.delete(from)) dirtyFiles.add(to);
      named(to);
      nodeEffects.rename(from, to);
    },
    unlink: (file) => {
      dirtyFiles.delete(file);
      dirtyFolders.get(dirname(file))?.delete(file);
      nodeEffects.unlink(file);
    },
  };
  const wrap = (engine: Engine): Engine => ({
    ...engine,
    copy: async (select, options) => {
      const written = await engine.copy(select, options);
      for (const { path } of written) {
        dirtyFiles.add(path);
        named(path);
        for (let at = dirname(path); at !== options.to && at.startsWith(options.to); at = dirname(at))
          named(at);
      }
      return written;
    },
  });
  const lost = (): readonly string[] =>
    [...dirtyFolders].flatMap(([folder, names]) => (existsSync(folder) ? [...names].filter(existsSync) : []));
  return { effects, wrap, links, lost };
}

const inputs = {
  "a.csv": [[1, "2026-01-01"] as const, [2, "2026-02-01"] as const, [-1, "2026-01-01"] as const],
  "b.csv": [[3, "2026-01-01"] as const],
};

test("every file and folder is fsynced before the link that names it", async () => {
  const unsafe: string[] = [];
  const { effects, wrap, links } = recorder(lake.paths.root, unsafe);
  await miniRun(lake.paths, wrap(lake.engine), effects, { run: "r1", inputs: { "a.csv": inputs["a.csv"] } });
  await miniRun(lake.paths, wrap(lake.engine), effects, { run: "r2", inputs });
  expect(unsafe).toEqual([]);
  // a plan a run, then quarantine, sales and ledger
  expect(links).toHaveLength(8);
});

test("at the end of a run nothing in the tables waits for an fsync", async () => {
  const { effects, wrap, lost } = recorder(lake.paths.root, []);
  await miniRun(lake.paths, wrap(lake.engine), effects, { run: "r1", inputs });
  expect(lost().filter((path) => path.startsWith(lake.paths.processed))).toEqual([]);
  expect(lost().filter((path) => path.startsWith(lake.paths.quality))).toEqual([]);
});

test.each(["sync", "syncAll"] as const)("the recorder sees a missing %s", async (name) => {
  const unsafe: string[] = [];
  const { effects, wrap } = recorder(lake.paths.root, unsafe);
  const lazy = { ...effects, [name]: name === "sync" ? () => undefined : async () => undefined };
  await miniRun(lake.paths, wrap(lake.engine), lazy, { run: "r1", inputs });
  expect(unsafe.length).toBeGreaterThan(0);
});

test.each([
  ["ENOSPC", "no space left on device"],
  ["EROFS", "read-only file system"],
  ["ENOENT", "no such file or directory"],
])("%s in the middle gives a coded error, and the next run goes on", async (code, text) => {
  for (const operation of ["write", "link", "rename", "syncAll", "mkdir"] as const) {
    const failing: FileEffects = {
      ...nodeEffects,
      [operation]: () => {
        throw Object.assign(new Error(`${code}: ${text}`), { code, syscall: operation });
      },
    };
    const attempt = miniRun(lake.paths, lake.engine, failing, { run: `${code}-${operation}`, inputs });
    await expect(attempt, operation).rejects.toMatchObject({ code: "file_system", exitCode: 1 });
  }
  await miniRun(lake.paths, lake.engine, nodeEffects, { run: "last", inputs });
  const contents = await contentsOf(lake.paths, lake.engine);
  expect(contents["processed/sales"]).toHaveLength(3);
  expect(strayFiles(lake.paths)).toEqual([]);
});
