import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, resolve } from "node:path";
import { personalColumns } from "../../contracts/schema-columns.js";
import type { Engine } from "../../engines/engine.js";
import { GristmillError } from "../../lib/errors.js";
import { writeJson } from "../../lib/json-file.js";
import {
  type QuarantineFilter,
  type QuarantineRow,
  readQuarantine,
  rowsByPath,
} from "../../quality/quarantine/browse.js";
import { type ExportedFile, exportFile } from "../../quality/quarantine/export.js";
import { foreignNames } from "../../quality/quarantine/raw-layout.js";
import type { ExportManifest } from "../../quality/replay/manifest.js";
import { manifestFile } from "../../quality/replay/manifest.js";
import { readReport } from "../../quality/reports/read-report.js";
import type { RunContext } from "../run-context.js";
import { maskRows } from "./show.js";

export interface ExportOptions {
  readonly out: string | null;
  /** Hide personal columns. */
  readonly mask: boolean;
}

/** rows: the records themselves, where no folder was named · folder: what was written below it. */
export type Exported =
  | { readonly kind: "rows"; readonly rows: readonly QuarantineRow[] }
  | {
      readonly kind: "folder";
      readonly folder: string;
      readonly records: number;
      readonly files: readonly string[];
    };

/** The raw records, one file per input file, below `out`; without it as rows. Throws bad_flag. */
export async function exportRecords(
  context: RunContext,
  engine: Engine,
  filter: QuarantineFilter,
  { out, mask }: ExportOptions,
): Promise<Exported> {
  if (out === null) {
    const rows = await readQuarantine(engine, context.paths, filter, null);
    return { kind: "rows", rows: mask ? maskRows(context, rows) : rows };
  }
  const files = await exportedFiles(context, engine, filter, mask);
  const folder = resolve(out);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new GristmillError("bad_flag", `${folder} is not empty: name a folder that is, or is not there`);
  }
  for (const { name, content } of files) {
    const target = join(folder, safeName(name));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  const manifest: ExportManifest = {
    data: context.paths.root,
    files: files.map(({ name, path, ids }) => ({ name: safeName(name), path, ids })),
  };
  writeJson(manifestFile(folder), manifest);
  const records = files.reduce((sum, file) => sum + file.ids.length, 0);
  return { kind: "folder", folder, records, files: manifest.files.map(({ name }) => name) };
}

async function exportedFiles(
  context: RunContext,
  engine: Engine,
  filter: QuarantineFilter,
  mask: boolean,
): Promise<readonly ExportedFile[]> {
  const config = context.config();
  const rows = await readQuarantine(engine, context.paths, filter, null);
  return [...rowsByPath(rows)].map(([path, own]) => {
    const { source = "", feed = "" } = own[0] ?? {};
    const personal = mask ? foreignNames(config, feed, personalColumns(config, source)) : new Set<string>();
    return exportFile(own, config.feeds[feed], readReport(context.paths, path)?.header ?? [], personal);
  });
}

/** A path of the ledger never climbs; an export must not rely on it. */
function safeName(name: string): string {
  const plain = normalize(name);
  if (isAbsolute(plain) || plain.startsWith("..")) {
    throw new GristmillError("bad_flag", `the path ${name} leads out of the export's folder`);
  }
  return plain;
}
