import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { JsonSchema } from "../../lib/config-types.js";
import { testData } from "../test-data.js";
import { work } from "./work-harness.js";

const text = { type: "string" };
const time = { type: "string", format: "date-time" };
const webLogs: JsonSchema = {
  type: "object",
  properties: {
    time,
    ip_address: text,
    method: text,
    path: text,
    protocol: text,
    status: { type: "integer" },
    bytes: { type: "integer" },
    referrer: text,
    user_agent: text,
    user_id: text,
    action: text,
    product_id: text,
  },
  required: ["time", "ip_address"],
};
const base = { schema: webLogs, worker: "web_logs", eventTime: "time" };

test("the combined log's kinds of lines", async () => {
  const lines = [
    '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /a?b=1 HTTP/1.1" 200 123 "http://x/" "Mozilla/5.0 (X11; U)"',
    '1.2.3.4 - frank [17/May/2015:10:05:03 +0530] "POST /b HTTP/1.1" 404 - "-" "-"',
    '1.2.3.4 - - [17/May/2015:10:05:03 -0100] "GET /c HTTP/1.1" 200 5',
    '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /d HTTP/1.1" 200 5 "-" "say \\"hi\\" there"',
    '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "-" 408 - "-" "-"',
    "not a log line",
    '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /e HTTP/1.1" 200 5 "-" "cut',
    '1.2.3.4 - - [17/Mai/2015:10:05:03 +0000] "GET /f HTTP/1.1" 200 5 "-" "-"',
    "",
    '1.2.3.4 - - [32/May/2015:10:05:03 +0000] "GET /g HTTP/1.1" 200 5 "-" "-"',
    '5.6.7.8 - - [17/May/2015:10:05:04 +0000] "GET /h HTTP/1.1" 200 5 "-" "last"',
  ];
  const { file, accepted, verdicts, quarantined } = await work({
    ...base,
    files: { "a.log": lines.join("\n") },
    feed: { options: { pattern: ["combined"] } },
  });
  expect(file).toMatchObject({
    outcome: "judged",
    message: null,
    lines: 11,
    blank_lines: 1,
    records: 10,
    stray_quotes: 0,
  });
  expect(verdicts).toEqual([
    "3:3 malformed_row pattern",
    "6:6 malformed_row pattern",
    "7:7 malformed_row pattern",
    "8:8 wrong_type time type",
    "9:10 wrong_type time type",
  ]);
  expect(quarantined.map((row) => row["raw"])).toEqual([lines[2], lines[5], lines[6], lines[7], lines[9]]);
  const shown = accepted.map((row) => [
    row["time"],
    row["user_id"],
    row["method"],
    row["path"],
    row["status"],
    row["bytes"],
    row["user_agent"],
  ]);
  expect(shown).toEqual([
    ["2015-05-17 04:35:03+00", "frank", "POST", "/b", 404n, null, null],
    ["2015-05-17 10:05:03+00", null, "GET", "/a?b=1", 200n, 123n, "Mozilla/5.0 (X11; U)"],
    ["2015-05-17 10:05:03+00", null, "GET", "/d", 200n, 5n, 'say \\"hi\\" there'],
    ["2015-05-17 10:05:03+00", null, null, null, 408n, null, null],
    ["2015-05-17 10:05:04+00", null, "GET", "/h", 200n, 5n, "last"],
  ]);
  expect(file.oracle).toMatchObject({ judged: 7, disagreements: 0, examples: [] });
});

test("the application log", async () => {
  const lines = [
    "2025-12-19 17:00:00 INFO user:lan@service.vn ip:1.2.3.4 action:view_product:p_007 status:success",
    "2025-12-19 17:00:01 WARN user:x ip:1.2.3.4 action:login status:500",
    "garbage",
  ];
  const { file, accepted, verdicts } = await work({ ...base, files: { "a.log": lines.join("\r\n") } });
  expect(verdicts).toEqual(["3:3 malformed_row pattern"]);
  expect(
    accepted.map((row) => [
      row["user_id"],
      row["ip_address"],
      row["action"],
      row["product_id"],
      row["status"],
      row["_rescued"],
    ]),
  ).toEqual([
    ["lan@service.vn", "1.2.3.4", "view_product", "p_007", null, '{"level":"INFO","status":"success"}'],
    ["x", "1.2.3.4", "login", null, 500n, '{"level":"WARN"}'],
  ]);
  expect(file.event_time_max).toBe("2025-12-19T17:00:01.000Z");
  expect(file.oracle.disagreements).toBe(0);
});

test("a log that mixes both kinds of lines", async () => {
  const combined = '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 5 "-" "x"';
  const app = "2025-12-19 17:00:00 INFO user:u ip:1.2.3.4 action:view_product:p_007 status:success";
  const { accepted, file } = await work({
    ...base,
    files: { "a.log": [combined, "", app, combined, "rest"].join("\n") },
  });
  expect(file).toMatchObject({ outcome: "judged", records: 4, accepted: 3, quarantined: 1, lines: 5 });
  expect(accepted.map((row) => [row["time"], row["path"], row["action"]])).toEqual([
    ["2015-05-17 10:05:03+00", "/a", null],
    ["2015-05-17 10:05:03+00", "/a", null],
    ["2025-12-19 17:00:00+00", null, "view_product"],
  ]);
  expect(file.oracle.disagreements).toBe(0);
});

test("a pattern of one's own", async () => {
  const { accepted, file } = await work({
    ...base,
    files: { "a.log": '2025-01-02T03:04:05Z|1.1.1.1|a,"b"\nx\n' },
    feed: { options: { pattern: ["^(?<time>[^|]+)\\|(?<ip_address>[^|]+)\\|(?<path>.*)$"] } },
  });
  expect(accepted[0]).toMatchObject({ path: 'a,"b"', ip_address: "1.1.1.1" });
  expect(file).toMatchObject({ accepted: 1, quarantined: 1 });
});

const apache = testData("apache_logs.gz");
test.skipIf(apache === null)("10,000 real lines: 9,999 accepted, 1 malformed", async () => {
  const { file, quarantined } = await work({
    ...base,
    files: { "apache.log.gz": readFileSync(apache as string) },
    feed: { options: { pattern: ["combined"] } },
  });
  expect(file).toMatchObject({
    outcome: "judged",
    message: null,
    lines: 10_000,
    records: 10_000,
    accepted: 9_999,
    quarantined: 1,
  });
  expect(file.oracle.disagreements).toBe(0);
  expect(quarantined[0]).toMatchObject({ line: 8899n });
});
