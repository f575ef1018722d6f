/** How a stage ended. */
export interface StageOutcome {
  readonly exitCode: number;
  /** One sentence for the stage's line. */
  readonly said: string;
  /** What it did, for those who read JSON; undefined where the sentence is all. */
  readonly result?: unknown;
}
