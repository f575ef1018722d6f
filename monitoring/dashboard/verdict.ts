import type { RunFile } from "../../lib/run-types.js";
import { count, plural } from "../format.js";
import { balances, sumFiles, withStatus } from "../inputs/sums.js";

/** ok: trust it · quiet: nothing new · look: trust it, but read on · held: some files wait · bad: our fault, or it does not add up. */
export type VerdictLevel = "ok" | "quiet" | "look" | "held" | "bad";

export interface Verdict {
  readonly level: VerdictLevel;
  readonly headline: string;
  readonly details: readonly string[];
}

/** The verdict of a run in words, from the statuses of its files, its findings and its balance. */
export function verdictOf(run: RunFile): Verdict {
  const failed = withStatus(run, "error").length;
  const held = withStatus(run, "held").length;
  const published = withStatus(run, "published").length;
  const unbalanced = run.files.filter((file) => !balances(file)).length;
  const findings = run.findings.filter(({ severity }) => severity !== "info").length;
  const details = detailsOf(run, { failed, held, published });
  if (unbalanced > 0)
    return {
      level: "bad",
      headline: `Do not trust this run: ${plural(unbalanced, "file does", "files do")} not add up.`,
      details,
    };
  if (failed > 0)
    return {
      level: "bad",
      headline: `${plural(failed, "file")} could not be processed${held > 0 ? ` and ${count(held)} ${held === 1 ? "is" : "are"} held back` : ""}.`,
      details,
    };
  if (run.disagreements > 0)
    return {
      level: "bad",
      headline: `The two judges disagree on ${plural(run.disagreements, "record")}.`,
      details,
    };
  if (held > 0)
    return {
      level: "held",
      headline: `${plural(held, "file is", "files are")} held back. What is published can be trusted.`,
      details,
    };
  const look = findings + run.unclaimed.length;
  if (look > 0)
    return {
      level: "look",
      headline: `The data can be trusted, with ${plural(look, "thing")} to look at.`,
      details,
    };
  if (published === 0)
    return { level: "quiet", headline: "Nothing new came in. The tables stand as they were.", details };
  return { level: "ok", headline: "The data can be trusted.", details };
}

function detailsOf(
  run: RunFile,
  files: { readonly failed: number; readonly held: number; readonly published: number },
): readonly string[] {
  const sums = sumFiles(withStatus(run, "published"));
  const details: string[] = [];
  if (files.published > 0) {
    const bad = sums.quarantined === 0 ? "no record" : plural(sums.quarantined, "record");
    details.push(
      `${plural(files.published, "file is", "files are")} published with ${plural(sums.accepted, "record")}; ${bad} went to quarantine.`,
    );
  } else {
    details.push("No table changed in this run.");
  }
  if (files.held > 0)
    details.push("A held file is below its threshold or cannot be read; no record of it is in the tables.");
  if (files.failed > 0)
    details.push(
      "A file that could not be processed is not published; the fault is in the pipeline, not in the file. See the log of the run.",
    );
  if (run.unclaimed.length > 0)
    details.push(`${plural(run.unclaimed.length, "file belongs", "files belong")} to no feed.`);
  const waiting = withStatus(run, "waiting").length;
  if (waiting > 0)
    details.push(
      `${plural(waiting, "file is", "files are")} still being written; the next run takes them up.`,
    );
  return details;
}
