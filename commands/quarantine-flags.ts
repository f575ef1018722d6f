import type { Command } from "commander";
import type { QuarantineFilter } from "../quality/quarantine/browse.js";

/** The flags that choose quarantined records, for `replay` too. */
export function quarantineFlags(sub: Command): Command {
  return sub
    .option("--source <name>", "only this source")
    .option("--reason <code>", "only records with a reason of this code")
    .option("--file <path>", "only this file: its path relative to raw/, or its base name");
}

export function quarantineFilter(options: Readonly<Record<string, unknown>>): QuarantineFilter {
  const text = (name: string): string | null => {
    const value = options[name];
    return typeof value === "string" ? value : null;
  };
  return {
    source: text("source"),
    reason: text("reason"),
    file: text("file"),
    withReplayed: options["all"] === true,
  };
}
