import type { RunFileEntry } from "../../lib/run-types.js";
import { withStatus } from "../inputs/sums.js";
import { remedyOf, wholeFileFault } from "../inputs/whole-file-fault.js";
import { shellQuoted } from "../shell-quoted.js";
import { shown } from "../shown-text.js";
import type { DashboardInput } from "./input.js";

export interface NextStep {
  readonly what: string;
  readonly command: string;
}

/** What a person does now, the commands ready to copy; nothing where nothing is wrong. */
export function nextSteps(input: DashboardInput): readonly NextStep[] {
  const { run } = input;
  const steps: NextStep[] = [];
  if (withStatus(run, "error").length > 0)
    steps.push({
      what: "See the fault in the log, then run again; nothing is half published.",
      command: `bash orchestration/pipeline_master.sh${input.flags}`,
    });
  const held = withStatus(run, "held");
  if (held.length > 0) {
    steps.push(...gatedSteps(held, input), ...wholeFileSteps(held, input));
  } else if (run.files.some(({ quarantined }) => quarantined > 0)) {
    steps.push({
      what: "See which records were refused and why.",
      command: `npx gristmill quarantine ls${input.flags}`,
    });
  }
  const [unclaimed] = run.unclaimed;
  if (unclaimed !== undefined)
    steps.push({
      what: "Have a feed proposed for a file that none claims.",
      command: `npx gristmill propose ${shellQuoted(shown(unclaimed))}${input.flags}`,
    });
  return steps;
}

/** For the first file whose records were judged and are too bad; a release needs a good record. */
function gatedSteps(held: readonly RunFileEntry[], input: DashboardInput): readonly NextStep[] {
  const gated = held.filter((file) => wholeFileFault(input.reports.get(file.path)) === null);
  const file = gated.find((one) => one.held > 0) ?? gated[0];
  if (file === undefined) return [];
  const path = shellQuoted(shown(file.path));
  const steps = [
    {
      what: "See which records were refused and why.",
      command: `npx gristmill quarantine show --file ${path}${input.flags}`,
    },
    {
      what: "Send them back to whom they came from, as files.",
      command: `npx gristmill quarantine export --file ${path} --out refused${input.flags}`,
    },
  ];
  if (file.held === 0) return steps;
  return [
    ...steps,
    {
      what: "Or publish the file's good records all the same.",
      command: `npx gristmill release ${path}${input.flags}`,
    },
  ];
}

/** For the first file of each fault that leaves no record to publish: there, only another file or feed helps. */
function wholeFileSteps(held: readonly RunFileEntry[], input: DashboardInput): readonly NextStep[] {
  return (["missing_column", "unreadable_file"] as const).flatMap((fault) => {
    const file = held.find((one) => wholeFileFault(input.reports.get(one.path)) === fault);
    if (file === undefined) return [];
    const path = shown(file.path);
    const what = fault === "missing_column" ? "lacks a required column" : "cannot be read";
    return [
      {
        what: `${path} ${what}: ${remedyOf(fault, shown(file.feed))}.`,
        command: `npx gristmill quarantine show --file ${shellQuoted(path)}${input.flags}`,
      },
    ];
  });
}
