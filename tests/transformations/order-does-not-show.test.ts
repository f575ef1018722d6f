import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { type ShopFile, shopFiles } from "./shop-files.js";
import { derived, type SmallLake, smallLake } from "./small-lake.js";

const open: SmallLake[] = [];
afterEach(() => {
  for (const lake of open.splice(0)) lake.close();
});

async function lakeOf(): Promise<SmallLake> {
  const lake = await smallLake();
  open.push(lake);
  return lake;
}

/** The final files: of each path the last version. */
function lastVersions(runs: readonly (readonly ShopFile[])[]): readonly ShopFile[] {
  return [...new Map(runs.flat().map((file) => [file.path, file])).values()];
}

test("files in any order, replaced, repeated and overlapping, over many runs: the same tables as in one run", async () => {
  await fc.assert(
    fc.asyncProperty(shopFiles, async (runs) => {
      const many = await lakeOf();
      for (const files of runs) await many.run(files);
      const once = await lakeOf();
      await once.run(lastVersions(runs));
      expect(await many.hashes()).toEqual(await once.hashes());
      const before = derived(await many.hashes());
      await many.run([], { rebuild: true });
      expect(derived(await many.hashes())).toEqual(before);
      many.close();
      once.close();
      open.splice(0);
    }),
    { numRuns: 2 },
  );
}, 120_000);
