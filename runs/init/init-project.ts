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
import type { Config } from "../../lib/config-types.js";
import { GristmillError } from "../../lib/errors.js";
import { dataPaths } from "../../lib/paths.js";
import { documents, loaded } from "./draft.js";
import { proposeAll } from "./propose-all.js";

/** A data project that was made. */
export interface Project {
  readonly root: string;
  readonly configDir: string;
  readonly feeds: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Make a data project in `dir`: copy the files given into its raw/, and write a configuration made from what lies
 * there. Nothing is overwritten. Throws bad_flag, unknown_path, not_readable.
 */
export async function initProject(defaults: Config, dir: string, files: readonly string[]): Promise<Project> {
  const root = resolve(dir);
  const { raw } = dataPaths(root);
  const configDir = join(root, "config");
  refuseTaken(configDir);
  const given = files.map((file) => placed(raw, resolve(file)));
  const { draft, notes } = await proposeAll(defaults, givenIn(raw, given));
  if (Object.keys(draft.feeds).length === 0)
    throw new GristmillError(
      "not_readable",
      [`there is no file to learn from in ${raw}: put some there, or name them`, ...notes].join("\n  "),
    );
  const config = loaded(draft);
  mkdirSync(configDir, { recursive: true });
  for (const [name, text] of Object.entries(documents(draft)))
    writeFileSync(join(configDir, name), text, { flag: "wx" });
  return { root, configDir, feeds: Object.keys(config.feeds), notes };
}

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
