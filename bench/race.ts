import type { Contender } from "./contender.js";
import { type Measure, measure } from "./measure.js";

/** One contender's result: medians over its rounds, or why there are none. */
export interface Result {
  readonly name: string;
  readonly seconds: number | null;
  readonly cpuSeconds: number | null;
  readonly peakRssMb: number | null;
  readonly rounds: readonly { seconds: number; cpuSeconds: number; peakRssMb: number }[];
  /** A wrong answer is no time; neither is a missing tool. */
  readonly failure: string | null;
}

export interface RaceOptions {
  readonly rounds: number;
  /** Leave out who takes minutes. */
  readonly fast: boolean;
  readonly print: (line: string) => void;
}

/** Run all contenders in turn (A B A B), a warm-up round first; whoever answers wrongly or fails drops out. */
export async function race(
  contenders: readonly Contender[],
  options: RaceOptions,
): Promise<readonly Result[]> {
  const measures = new Map<string, Measure[]>(contenders.map((c) => [c.name, []]));
  const failures = new Map<string, string>();
  for (const contender of contenders) {
    const missing = options.fast && contender.rounds === 1 ? "left out (--fast)" : contender.missing();
    if (missing !== null) failures.set(contender.name, missing);
  }
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const contender of contenders) {
      if (failures.has(contender.name) || (contender.rounds === 1 && round !== 1)) continue;
      await contender.prepare();
      const measured = await measure(contender.invocation());
      const wrong =
        measured.exitCode === (contender.exitCode ?? 0)
          ? await contender.verdict()
          : `exit ${measured.exitCode}: ${measured.stderr.trim().split("\n").at(-1) ?? ""}`;
      if (wrong !== null) failures.set(contender.name, wrong);
      else if (round > 0) measures.get(contender.name)?.push(measured);
      options.print(
        `  ${round === 0 ? "warm-up" : `round ${round}`} ${contender.name}: ${wrong ?? `${measured.seconds.toFixed(2)} s, ${measured.cpuSeconds.toFixed(2)} CPU s, ${measured.peakRssMb.toFixed(0)} MB`}`,
      );
    }
  }
  return contenders.map((contender) =>
    resultOf(contender.name, measures.get(contender.name) ?? [], failures.get(contender.name) ?? null),
  );
}

function resultOf(name: string, measures: readonly Measure[], failure: string | null): Result {
  const right = failure === null && measures.length > 0;
  return {
    name,
    seconds: right ? median(measures.map((m) => m.seconds)) : null,
    cpuSeconds: right ? median(measures.map((m) => m.cpuSeconds)) : null,
    peakRssMb: right ? Math.max(...measures.map((m) => m.peakRssMb)) : null,
    rounds: measures.map(({ seconds, cpuSeconds, peakRssMb }) => ({ seconds, cpuSeconds, peakRssMb })),
    failure,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
