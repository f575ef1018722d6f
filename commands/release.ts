import { withDataLock } from "../runs/data-lock.js";
import { releaseFile } from "../runs/release.js";
import type { CommandSpec } from "./command.js";

/** `gristmill release PATH`: recorded in the ledger; the next run works on the file and publishes it. */
export const command: CommandSpec = {
  configure: (sub) => {
    sub.argument("<path>", "path of a held file, relative to raw/");
  },
  execute: async (context, _, args) => {
    const path = args[0] ?? "";
    const isNew = await withDataLock(context.paths, () => releaseFile(context, path));
    if (context.json) context.print(JSON.stringify({ path, released: true, already: !isNew }));
    else if (isNew) context.print(`${path} is released: the next run publishes it whatever its score`);
    else context.print(`${path} was released already: the next run publishes it`);
    return 0;
  },
};
