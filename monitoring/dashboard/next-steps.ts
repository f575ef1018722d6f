import { withStatus } from "../inputs/sums.js";
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
  const [held] = withStatus(run, "held");
  const steps: NextStep[] = [];
  if (withStatus(run, "error").length > 0)
    steps.push({
      what: "See the fault in the log, then run again; nothing is half published.",
      command: `bash orchestration/pipeline_master.sh${input.flags}`,
    });
  if (held !== undefined) {
    const path = shellQuoted(shown(held.path));
    steps.push(
      {
        what: "See which records were refused and why.",
        command: `npx gristmill quarantine show --file ${path}${input.flags}`,
      },
      {
        what: "Send them back to whom they came from, as files.",
        command: `npx gristmill quarantine export --file ${path} --out refused${input.flags}`,
      },
      {
        what: "Or publish the file's good records all the same.",
        command: `npx gristmill release ${path}${input.flags}`,
      },
    );
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
