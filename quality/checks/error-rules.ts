import { personalColumns } from "../../contracts/schema-columns.js";
import type { Engine } from "../../engines/engine.js";
import type { Config } from "../../lib/config-types.js";
import type { StagingPaths } from "../../lib/paths.js";
import type { FileVerdict, QuarantineCode, RuleCount } from "../../lib/run-types.js";
import { type ReferenceRule, referenceRules, type UniqueRule, uniqueRules } from "./dataset-rules.js";
import { type ExtractRecords, moveOffenders, type Offender } from "./offenders.js";
import { findUnknownReferences } from "./references.js";
import type { PublishedTables, StagedRows } from "./staged-rows.js";
import { findDuplicates } from "./uniqueness.js";

export interface Enforced {
  readonly files: readonly FileVerdict[];
  readonly staged: StagedRows;
  /** Staged Parquet with the records that were moved. */
  readonly quarantined: readonly string[];
  /** Path → rules that moved records of it. */
  readonly rules: ReadonlyMap<string, readonly RuleCount[]>;
}

type ErrorRule = { readonly unique: UniqueRule } | { readonly reference: ReferenceRule };

/**
 * Quarantine the records that break a `unique` or `references` rule of severity error, source by source, what is
 * referred to before what refers to it, and judge the gate of their files anew.
 */
export async function enforceErrorRules(
  engine: Engine,
  config: Config,
  staging: StagingPaths,
  run: string,
  start: {
    readonly files: readonly FileVerdict[];
    readonly staged: StagedRows;
    readonly tables: PublishedTables;
  },
  extract: ExtractRecords,
): Promise<Enforced> {
  let state = start;
  const quarantined: string[] = [];
  const rules = new Map<string, readonly RuleCount[]>();
  for (const source of referredFirst(Object.keys(start.staged).sort(), referenceRules(config))) {
    const offenders: Offender[] = [];
    for (const rule of errorRules(config, source))
      offenders.push(...(await findOffenders(engine, state, rule)));
    if (offenders.length === 0) continue;
    const moved = await moveOffenders(
      engine,
      staging,
      run,
      source,
      state,
      offenders,
      extract,
      quarantined.length,
    );
    state = { ...state, files: moved.files, staged: moved.staged };
    quarantined.push(moved.quarantined);
    for (const [path, counts] of countRules(offenders, personalColumns(config, source)))
      rules.set(path, counts);
  }
  return { files: state.files, staged: state.staged, quarantined, rules };
}

function errorRules(config: Config, source: string): readonly ErrorRule[] {
  const own = <T extends UniqueRule | ReferenceRule>(rule: T): boolean =>
    rule.source === source && rule.severity === "error";
  return [
    ...uniqueRules(config)
      .filter(own)
      .map((unique) => ({ unique })),
    ...referenceRules(config)
      .filter(own)
      .map((reference) => ({ reference })),
  ];
}

async function findOffenders(
  engine: Engine,
  state: Parameters<typeof findDuplicates>[1],
  rule: ErrorRule,
): Promise<readonly Offender[]> {
  if ("unique" in rule) {
    const { columns, message } = rule.unique;
    const said = message ?? `another record has the same ${columns.join(", ")}`;
    const found = await findDuplicates(engine, state, rule.unique);
    return found.map((row) => offender(row, "duplicate_key", columns.join(", "), rule.unique.rule, said));
  }
  const { column, target, targetColumn, message } = rule.reference;
  const said = message ?? `no ${target} record has this ${targetColumn}`;
  const found = await findUnknownReferences(engine, state, rule.reference);
  return found.map((row) => offender(row, "unknown_reference", column, rule.reference.rule, said));
}

function offender(
  { path, record, value }: { readonly path: string; readonly record: number; readonly value: string },
  code: QuarantineCode,
  column: string,
  rule: string,
  message: string,
): Offender {
  return { path, record, reason: { code, column, rule, value, message } };
}

function countRules(
  offenders: readonly Offender[],
  personal: ReadonlySet<string>,
): ReadonlyMap<string, readonly RuleCount[]> {
  const byPath = new Map<string, Map<string, RuleCount>>();
  for (const { path, record, reason } of offenders) {
    const counts = byPath.get(path) ?? new Map<string, RuleCount>();
    const key = `${reason.column} ${reason.rule}`;
    const { code, column, rule } = reason;
    const before = counts.get(key) ?? { rule, code, column, severity: "error", count: 0, samples: [] };
    const value = column !== null && personal.has(column) ? "***" : reason.value;
    const samples = [...before.samples, { record, line: null, value, raw: null }].slice(0, 5);
    counts.set(key, { ...before, count: before.count + 1, samples });
    byPath.set(path, counts);
  }
  return new Map([...byPath].map(([path, counts]) => [path, [...counts.values()]]));
}

/** Sources in an order in which what is referred to comes first; of a circle, as they come. */
function referredFirst(sources: readonly string[], rules: readonly ReferenceRule[]): readonly string[] {
  const ordered = new Set<string>();
  const visit = (source: string, above: ReadonlySet<string>): void => {
    if (ordered.has(source) || above.has(source)) return;
    for (const rule of rules) {
      if (rule.source === source && rule.severity === "error")
        visit(rule.target, new Set([...above, source]));
    }
    ordered.add(source);
  };
  for (const source of sources) visit(source, new Set());
  return [...ordered].filter((source) => sources.includes(source));
}
