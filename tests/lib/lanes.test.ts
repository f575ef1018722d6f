import { expect, test } from "vitest";
import { inLanes } from "../../lib/lanes.js";

test("items are worked on in order, one a lane at a time", async () => {
  const log: string[] = [];
  let busy = 0;
  await inLanes([1, 2, 3, 4, 5], ["a", "b"], async (item, lane) => {
    busy += 1;
    expect(busy).toBeLessThanOrEqual(2);
    log.push(`${item}`);
    await Promise.resolve(lane);
    busy -= 1;
  });
  expect(log).toEqual(["1", "2", "3", "4", "5"]);
});

test("after a fault nothing more begins, and it is thrown when what had begun is done", async () => {
  const begun: number[] = [];
  let done = 0;
  const all = inLanes([1, 2, 3, 4], ["a", "b"], async (item) => {
    begun.push(item);
    if (item === 1) throw new Error("first");
    await new Promise((resolve) => setImmediate(resolve));
    done += 1;
  });
  await expect(all).rejects.toThrow("first");
  expect(begun).toEqual([1, 2]);
  expect(done).toBe(1);
});
