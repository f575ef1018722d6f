import type { Engine } from "./engine.js";

/** Give `work` an engine and further sessions of it, `count` in all; the further ones are closed at its end. */
export async function withSessions<Result>(
  engine: Engine,
  count: number,
  work: (sessions: readonly Engine[]) => Promise<Result>,
): Promise<Result> {
  const further: Engine[] = [];
  try {
    while (further.length < count - 1) further.push(await engine.session());
    return await work([engine, ...further]);
  } finally {
    for (const session of further) session.close();
  }
}
