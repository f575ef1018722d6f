import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";

/** Most jobs have one stream, and that is looked at twice. */
const FIRST = 2;
const FURTHER = 16;

/** Named pipes, each for one use. */
export interface Pipes {
  next(): string;
  /** Remove those that were not used. */
  close(): void;
}

/** Makes some pipes at a time: each start of mkfifo costs as much as judging a small file. */
export function createPipes(folder: string): Pipes {
  const ready: string[] = [];
  let made = 0;
  return {
    next: () => {
      if (ready.length === 0) {
        const count = made === 0 ? FIRST : FURTHER;
        for (let index = 0; index < count; index++) ready.push(join(folder, `pipe-${made++}`));
        for (const pipe of ready) rmSync(pipe, { force: true });
        execFileSync("mkfifo", ["-m", "600", ...ready]);
      }
      return ready.shift() as string;
    },
    close: () => {
      for (const pipe of ready) rmSync(pipe, { force: true });
    },
  };
}
