import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";

const SYNCS_AT_ONCE = 64;

/** Every operation that changes the file system on the way to a commit. Passed in, so that tests can number, record and kill. */
export interface FileEffects {
  mkdir(folder: string): void;
  /** Write a whole file, without fsync. */
  write(file: string, content: string | Uint8Array): void;
  /** fsync a file or a folder. */
  sync(path: string): void;
  /** fsync many files and folders side by side: ten times faster than in turn. */
  syncAll(paths: readonly string[]): Promise<void>;
  /** Give a file a second name; throws EEXIST when the name is taken. */
  link(existing: string, name: string): void;
  rename(from: string, to: string): void;
  unlink(file: string): void;
  /** Remove a tree; nothing there is no error. */
  remove(path: string): void;
}

export const nodeEffects: FileEffects = {
  mkdir: (folder) => {
    mkdirSync(folder, { recursive: true });
  },
  write: (file, content) => writeFileSync(file, content),
  sync: (path) => {
    const handle = openSync(path, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  },
  syncAll: async (paths) => {
    for (let from = 0; from < paths.length; from += SYNCS_AT_ONCE) {
      await Promise.all(paths.slice(from, from + SYNCS_AT_ONCE).map(syncOne));
    }
  },
  link: (existing, name) => linkSync(existing, name),
  rename: (from, to) => renameSync(from, to),
  unlink: (file) => unlinkSync(file),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
};

async function syncOne(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
