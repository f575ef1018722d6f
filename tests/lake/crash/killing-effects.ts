import { truncateSync, writeFileSync, writeSync } from "node:fs";
import type { Engine } from "../../../engines/engine.js";
import { type FileEffects, nodeEffects } from "../../../lib/effects.js";

/** At which operation the process dies: before it, or in the middle of it where it writes. */
export interface KillPoint {
  readonly at: number;
  readonly torn: boolean;
}

export interface Numbered {
  readonly effects: FileEffects;
  /** The engine with its COPYs numbered too. */
  wrap(engine: Engine): Engine;
  /** What was done so far, in order: `rename`, `copy` … */
  readonly done: readonly string[];
}

/** File operations and COPYs, numbered; at the given one the process is killed as by `kill -9`. */
export function numbered(point: KillPoint | null): Numbered {
  const done: string[] = [];
  /** Whether the operation that now begins is the last one, to be left half-done. */
  const begin = (name: string, canTear: boolean): boolean => {
    done.push(name);
    if (point === null || done.length !== point.at) return false;
    if (point.torn && canTear) return true;
    return die();
  };
  const effects: FileEffects = {
    mkdir: (folder) => {
      begin("mkdir", false);
      nodeEffects.mkdir(folder);
    },
    write: (file, content) => {
      if (begin("write", true)) {
        writeFileSync(file, content.slice(0, Math.floor(content.length / 2)));
        die();
      }
      nodeEffects.write(file, content);
    },
    sync: (path) => {
      begin("sync", false);
      nodeEffects.sync(path);
    },
    syncAll: async (paths) => {
      begin("syncAll", false);
      await nodeEffects.syncAll(paths);
    },
    link: (existing, name) => {
      begin("link", false);
      nodeEffects.link(existing, name);
    },
    rename: (from, to) => {
      begin("rename", false);
      nodeEffects.rename(from, to);
    },
    unlink: (file) => {
      begin("unlink", false);
      nodeEffects.unlink(file);
    },
    remove: (path) => {
      begin("remove", false);
      nodeEffects.remove(path);
    },
  };
  return {
    effects,
    done,
    wrap: (engine) => ({
      ...engine,
      copy: async (select, options) => {
        const torn = begin("copy", true);
        const written = await engine.copy(select, options);
        if (torn) {
          for (const file of written) truncateSync(file.path, Math.floor(file.bytes / 2));
          die();
        }
        return written;
      },
    }),
  };
}

function die(): never {
  writeSync(1, "killed\n");
  process.kill(process.pid, "SIGKILL");
  // the signal arrives at once; nothing after it may run
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
