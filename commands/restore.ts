import { resolve } from "node:path";
import { restoreArchive } from "../lake/archive/restore.js";
import { withDataLock } from "../runs/data-lock.js";
import type { CommandSpec } from "./command.js";

/** `gristmill restore ARCHIVE`: raw files and reports back into the data folder, for a replay. */
export const command: CommandSpec = {
  configure: (sub) => {
    sub.argument("<archive>", "archive_YYYYMMDD_HHMM.tar.gz");
  },
  execute: async (context, _, args) => {
    const file = resolve(args[0] ?? "");
    const done = await withDataLock(context.paths, () => restoreArchive(context.paths, file));
    if (context.json) {
      context.print(JSON.stringify(done));
      return 0;
    }
    context.print(
      `run ${done.run}: ${done.restored.length} files put back, ${done.same.length} were there already`,
    );
    for (const name of done.newer)
      context.print(`left: ${JSON.stringify(name)}, a later version was restored before`);
    for (const name of done.kept)
      context.print(
        `left: ${JSON.stringify(name)}, another file of this name lies there that no archive put there`,
      );
    return 0;
  },
};
