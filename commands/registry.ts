import type { CommandSpec } from "./command.js";

interface RegistryEntry {
  readonly name: string;
  readonly summary: string;
  /** Loaded only when called, so that a process pays for one command alone. */
  load(): Promise<{ readonly command: CommandSpec }>;
}

/** Every subcommand, in the order in which --help shows them. */
export const registry: readonly RegistryEntry[] = [
  {
    name: "doctor",
    summary: "say what stands in the way of the next run",
    load: () => import("./doctor.js"),
  },
  {
    name: "generate",
    summary: "write a shop's raw files, seeded, with faults and their ground truth",
    load: () => import("./generate.js"),
  },
  {
    name: "discover",
    summary: "stage: find what there is to work on; --plan prints it and changes nothing",
    load: () => import("./discover.js"),
  },
  {
    name: "job",
    summary: "what the master does with jobs: ls, split, fail",
    load: () => import("./job.js"),
  },
  {
    name: "check",
    summary: "stage: gate every file, check the data as a whole, write the reports",
    load: () => import("./check.js"),
  },
  {
    name: "work",
    summary: "stage: judge every record of one job's files",
    load: () => import("./work.js"),
  },
  {
    name: "dashboard",
    summary: "stage: draw the page that people look at in the morning",
    load: () => import("./dashboard.js"),
  },
  {
    name: "alert",
    summary: "stage: tell people what is wrong, once",
    load: () => import("./alert.js"),
  },
  {
    name: "archive",
    summary: "stage: keep what the run read and said, and drop what is too old",
    load: () => import("./archive.js"),
  },
  {
    name: "quiet",
    summary: "check, dashboard, alert and finish of a run without news, in one process",
    load: () => import("./quiet.js"),
  },
  {
    name: "finish",
    summary: "end a run: its file, its summary, its staging folder",
    load: () => import("./finish.js"),
  },
  {
    name: "transform",
    summary: "write what a run changes in the tables beside them (a stage)",
    load: () => import("./transform.js"),
  },
  {
    name: "publish",
    summary: "stage: commit what a run changes, all of it or nothing",
    load: () => import("./publish.js"),
  },
  {
    name: "recover",
    summary: "finish what a killed run had decided to publish, and sweep what it left",
    load: () => import("./recover.js"),
  },
  {
    name: "quarantine",
    summary: "what was held back and why: ls, show, export",
    load: () => import("./quarantine.js"),
  },
  {
    name: "replay",
    summary: "judge quarantined records again and publish those that pass now",
    load: () => import("./replay.js"),
  },
  {
    name: "propose",
    summary: "read an unknown file and propose feed, schema and rules for it",
    load: () => import("./propose.js"),
  },
  {
    name: "init",
    summary: "make a data project with a configuration of its own from one's files",
    load: () => import("./init.js"),
  },
  {
    name: "release",
    summary: "publish a held file at the next run, whatever its score",
    load: () => import("./release.js"),
  },
  {
    name: "restore",
    summary: "put an archive's raw files and reports back",
    load: () => import("./restore.js"),
  },
  {
    name: "tables",
    summary: "list the tables; show NAME looks into one, --version N as it was",
    load: () => import("./tables.js"),
  },
  {
    name: "runs",
    summary: "list the runs; show RUN says where the time went",
    load: () => import("./runs.js"),
  },
  {
    name: "rollback",
    summary: "undo a run and all after it, as new versions",
    load: () => import("./rollback.js"),
  },
];
