import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { coresAtHand, memoryAtHandMb } from "../../lib/machine.js";

let cgroup: string;
beforeEach(() => {
  cgroup = mkdtempSync(join(tmpdir(), "gristmill-cgroup-"));
});
afterEach(() => rmSync(cgroup, { recursive: true }));

test.each([
  ["max 100000", availableParallelism()],
  ["100000 100000", 1],
  ["150000 100000", 1],
  ["50000 100000", 1],
])("the quota %s gives %d cores", (quota, cores) => {
  writeFileSync(join(cgroup, "cpu.max"), `${quota}\n`);
  expect(coresAtHand(cgroup)).toBe(cores);
});

test("the cgroup's memory counts where it is less than the machine's", () => {
  writeFileSync(join(cgroup, "memory.max"), "104857600\n");
  expect(memoryAtHandMb(cgroup)).toBe(100);
  writeFileSync(join(cgroup, "memory.max"), "max\n");
  expect(memoryAtHandMb(cgroup)).toBeGreaterThan(100);
});

test("without a cgroup there is no limit", () => {
  expect(coresAtHand(join(cgroup, "none"))).toBe(availableParallelism());
});
