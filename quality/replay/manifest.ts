import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { GristmillError } from "../../lib/errors.js";
import { readJson } from "../../lib/json-file.js";

/** Which records an export's files hold; stands beside its folder, so that the folder serves as a raw/ too. */
export interface ExportManifest {
  /** Data folder that was exported from. */
  readonly data: string;
  readonly files: readonly {
    readonly name: string;
    readonly path: string;
    /** Ids of the records, in the order of the file. */
    readonly ids: readonly string[];
  }[];
}

export function manifestFile(folder: string): string {
  return join(dirname(folder), `${basename(folder)}.manifest.json`);
}

/** One file of an export, as it lies now, with what it was exported from. */
export interface EditedFile {
  readonly file: string;
  readonly path: string;
  readonly ids: readonly string[];
}

/** The files of an export that a folder or file of it names. Throws bad_replay. */
export function editedFiles(from: string): readonly EditedFile[] {
  const target = resolve(from);
  if (!existsSync(target)) throw new GristmillError("bad_replay", `there is no ${target}`);
  const folder = exportFolder(target);
  const { files } = readJson<ExportManifest>(manifestFile(folder));
  if (statSync(target).isDirectory()) {
    return files
      .map(({ name, path, ids }) => ({ file: join(folder, name), path, ids }))
      .filter(({ file }) => existsSync(file));
  }
  const name = relative(folder, target);
  const found = files.find((file) => file.name === name);
  if (found === undefined)
    throw new GristmillError("bad_replay", `${manifestFile(folder)} does not name ${name}`);
  return [{ file: target, path: found.path, ids: found.ids }];
}

/** The folder above a file, or the folder itself, that has a manifest beside it. */
function exportFolder(target: string): string {
  for (let folder = target; ; folder = dirname(folder)) {
    if (existsSync(manifestFile(folder)) && readdirSync(dirname(folder)).includes(basename(folder)))
      return folder;
    if (folder === dirname(folder)) {
      throw new GristmillError(
        "bad_replay",
        `no manifest stands beside ${target} or above it: replay what gristmill quarantine export wrote`,
      );
    }
  }
}
