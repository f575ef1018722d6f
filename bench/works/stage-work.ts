import { join } from "node:path";
import { packageRoot } from "../../lib/paths.js";
import type { Contender } from "../contender.js";
import type { Expected } from "../data.js";
import { compare, filesBelow, freshDataFolder, program, type Workshop } from "../workshop.js";

const RUN = "20260101T000000Z-0000";

/** Our stage `work` on some files, as the master runs it; planning happens before the clock. */
export function stageWork(
  workshop: Workshop,
  raw: string,
  paths: readonly string[],
  expected: Expected,
  name = "gristmill",
): Contender {
  let folder = "";
  return {
    name,
    rounds: null,
    missing: () => null,
    prepare: async () => {
      folder = freshDataFolder(workshop, "gristmill", raw, paths);
      program("discover", "--data-dir", folder, "--run", RUN);
    },
    invocation: () => {
      const script = join(packageRoot, "orchestration", "worker_manager.sh");
      return { command: "bash", args: [script, "--data-dir", folder, "--run", RUN, "--quiet"] };
    },
    verdict: () => {
      const work = join(folder, "staging", RUN, "work");
      return compare(expected, {
        accepted: join(work, "**", "*accepted*.parquet"),
        rejected: filesBelow(work, /quarantined.*\.parquet$/),
      });
    },
  };
}
