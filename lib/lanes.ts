/**
 * Work on items with one of several resources each, in their order, as many at a time as there are resources. When one
 * fails no further item is begun, and the first fault is thrown once all have come to an end.
 */
export async function inLanes<Item, Lane>(
  items: readonly Item[],
  lanes: readonly Lane[],
  work: (item: Item, lane: Lane) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const faults: unknown[] = [];
  const follow = async (lane: Lane): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined && faults.length === 0; item = waiting.shift())
      await work(item, lane).catch((fault: unknown) => faults.push(fault));
  };
  await Promise.all(lanes.map(follow));
  if (faults.length > 0) throw faults[0];
}
