import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { dump } from "js-yaml";
import { type Proposal, propose } from "../contracts/propose/proposal.js";
import { GristmillError } from "../lib/errors.js";
import { readSample } from "../runs/propose/read-sample.js";
import type { CommandContext, CommandSpec } from "./command.js";

/** `gristmill propose FILE`: read an unknown file and print feed, schema and rules for it, ready to paste. */
export const command: CommandSpec = {
  configure: (sub) => {
    sub.argument("<file>", "a file, or its path relative to raw/");
  },
  execute: async (context, _, args) => {
    const config = context.config();
    const proposal = propose(config, await readSample(locate(context, args[0] ?? ""), config.settings));
    if (context.json) context.print(JSON.stringify(proposal, null, 1));
    else for (const line of proposalLines(proposal)) context.print(line);
    return 0;
  },
};

function locate(context: CommandContext, file: string): string {
  const found = [resolve(file), join(context.paths.raw, file)].find((path) => existsSync(path));
  if (found === undefined)
    throw new GristmillError("unknown_path", `there is no file ${file}, nor one of this name below raw/`);
  return found;
}

function proposalLines({ pipeline, schemas, rules, notes }: Proposal): readonly string[] {
  const yaml = (part: Readonly<Record<string, unknown>>): readonly string[] =>
    dump(part, { lineWidth: 110, noRefs: true }).trimEnd().split("\n");
  const lines = [
    ...notes.map((note) => `# ${note.replaceAll(/\s+/g, " ")}`),
    "",
    "# pipeline_config.yaml",
    ...yaml(pipeline),
  ];
  if (schemas !== null) {
    lines.push("", "# data_schemas.json", ...JSON.stringify(schemas, null, 2).split("\n"));
  }
  if (rules !== null) lines.push("", "# business_rules.yaml", ...yaml(rules));
  return lines;
}
