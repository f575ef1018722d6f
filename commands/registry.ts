import type { CommandSpec } from "./command.js";

type Load = () => Promise<{ readonly command: CommandSpec }>;

/** Every subcommand with its summary, in the order in which --help shows them. */
export const summaries = {
  doctor: "say what stands in the way of the next run",
  generate: "write a shop's raw files, seeded, with faults and their ground truth",
  discover: "stage: find what there is to work on; --plan prints it and changes nothing",
  job: "what the master does with jobs: ls, split, fail",
  check: "stage: gate every file, check the data as a whole, write the reports",
  work: "stage: judge every record of one job's files",
  dashboard: "stage: draw the page that people look at in the morning",
  alert: "stage: tell people what is wrong, once",
  archive: "stage: keep what the run read and said, and drop what is too old",
  quiet: "check, dashboard, alert and finish of a run without news, in one process",
  finish: "end a run: its file, its summary, its staging folder",
  transform: "write what a run changes in the tables beside them (a stage)",
  publish: "stage: commit what a run changes, all of it or nothing",
  recover: "finish what a killed run had decided to publish, and sweep what it left",
  quarantine: "what was held back and why: ls, show, export",
  replay: "judge quarantined records again and publish those that pass now",
  propose: "read an unknown file and propose feed, schema and rules for it",
  init: "make a data project with a configuration of its own from one's files",
  release: "publish a held file at the next run, whatever its score",
  restore: "put an archive's raw files and reports back",
  tables: "list the tables; show NAME looks into one, --version N as it was",
  runs: "list the runs; show RUN says where the time went",
  rollback: "undo a run and all after it, as new versions",
} as const;

/** Loaded only when called, so that a process pays for one command alone. */
export const loaders: Readonly<Record<keyof typeof summaries, Load>> = {
  doctor: () => import("./doctor.js"),
  generate: () => import("./generate.js"),
  discover: () => import("./discover.js"),
  job: () => import("./job.js"),
  check: () => import("./check.js"),
  work: () => import("./work.js"),
  dashboard: () => import("./dashboard.js"),
  alert: () => import("./alert.js"),
  archive: () => import("./archive.js"),
  quiet: () => import("./quiet.js"),
  finish: () => import("./finish.js"),
  transform: () => import("./transform.js"),
  publish: () => import("./publish.js"),
  recover: () => import("./recover.js"),
  quarantine: () => import("./quarantine.js"),
  replay: () => import("./replay.js"),
  propose: () => import("./propose.js"),
  init: () => import("./init.js"),
  release: () => import("./release.js"),
  restore: () => import("./restore.js"),
  tables: () => import("./tables.js"),
  runs: () => import("./runs.js"),
  rollback: () => import("./rollback.js"),
};
