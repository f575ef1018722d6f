import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump } from "js-yaml";
import { compileContract } from "../../contracts/contract.js";
import type { Proposal } from "../../contracts/propose/proposal.js";
import { loadConfig } from "../../lib/config.js";
import { type ConfigFileName, readConfigFiles } from "../../lib/config-files.js";
import type { Config } from "../../lib/config-types.js";

type Part = Readonly<Record<string, unknown>>;

/** A configuration on the way: its documents by section, as they will stand in the files. */
export interface Draft {
  readonly sources: Part;
  readonly feeds: Readonly<Record<string, ProposedFeed>>;
  readonly schemas: Part;
  readonly rules: Part;
}

export interface ProposedFeed {
  readonly source: string;
  readonly files: readonly string[];
  readonly columns?: Readonly<Record<string, string>>;
}

export const emptyDraft: Draft = { sources: {}, feeds: {}, schemas: {}, rules: {} };

/** The draft with a proposal's parts; a default source that it is the first to use comes with its own. */
export function extended(
  draft: Draft,
  { pipeline, schemas, rules }: Proposal,
  files: readonly string[],
): Draft {
  const [proposed] = Object.entries(pipeline["feeds"] as Readonly<Record<string, ProposedFeed>>);
  if (proposed === undefined) return draft;
  const [name, feed] = proposed;
  const defaults = defaultParts(feed.source);
  return {
    sources: { ...defaults.sources, ...draft.sources, ...(pipeline["sources"] as Part | undefined) },
    feeds: { ...draft.feeds, [name]: { ...feed, files } },
    schemas: { ...defaults.schemas, ...draft.schemas, ...schemas },
    rules: { ...defaults.rules, ...draft.rules, ...rules },
  };
}

/** What the default configuration says of a source; nothing of one that it does not know. */
function defaultParts(source: string): Omit<Draft, "feeds"> {
  const files = readConfigFiles(null);
  const of = (part: unknown): Part => {
    const found = (part as Part)[source];
    return found === undefined ? {} : { [source]: found };
  };
  const { $defs } = files["data_schemas.json"].document as Part;
  const schemas = of(files["data_schemas.json"].document);
  return {
    sources: of((files["pipeline_config.yaml"].document as Part)["sources"]),
    schemas: Object.keys(schemas).length === 0 ? {} : { $defs, ...schemas },
    rules: of(files["business_rules.yaml"].document),
  };
}

/** The files of the configuration folder: what stands in them, by their names. */
export function documents(draft: Draft): Readonly<Partial<Record<ConfigFileName, string>>> {
  const { sources, feeds } = draft;
  const yaml = (text: string, part: Part): string =>
    `${text}\n\n${dump(part, { lineWidth: 110, noRefs: true })}`;
  return {
    "pipeline_config.yaml": yaml(
      "# Made from the files in raw/: look over each feed. What is not said here has its default; every key is in\n# docs/configuration.md.",
      { sources, feeds },
    ),
    "data_schemas.json": `${JSON.stringify(draft.schemas, null, 2)}\n`,
    "business_rules.yaml": yaml(
      "# What a value must be beyond its type; docs/contracts.md has every form.",
      rulesAtHand(draft),
    ),
    "quality_thresholds.yaml":
      "# Per cent of a file's records that must pass; of a source of its own under `thresholds`.\n\nglobal_threshold: 90\n",
  };
}

/** A reference needs its source: without one it is left out. */
function rulesAtHand({ rules, sources }: Draft): Part {
  const withTarget = (rule: unknown): unknown => {
    if (typeof rule !== "object" || rule === null || !("references" in rule)) return rule;
    const { references, ...rest } = rule;
    const target = typeof references === "string" ? references : (references as { value: string }).value;
    return Object.hasOwn(sources, target.split(".")[0] ?? "") ? rule : rest;
  };
  return Object.fromEntries(
    Object.entries(rules).map(([source, own]) => [
      source,
      Object.fromEntries(
        Object.entries(own as Part)
          .map(([column, rule]) => [column, withTarget(rule)] as const)
          .filter(([, rule]) => Object.keys(rule as object).length > 0),
      ),
    ]),
  );
}

/** The draft as the pipeline would load it, its contracts compiled. Throws bad_configuration. */
export function loaded(draft: Draft): Config {
  const folder = mkdtempSync(join(tmpdir(), "gristmill-init-"));
  try {
    for (const [name, text] of Object.entries(documents(draft))) writeFileSync(join(folder, name), text);
    const config = loadConfig({ configDir: folder, environment: {} });
    for (const source of Object.keys(config.sources)) compileContract(config, source);
    return config;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
