import { expect, test } from "vitest";
import { verdictOf } from "../../../monitoring/dashboard/verdict.js";
import { entry, finding, runFile } from "../fixtures.js";

const cases = [
  ["all published", runFile(1, [entry("a.csv")]), "ok", "The data can be trusted."],
  [
    "nothing new",
    runFile(1, [entry("a.csv", { status: "skipped", accepted: 0, quarantined: 0 })]),
    "quiet",
    "Nothing new came in. The tables stand as they were.",
  ],
  ["no file at all", runFile(1, []), "quiet", "Nothing new came in. The tables stand as they were."],
  [
    "a warning and an unclaimed file",
    runFile(1, [entry("a.csv")], { findings: [finding()], unclaimed: ["x"] }),
    "look",
    "The data can be trusted, with 2 things to look at.",
  ],
  [
    "mere information",
    runFile(1, [entry("a.csv")], { findings: [finding({ severity: "info" })] }),
    "ok",
    "The data can be trusted.",
  ],
  [
    "held",
    runFile(1, [entry("a.csv", { status: "held" }), entry("b.csv")]),
    "held",
    "1 file is held back. What is published can be trusted.",
  ],
  [
    "error beats held",
    runFile(1, [entry("a.csv", { status: "held" }), entry("b.csv", { status: "error" })]),
    "bad",
    "1 file could not be processed and 1 is held back.",
  ],
  [
    "disagreement",
    runFile(1, [entry("a.csv")], { disagreements: 2 }),
    "bad",
    "The two judges disagree on 2 records.",
  ],
  [
    "balance beats all",
    runFile(1, [entry("a.csv", { records: 5 }), entry("b.csv", { status: "error" })]),
    "bad",
    "Do not trust this run: 1 file does not add up.",
  ],
] as const;

test.each(cases)("%s", (_name, run, level, headline) => {
  expect(verdictOf(run)).toMatchObject({ level, headline });
});
