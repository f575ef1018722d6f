import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve, sep } from "node:path";
import { GristmillError } from "../lib/errors.js";
import { dataPaths } from "../lib/paths.js";
import { shellQuoted } from "../monitoring/shell-quoted.js";
import { shown } from "../monitoring/shown-text.js";
import { documents, loaded } from "../runs/init/draft.js";
import { proposeAll } from "../runs/init/propose-all.js";
import type { CommandSpec } from "./command.js";

/** `gristmill init DIR [FILE…]`: a data project of one's own files, with a configuration made from them. */
export const command: CommandSpec = {
  configure: (sub) => {
    sub.argument("<dir>", "the project's folder").argument("[files...]", "files to copy into its raw/");
  },
  execute: async (context, _, args) => {
    const [dir = "", ...files] = args;
    const root = resolve(dir);
    const { raw } = dataPaths(root);
    const configDir = join(root, "config");
    refuseTaken(configDir);
    const given = files.map((file) => placed(raw, resolve(file)));
    const { draft, notes } = await proposeAll(context.config(), givenIn(raw, given));
    if (Object.keys(draft.feeds).length === 0)
      throw new GristmillError(
        "not_readable",
        [`there is no file to learn from in ${raw}: put some there, or name them`, ...notes].join("\n  "),
      );
    const config = loaded(draft);
    mkdirSync(configDir, { recursive: true });
    for (const [name, text] of Object.entries(documents(draft)))
      writeFileSync(join(configDir, name), text, { flag: "wx" });
    if (context.json)
      context.print(JSON.stringify({ config: configDir, feeds: Object.keys(config.feeds), notes }, null, 1));
    else
      for (const line of [...notes.map((note) => shown(note, 300)), "", ...nextLines(root, configDir)])
        context.print(line);
    return 0;
  },
};

function refuseTaken(configDir: string): void {
  if (!existsSync(configDir) || readdirSync(configDir).length === 0) return;
  throw new GristmillError(
    "bad_flag",
    `${configDir} is there and holds files: nothing is overwritten; use it as it is, or name another folder`,
  );
}

interface Placed {
  readonly from: string;
  readonly to: string;
}

/** Where a given file goes; one that lies in raw/ stays where it is. Refuses before anything is copied. */
function placed(raw: string, file: string): Placed | null {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new GristmillError("unknown_path", `there is no file ${file}`);
  if (file.startsWith(raw + sep)) return null;
  const to = join(raw, basename(file));
  if (existsSync(to))
    throw new GristmillError(
      "bad_flag",
      `${to} is there already: nothing is overwritten; rename one of them`,
    );
  return { from: file, to };
}

/** The raw folder with the given files in it. */
function givenIn(raw: string, given: readonly (Placed | null)[]): string {
  mkdirSync(raw, { recursive: true });
  for (const one of given) if (one !== null) copyFileSync(one.from, one.to, constants.COPYFILE_EXCL);
  return raw;
}

function nextLines(root: string, configDir: string): readonly string[] {
  const flags = `--data-dir ${shellQuoted(root)} --config-dir ${shellQuoted(configDir)}`;
  return [
    `look over      ${configDir}`,
    `see the plan   bash orchestration/pipeline_master.sh --plan ${flags}`,
    `run            bash orchestration/pipeline_master.sh ${flags}`,
  ];
}
