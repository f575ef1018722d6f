import { type Replay, replayRun } from "../runs/replay.js";
import type { CommandContext, CommandSpec } from "./command.js";
import { quarantineFilter, quarantineFlags } from "./quarantine-flags.js";

/** `gristmill replay [--from EXPORT]`: judge quarantined records again, and publish those that pass, once. */
export const command: CommandSpec = {
  configure: (sub) => {
    quarantineFlags(sub).option(
      "--from <export>",
      "a folder that `quarantine export` wrote, or one file of it, after mending",
    );
  },
  execute: async (context, options) => {
    const from = typeof options["from"] === "string" ? options["from"] : null;
    const replay = await replayRun(context, { filter: quarantineFilter(options), from });
    report(context, replay);
    return replay.exitCode;
  },
};

function report(context: CommandContext, { run, judged, passed, notes, verdict }: Replay): void {
  if (context.json) {
    const files = verdict?.files.filter((file) => file.job !== null) ?? [];
    context.print(JSON.stringify({ run, judged, passed, notes, files }, null, 1));
    return;
  }
  for (const note of notes) context.print(note);
  context.print(`${judged} records judged again, ${passed} of them pass`);
  for (const file of verdict?.files ?? []) {
    if (file.job === null) continue;
    const { path, status, accepted, held, quarantined } = file;
    const message = file.message === null ? "" : ` (${file.message})`;
    context.print(
      `  ${path}: ${status}, ${accepted} accepted, ${held} held, ${quarantined} quarantined${message}`,
    );
  }
}
