import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createPipes } from "../../../processing/judging/pipes.js";

test("each pipe is given once, more are made when all are gone, and the unused are removed", () => {
  const folder = mkdtempSync(join(tmpdir(), "pipes-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pipes = createPipes(folder);
  expect(readdirSync(folder)).toEqual([]);
  const given = Array.from({ length: 5 }, () => pipes.next());
  expect(new Set(given).size).toBe(5);
  for (const pipe of given) expect(statSync(pipe)).toMatchObject({ mode: 0o010600 });
  pipes.close();
  expect(
    readdirSync(folder)
      .map((name) => join(folder, name))
      .sort(),
  ).toEqual(given.sort());
});
