/** The stages of a run, in their order. Each is one subcommand; work is one process a job. */
export const stages = [
  "discover",
  "work",
  "check",
  "transform",
  "publish",
  "dashboard",
  "alert",
  "archive",
] as const;

export type Stage = (typeof stages)[number];

export function isStage(name: string | undefined): name is Stage {
  return (stages as readonly (string | undefined)[]).includes(name);
}
