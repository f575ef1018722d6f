import type { Result } from "./race.js";
import type { Workshop } from "./workshop.js";

/** One piece of work that is measured. */
export interface Work {
  readonly id: string;
  readonly title: string;
  run(bench: Bench): Promise<WorkReport>;
}

export interface Bench {
  readonly workshop: Workshop;
  readonly rounds: number;
  /** Leave out the peers that take minutes. */
  readonly fast: boolean;
  /** 1 for the whole, less for a quick look. */
  readonly scale: number;
  /** Also what takes hours and tens of gigabytes. */
  readonly large: boolean;
  print(line: string): void;
  /** Reports of the works before this one, by id. */
  readonly before: ReadonlyMap<string, WorkReport>;
}

export interface WorkReport {
  readonly id: string;
  readonly title: string;
  /** Records (or lines, files) that each contender went through. */
  readonly rows: number;
  readonly unit: string;
  readonly results: readonly Result[];
  readonly bars: readonly Bar[];
}

/** What is to be reached, and what was. */
export interface Bar {
  readonly what: string;
  /** null when it could not be measured. */
  readonly found: number | null;
  readonly limit: number;
  readonly sense: "at most" | "at least";
  readonly unit: string;
}

export function holds(bar: Bar): boolean {
  if (bar.found === null) return false;
  return bar.sense === "at most" ? bar.found <= bar.limit : bar.found >= bar.limit;
}

export function quotient(a: number | null | undefined, b: number | null | undefined): number | null {
  return a == null || b == null || b === 0 ? null : a / b;
}
