import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../../lib/config.js";
import { extractRecords } from "../../../processing/extract-records.js";
import { plannedFile } from "../../planned-file.js";

test("records come back as they stood, with their physical line, also behind malformed ones", async () => {
  const config = loadConfig({ configDir: null, environment: {} });
  const location = join(mkdtempSync(join(tmpdir(), "gristmill-extract-")), "s.csv");
  writeFileSync(
    location,
    [
      "order_id,product_id,quantity,unit_price,sold_at",
      "o1,p1,1,2.50,2026-01-01 10:00:00",
      "too,few",
      'o3,"p\n3",1,2.50,2026-01-01 10:00:00',
      "o4,p4,1,2.50,2026-01-01 10:00:00",
    ].join("\n"),
  );
  const { mtimeMs, ino, size } = statSync(location);
  const feed = config.feeds["sales"];
  if (feed === undefined) throw new Error("the default configuration has a feed sales");
  const file = plannedFile("s.csv", { location, mtime_ms: mtimeMs, inode: ino, size });
  const job = {
    job: "j1",
    run: "r",
    source: "sales",
    feed,
    files: [file],
    process: 1,
    threads: 1,
    memory_mb: 200,
    weight: 1,
  };
  const found = await extractRecords(config, job, "s.csv", [4, 3]);
  expect(found.map(({ record, line, raw }) => [record, line, Buffer.from(raw).toString()])).toEqual([
    [3, 4, 'o3,"p\n3",1,2.50,2026-01-01 10:00:00'],
    [4, 6, "o4,p4,1,2.50,2026-01-01 10:00:00"],
  ]);
});
