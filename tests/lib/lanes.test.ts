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

test("an item waits for what it needs, whichever lane makes that", async () => {
  const needs: Readonly<Record<string, readonly string[]>> = { joined: ["users", "logs"], sums: ["joined"] };
  const done: string[] = [];
  await inLanes(
    ["sums", "joined", "users", "logs", "sales"],
    [1, 2],
    async (item) => {
      await new Promise((resolve) => setImmediate(resolve));
      done.push(item);
    },
    (item, made) => (needs[item] ?? []).every((need) => made.has(need)),
  );
  expect(done.indexOf("joined")).toBeGreaterThan(Math.max(done.indexOf("users"), done.indexOf("logs")));
  expect(done.indexOf("sums")).toBeGreaterThan(done.indexOf("joined"));
  expect([...done].sort()).toEqual(["joined", "logs", "sales", "sums", "users"]);
});

test("items that wait for each other are a fault, not a wait without end", async () => {
  await expect(
    inLanes(
      ["a"],
      [1, 2],
      async () => undefined,
      () => false,
    ),
  ).rejects.toThrow("waits for itself");
});
