import type { Invocation } from "./measure.js";

/** Something that takes part in a race. */
export interface Contender {
  readonly name: string;
  /** Rounds after the warm-up; null = as many as the race has. A slow one has 1 and no warm-up. */
  readonly rounds: 1 | null;
  /** Exit code of a right answer, 0 by default. */
  readonly exitCode?: number;
  /** Why it cannot take part here (not installed …), or null. */
  missing(): string | null;
  /** Before each timed run: empty folders, what must stand before the clock runs. */
  prepare(): Promise<void>;
  /** What is timed. */
  invocation(): Invocation;
  /** After each timed run: null when its answer is right, else what is wrong with it. */
  verdict(): Promise<string | null>;
}
