import { join } from "node:path";
import { globOf, type Proposal, propose } from "../../contracts/propose/proposal.js";
import type { Config } from "../../lib/config-types.js";
import { GristmillError } from "../../lib/errors.js";
import { globs } from "../../processing/discovery/claims.js";
import { walk } from "../../processing/discovery/walk.js";
import { readSample } from "../propose/read-sample.js";
import { type Draft, emptyDraft, extended, loaded, type ProposedFeed } from "./draft.js";

export interface Outcome {
  readonly draft: Draft;
  /** What was seen and what was left out, in sentences. */
  readonly notes: readonly string[];
}

/** A feed for every kind of file below a raw folder, by what `propose` says of the first of each kind. */
export async function proposeAll(defaults: Config, raw: string): Promise<Outcome> {
  const files = (walk(raw) ?? []).filter(({ partial, escapes }) => !partial && !escapes);
  const kinds = kindsOf(files.map(({ path }) => path));
  const notes: string[] = [];
  let draft = emptyDraft;
  for (const [pattern, paths] of kinds) {
    const [first = ""] = paths;
    const proposal = await proposalOf(candidates(defaults, draft), raw, first, notes);
    if (proposal === null) continue;
    const next = extended(draft, proposal, globsOf(pattern, paths, kinds));
    loaded(next);
    draft = await withLastHeader(defaults, next, raw, paths);
    notes.push(...said(first, paths.length, proposal));
  }
  return { draft, notes };
}

/** Paths that differ in digits alone, by the glob that fits them. */
function kindsOf(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const kinds = new Map<string, string[]>();
  for (const path of paths) {
    const pattern = path.split("/").map(globOf).join("/");
    kinds.set(pattern, [...(kinds.get(pattern) ?? []), path]);
  }
  return kinds;
}

/** The glob of a kind; where it fits a file of another kind too, the files by name. */
function globsOf(
  pattern: string,
  paths: readonly string[],
  kinds: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const fits = globs([pattern]);
  const others = [...kinds].filter(([other]) => other !== pattern).flatMap(([, own]) => own);
  return others.some(fits) ? paths.map((path) => path.replaceAll(/[[\]{}()!*?\\@+]/g, "?")) : [pattern];
}

/** The file's own source wins over a default one of the same columns. */
function candidates(defaults: Config, draft: Draft): Config {
  if (draft === emptyDraft) return { ...defaults, feeds: {} };
  const { sources, schemas, feeds } = loaded(draft);
  return {
    ...defaults,
    sources: { ...defaults.sources, ...sources },
    schemas: { ...defaults.schemas, ...schemas },
    feeds,
  };
}

async function proposalOf(
  config: Config,
  raw: string,
  path: string,
  notes: string[],
): Promise<Proposal | null> {
  if (/\.zip$/i.test(path)) {
    notes.push(`${path} is left out: a zip is not looked into; unpack it, or write a feed with \`members\``);
    return null;
  }
  try {
    const sample = await readSample(join(raw, ...path.split("/")), config.settings);
    if (sample.header.length > 0 && sample.records.length > 0) return propose(config, sample);
    notes.push(`${path} is left out: it holds no record to learn from`);
  } catch (error) {
    if (!(error instanceof GristmillError) || error.code !== "not_readable") throw error;
    notes.push(`${path} is left out: ${error.message}`);
  }
  return null;
}

/** Later files of a kind may name columns otherwise: the names of the last one are added to its feed. */
async function withLastHeader(
  defaults: Config,
  draft: Draft,
  raw: string,
  paths: readonly string[],
): Promise<Draft> {
  const [name = "", feed] = Object.entries(draft.feeds).at(-1) ?? [];
  const last = paths.at(-1);
  if (feed === undefined || last === undefined || paths.length < 2) return draft;
  const proposal = await proposalOf(candidates(defaults, draft), raw, last, []);
  const [seen] = Object.values((proposal?.pipeline["feeds"] ?? {}) as Readonly<Record<string, ProposedFeed>>);
  if (seen?.source !== feed.source || seen.columns === undefined) return draft;
  const columns = { ...seen.columns, ...feed.columns };
  return { ...draft, feeds: { ...draft.feeds, [name]: { ...feed, columns } } };
}

function said(path: string, files: number, { notes }: Proposal): readonly string[] {
  const more = files === 1 ? "" : ` and ${files - 1} more like it`;
  const told = notes.filter((note) => !/: .*, \d+ distinct/.test(note));
  return told.map((note, at) => (at === 0 ? `${path}${more}${note.slice(note.indexOf(":"))}` : `  ${note}`));
}
