/**
 * Work on items with one of several resources each, as many at a time as there are resources: the first that is ready.
 * When one fails no further item is begun, and the first fault is thrown once all have come to an end.
 */
export async function inLanes<Item, Lane>(
  items: readonly Item[],
  lanes: readonly Lane[],
  work: (item: Item, lane: Lane) => Promise<void>,
  isReady: (item: Item, done: ReadonlySet<Item>) => boolean = () => true,
): Promise<void> {
  const waiting = [...items];
  const done = new Set<Item>();
  const faults: unknown[] = [];
  const idle: (() => void)[] = [];
  let busy = 0;
  const follow = async (lane: Lane): Promise<void> => {
    while (waiting.length > 0 && faults.length === 0) {
      const at = waiting.findIndex((item) => isReady(item, done));
      const [item] = at < 0 ? [] : waiting.splice(at, 1);
      if (item === undefined) {
        if (busy === 0) throw new Error("what is left to do waits for itself");
        await new Promise<void>((wake) => idle.push(wake));
        continue;
      }
      busy += 1;
      await work(item, lane).then(
        () => done.add(item),
        (fault: unknown) => faults.push(fault),
      );
      busy -= 1;
      for (const wake of idle.splice(0)) wake();
    }
  };
  await Promise.all(lanes.map(follow));
  if (faults.length > 0) throw faults[0];
}
