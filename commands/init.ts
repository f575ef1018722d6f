import { shellQuoted } from "../monitoring/shell-quoted.js";
import { shown } from "../monitoring/shown-text.js";
import { initProject } from "../runs/init/init-project.js";
import type { CommandSpec } from "./command.js";

/** `gristmill init DIR [FILE…]`: a data project of one's own files, with a configuration made from them. */
export const command: CommandSpec = {
  configure: (sub) => {
    sub.argument("<dir>", "the project's folder").argument("[files...]", "files to copy into its raw/");
  },
  execute: async (context, _, [dir = "", ...files]) => {
    const { root, configDir, feeds, notes } = await initProject(context.config(), dir, files);
    const lines = context.json
      ? [JSON.stringify({ config: configDir, feeds, notes }, null, 1)]
      : [...notes.map((note) => shown(note, 300)), "", ...nextLines(root, configDir)];
    for (const line of lines) context.print(line);
    return 0;
  },
};

function nextLines(root: string, configDir: string): readonly string[] {
  const flags = `--data-dir ${shellQuoted(root)} --config-dir ${shellQuoted(configDir)}`;
  return [
    `look over      ${configDir}`,
    `see the plan   bash orchestration/pipeline_master.sh --plan ${flags}`,
    `run            bash orchestration/pipeline_master.sh ${flags}`,
  ];
}
