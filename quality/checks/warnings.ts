import type { FileVerdict, Finding, RuleCount } from "../../lib/run-types.js";
import type { StagedResults } from "./staged-results.js";

/** What is worth a word but holds nothing back: files without records, and rules of severity warn or info. */
export function warningFindings(files: readonly FileVerdict[], results: StagedResults): readonly Finding[] {
  const empty = files
    .filter((file) => file.status === "published" && file.records === 0)
    .map((file) => emptyFile(file));
  const rules = new Map<string, Finding>();
  for (const file of files) {
    if (file.status !== "published") continue;
    for (const rule of results.files.get(file.path)?.result.rules ?? []) {
      if (rule.severity === "error" || rule.count === 0) continue;
      const key = `${file.source} ${rule.column} ${rule.rule}`;
      rules.set(key, warning(file.source, rule, (rules.get(key)?.count ?? 0) + rule.count));
    }
  }
  return [...empty, ...rules.values()];
}

function emptyFile({ source, path }: FileVerdict): Finding {
  return {
    kind: "warning",
    source,
    path,
    column: null,
    rule: "empty file",
    severity: "warn",
    count: 1,
    message: `${path} holds no records`,
  };
}

function warning(source: string, { rule, column, severity }: RuleCount, count: number): Finding {
  const message = `${source}: ${count} records break ${rule}`;
  return { kind: "warning", source, path: null, column, rule, severity, count, message };
}
