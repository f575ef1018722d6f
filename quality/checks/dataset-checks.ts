import { personalColumns } from "../../contracts/schema-columns.js";
import type { Engine } from "../../engines/engine.js";
import type { Config } from "../../lib/config-types.js";
import type { FileVerdict, Finding, RuleCount } from "../../lib/run-types.js";
import type { FileCounts } from "../scores/score.js";
import { type ReferenceRule, referenceRules, uniqueRules } from "./dataset-rules.js";
import { countReferences, type ReferenceCount } from "./references.js";
import type { RunState } from "./staged-rows.js";
import { countDuplicates, countRepeats } from "./uniqueness.js";

/** What the checks across records found, a file and as a whole. */
export interface DatasetCounts {
  readonly byPath: ReadonlyMap<string, Pick<FileCounts, "repeats" | "references">>;
  /** Path → references that lead nowhere, as rules with counts. */
  readonly rules: ReadonlyMap<string, readonly RuleCount[]>;
  readonly findings: readonly Finding[];
}

/** Count repeats, duplicates and unknown references among the staged rows, for the state after the run. */
export async function countDataset(engine: Engine, config: Config, state: RunState): Promise<DatasetCounts> {
  const byPath = new Map<string, Pick<FileCounts, "repeats" | "references">>();
  const rules = new Map<string, readonly RuleCount[]>();
  const findings: Finding[] = [];
  const published = new Set(
    state.files.filter((file) => file.status === "published").map((file) => file.path),
  );
  for (const source of Object.keys(state.staged).sort()) {
    const key = config.sources[source]?.key ?? [];
    const repeats = key.length === 0 ? null : await countRepeats(engine, state, source, key);
    for (const file of state.files.filter((file) => file.source === source && file.job !== null)) {
      const own = repeats?.find((row) => row.path === file.path)?.repeats ?? 0;
      byPath.set(file.path, { repeats: repeats === null ? null : own, references: null });
    }
    for (const rule of referenceRules(config).filter((rule) => rule.source === source)) {
      const counts = await countReferences(engine, state, rule);
      if (counts !== null) addReferences(counts, rule, byPath, rules);
      findings.push(...referenceFindings(rule, counts, published, personalColumns(config, source)));
    }
    for (const rule of uniqueRules(config).filter((rule) => rule.source === source)) {
      const duplicates = await countDuplicates(engine, state, rule);
      if (duplicates === 0) continue;
      const columns = rule.columns.join(", ");
      findings.push({
        kind: "unique",
        source,
        path: null,
        column: columns,
        rule: rule.rule,
        severity: rule.severity,
        count: duplicates,
        message: rule.message ?? `${source}: ${duplicates} records repeat the ${columns} of another`,
      });
    }
  }
  return { byPath, rules, findings };
}

function addReferences(
  counts: readonly ReferenceCount[],
  rule: ReferenceRule,
  byPath: Map<string, Pick<FileCounts, "repeats" | "references">>,
  rules: Map<string, readonly RuleCount[]>,
): void {
  for (const { path, checked, unknown } of counts) {
    const before = byPath.get(path) ?? { repeats: null, references: null };
    const references = {
      checked: (before.references?.checked ?? 0) + checked,
      unknown: (before.references?.unknown ?? 0) + unknown,
    };
    byPath.set(path, { ...before, references });
    if (unknown === 0) continue;
    const { column, severity } = rule;
    const count: RuleCount = {
      rule: rule.rule,
      code: "unknown_reference",
      column,
      severity,
      count: unknown,
      samples: [],
    };
    rules.set(path, [...(rules.get(path) ?? []), count]);
  }
}

function referenceFindings(
  rule: ReferenceRule,
  counts: readonly ReferenceCount[] | null,
  published: ReadonlySet<string>,
  personal: ReadonlySet<string>,
): readonly Finding[] {
  const { source, column, target, targetColumn } = rule;
  const about = { kind: "reference", source, path: null, column, rule: rule.rule } as const;
  if (counts === null) {
    const message = `${source}.${column} cannot be checked: there is no ${target} yet`;
    return [{ ...about, severity: "info", count: 0, message }];
  }
  const wrong = counts.filter((count) => count.unknown > 0 && published.has(count.path));
  const unknown = wrong.reduce((sum, count) => sum + count.unknown, 0);
  if (unknown === 0) return [];
  const example = personal.has(column) ? "***" : (wrong[0]?.example ?? "");
  const message =
    rule.message ??
    `${source}: ${unknown} records name a ${column} that no ${target}.${targetColumn} has (${example})`;
  const path = wrong.length === 1 ? (wrong[0]?.path ?? null) : null;
  return [{ ...about, path, severity: rule.severity, count: unknown, message }];
}

/** Hold files by the thresholds of single parts, where such are configured; a released file passes them all. */
export function gateParts(
  config: Config,
  files: readonly FileVerdict[],
  partsOf: (file: FileVerdict) => Readonly<Record<string, number | null>>,
  hold: (file: FileVerdict, message: string) => FileVerdict,
): readonly FileVerdict[] {
  return files.map((file) => {
    const thresholds = Object.entries(config.partThresholds[file.source] ?? {});
    if (file.status !== "published" || file.why === "released" || thresholds.length === 0) return file;
    const parts = partsOf(file);
    const low = thresholds.find(([part, threshold]) => (parts[part] ?? 100) < threshold);
    if (low === undefined) return file;
    const [part, threshold] = low;
    return hold(file, `${part} ${parts[part]?.toFixed(2)} % is below its threshold of ${threshold} %`);
  });
}
