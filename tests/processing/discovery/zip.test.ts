import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configOf, entryFor, outcomes, type RawFolder, rawFolder } from "./raw-folder.js";
import { zipFile } from "./zip-file.js";

let raw: RawFolder;
beforeEach(() => {
  raw = rawFolder();
});
afterEach(() => raw.remove());

const log = '[{"request_id":"1"}]';

test("members are files of their own, unpacked under generated names and hashed by their content", async () => {
  raw.put(
    "api_logs.zip",
    zipFile([
      { name: "deep/er/a.json.gz", content: log },
      { name: "b.json.gz", content: "[]" },
    ]),
  );
  const { files } = await raw.plan();
  expect(files.map((file) => [file.path, file.file, file.action])).toEqual([
    ["api_logs.zip/deep/er/a.json.gz", "a.json.gz", "work"],
    ["api_logs.zip/b.json.gz", "b.json.gz", "work"],
  ]);
  expect(files[0]?.sha256).toBe(createHash("sha256").update(log).digest("hex"));
  expect(readFileSync(files[0]?.location ?? "", "utf8")).toBe(log);
  expect(files[0]?.location).toMatch(/\/input\/z[0-9a-f]{16}\/m00000$/);
});

test("a zip that was done is not unpacked again; a new member in it is", async () => {
  const a = { name: "a.json.gz", content: log };
  raw.put("api_logs.zip", zipFile([a]));
  const first = await raw.plan();
  const ledger = first.files.map((file) => entryFor(file));
  rmSync(raw.paths.staging, { recursive: true });
  expect(outcomes(await raw.plan({ ledger }))).toEqual({ "api_logs.zip/a.json.gz": "skip done" });
  expect(existsSync(raw.paths.staging)).toBe(false);

  raw.put("api_logs.zip", zipFile([a, { name: "b.json.gz", content: "[]" }]));
  expect(outcomes(await raw.plan({ ledger }))).toEqual({
    "api_logs.zip/a.json.gz": "skip done",
    "api_logs.zip/b.json.gz": "work new",
  });
});

test("members that only the cache knew are unpacked when there is work", async () => {
  raw.put("api_logs.zip", zipFile([{ name: "a.json.gz", content: log }]));
  await raw.plan();
  rmSync(raw.paths.staging, { recursive: true });
  const { files } = await raw.plan();
  expect(readFileSync(files[0]?.location ?? "", "utf8")).toBe(log);
});

describe("a hostile member is refused alone, the rest goes on", () => {
  const good = { name: "good.json.gz", content: log };
  test.each([
    ["climbs", { name: "../../evil.json.gz", content: log }, /climbs/],
    ["is absolute", { name: "/etc/evil.json.gz", content: log }, /absolute/],
    ["is a link", { name: "link.json.gz", content: "/etc/passwd", mode: 0o120777 }, /is a link/],
    ["inflates too far", { name: "bomb.json.gz", content: Buffer.alloc(3_000_000) }, /200 times/],
    ["is not what the directory says", { name: "bad.json.gz", content: log, checksum: 1 }, /checksum/],
  ])("%s", async (_what, evil, message) => {
    raw.put("api_logs.zip", zipFile([evil, good]));
    const { files } = await raw.plan();
    expect(outcomes({ files })).toEqual({
      [`api_logs.zip/${evil.name}`]: "refused refused",
      "api_logs.zip/good.json.gz": "work new",
    });
    expect(files[0]?.fault?.code).toBe("unreadable_file");
    expect(files[0]?.fault?.message).toMatch(message);
  });

  test("inflates to more than max_inflated_mb", async () => {
    const content = Buffer.alloc(2_000_000, "stored, so that no ratio speaks first");
    raw.put("api_logs.zip", zipFile([{ name: "big.json.gz", content, stored: true }, good]));
    const { files } = await raw.plan({ config: configOf({ GRISTMILL_MAX_INFLATED_MB: "1" }) });
    expect(files.map((file) => file.action)).toEqual(["refused", "work"]);
    expect(files[0]?.fault?.message).toMatch(/more than 1 MB/);
    expect(Buffer.from(files[0]?.fault?.raw_base64 ?? "", "base64")).toEqual(content.subarray(0, 4_096));
  });
});

test("max_inflate_ratio says how far a member may inflate", async () => {
  raw.put("api_logs.zip", zipFile([{ name: "big.json.gz", content: Buffer.alloc(3_000_000) }]));
  const action = async (ratio: string) =>
    (await raw.plan({ config: configOf({ GRISTMILL_MAX_INFLATE_RATIO: ratio }) })).files[0]?.action;
  expect([await action("20"), await action("5000")]).toEqual(["refused", "work"]);
});

describe("a zip is refused as a whole", () => {
  test("when it is none, with its first bytes", async () => {
    raw.put("api_logs.zip", "this is no zip".repeat(1_000));
    const { files } = await raw.plan();
    expect(outcomes({ files })).toEqual({ "api_logs.zip": "refused refused" });
    expect(Buffer.from(files[0]?.fault?.raw_base64 ?? "", "base64").length).toBe(4_096);
  });

  test("when it is empty or cut short", async () => {
    raw.put("api_logs.zip", "");
    expect(outcomes(await raw.plan())).toEqual({ "api_logs.zip": "refused refused" });
    raw.put("api_logs.zip", zipFile([{ name: "a.json.gz", content: log }]).subarray(0, 60));
    expect(outcomes(await raw.plan())).toEqual({ "api_logs.zip": "refused refused" });
  });

  test("when it holds more than max_files members", async () => {
    raw.put("api_logs.zip", zipFile(["a", "b", "c"].map((n) => ({ name: `${n}.json.gz`, content: n }))));
    const { files } = await raw.plan({ config: configOf({ GRISTMILL_MAX_FILES: "2" }) });
    expect(files[0]?.fault?.message).toBe("holds 3 members, max_files allows 2");
  });

  test("and held as before while nothing changes", async () => {
    raw.put("api_logs.zip", "no zip");
    const first = await raw.plan();
    const ledger = first.files.map((file) => entryFor(file, { status: "held" }));
    const again = await raw.plan({ ledger });
    expect(outcomes(again)).toEqual({ "api_logs.zip": "held held" });
    expect(again.news).toBe(false);
  });
});

test("members that the feed does not name are unclaimed, what packers add is nothing", async () => {
  raw.put(
    "api_logs.zip",
    zipFile([
      { name: "a.json.gz", content: log },
      { name: "readme.txt", content: "x" },
      { name: "__MACOSX/._a.json.gz", content: "x" },
    ]),
  );
  const planned = await raw.plan();
  expect(planned.files.length).toBe(1);
  expect(planned.unclaimed).toEqual(["api_logs.zip/readme.txt"]);
});
