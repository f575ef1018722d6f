import type { PlannedFile } from "../../lib/plan-types.js";
import type { PlannedRun } from "../../processing/discovery/make-plan.js";

const reasons: Readonly<Record<PlannedFile["why"], string>> = {
  new: "new",
  changed: "changed",
  released: "released: published whatever its score",
  rework: "rework",
  contract_changed: "held before; its contract changed",
  threshold_changed: "held before; its threshold changed",
  done: "done",
  twin: "same content as another file of this run",
  held: "held: waits until it, its contract or its threshold changes, or it is released",
  rolled_back: "rolled back: waits for --rework",
  settling: "still being written",
  refused: "cannot be read",
};

/** The plan for people: a line a file with what would happen and why, then what stands out. */
export function planLines(planned: PlannedRun): readonly string[] {
  const lines = planned.files.map((file) =>
    line(verb(file), file.source, file.path, `${reasons[file.why]}${detail(file)}`),
  );
  for (const path of planned.unclaimed)
    lines.push(line("unclaimed", "", path, "matched by no feed; gristmill propose prints one"));
  const work = planned.files.filter((file) => file.action === "work").length;
  lines.push(`${planned.files.length} files, ${work} to work on, ${planned.unclaimed.length} unclaimed`);
  if (planned.outdated.length > 0) {
    lines.push(
      `${planned.outdated.length} published files were judged by an earlier contract: --rework judges them again`,
    );
  }
  return lines;
}

function line(what: string, source: string, path: string, why: string): string {
  return `${what.padEnd(9)} ${source.padEnd(9)} ${printable(path)}  (${why})`;
}

function verb(file: PlannedFile): string {
  return file.action === "refused" ? "hold" : file.action;
}

function detail(file: PlannedFile): string {
  if (file.fault !== null) return `: ${file.fault.message}`;
  return file.twin_of === null ? "" : `, as ${printable(file.twin_of)}`;
}

/** File names are data: control signs are shown, not obeyed. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
