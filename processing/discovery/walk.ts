import { readdirSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { systemCode } from "../../lib/errors.js";

/** One file below raw/ as it lies. */
export interface RawFile {
  /** Relative to raw/, `/`-separated. */
  readonly path: string;
  readonly location: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly inode: number;
  /** True for `.part`, `.tmp` and dot files: still being written. */
  readonly partial: boolean;
  /** True for a link whose target lies outside raw/, or is no file. */
  readonly escapes: boolean;
}

/** Every file below raw/ by path; `*.done` is none. null when there is no such folder. */
export function walk(raw: string): readonly RawFile[] | null {
  const root = realPath(raw);
  if (root === null) return null;
  const files: RawFile[] = [];
  const visit = (prefix: string): void => {
    for (const entry of readdirSync(join(raw, prefix), { withFileTypes: true })) {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!entry.name.startsWith(".")) visit(path);
      } else if (!entry.name.endsWith(".done")) {
        const file = look(raw, root, path, entry.isSymbolicLink());
        if (file !== null) files.push(file);
      }
    }
  };
  visit("");
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Name of the file that a partial one becomes when it is complete: `.sales.csv.Xy12ab` and `sales.csv.part` are sales.csv. */
export function completeName(path: string): string {
  const at = path.lastIndexOf("/") + 1;
  const name = path.slice(at);
  const shown = name.startsWith(".") ? name.slice(1) : name;
  return path.slice(0, at) + shown.replace(/\.(part|tmp)$/i, "");
}

function look(raw: string, root: string, path: string, isLink: boolean): RawFile | null {
  const location = join(raw, ...path.split("/"));
  const name = path.slice(path.lastIndexOf("/") + 1);
  const partial = name.startsWith(".") || /\.(part|tmp)$/i.test(name);
  const target = isLink ? realPath(location) : location;
  const inside = !isLink || target?.startsWith(root + sep) === true;
  if (!inside) return { path, location, size: 0, mtimeMs: 0, inode: 0, partial, escapes: true };
  const stat = statSync(location, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  const escapes = !stat.isFile();
  return { path, location, size: stat.size, mtimeMs: stat.mtimeMs, inode: stat.ino, partial, escapes };
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ELOOP") return null;
    throw error;
  }
}
