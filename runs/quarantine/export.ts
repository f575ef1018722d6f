import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, resolve } from "node:path";
import type { CommandContext } from "../../commands/command.js";
import { personalColumns } from "../../contracts/schema-columns.js";
import type { Engine } from "../../engines/engine.js";
import { GristmillError } from "../../lib/errors.js";
import { writeJson } from "../../lib/json-file.js";
import {
  jsonRow,
  type QuarantineFilter,
  readQuarantine,
  rowsByPath,
} from "../../quality/quarantine/browse.js";
import { type ExportedFile, exportFile } from "../../quality/quarantine/export.js";
import { foreignNames } from "../../quality/quarantine/raw-layout.js";
import type { ExportManifest } from "../../quality/replay/manifest.js";
import { manifestFile } from "../../quality/replay/manifest.js";
import { readReport } from "../../quality/reports/read-report.js";
import { maskRows } from "./show.js";

export interface ExportOptions {
  readonly out: string | null;
  /** Hide personal columns. */
  readonly mask: boolean;
}

/** Write the raw records, a file an input file, below `out`, or as JSON lines to standard output. */
export async function exportRecords(
  context: CommandContext,
  engine: Engine,
  filter: QuarantineFilter,
  { out, mask }: ExportOptions,
): Promise<number> {
  if (out === null) {
    const rows = await readQuarantine(engine, context.paths, filter, null);
    for (const row of mask ? maskRows(context, rows) : rows) context.print(JSON.stringify(jsonRow(row)));
    return 0;
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
  if (context.json)
    context.print(JSON.stringify({ folder, records, files: manifest.files.map((f) => f.name) }));
  else {
    context.print(`${records} records of ${files.length} files are in ${folder}`);
    context.print(`mend them there, then: gristmill replay --from ${folder}`);
  }
  return 0;
}

async function exportedFiles(
  context: CommandContext,
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
