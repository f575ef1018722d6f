import { expect, test } from "vitest";
import { maskRaw } from "../../../quality/quarantine/mask.js";
import { rawLayout } from "../../../quality/quarantine/raw-layout.js";

const personal = new Set(["email", "E-Mail", "ip_address"]);

test("personal fields of a CSV record are hidden by their place in the header, however it is delimited", () => {
  const raws = ['1;"a;b";x@y.z;;9', "2;c;p@q.r;d;8"];
  const layout = rawLayout("u.csv", undefined, ["id", "note", "E-Mail", "email", "n"], raws);
  expect(layout.delimiter).toBe(";");
  expect(raws.map((raw) => maskRaw(raw, layout, personal))).toEqual([
    '1;"a;b";***;;9',
    "2;c;***;d;8".replace(";d;", ";***;"),
  ]);
});

test("a record that cannot be taken apart is hidden whole", () => {
  const layout = rawLayout("u.csv", undefined, ["id", "email"], ["1,x@y.z"]);
  expect(maskRaw("1,x@y.z,more", layout, personal)).toBe("***");
  const json = rawLayout("u.json", undefined, [], ['{"email":"x@y.z"}']);
  expect(maskRaw('{"email":"x@y.z"', json, personal)).toBe("***");
});

test("JSON is masked at any depth, and a source without personal columns is shown as it is", () => {
  const raw = '{"id":1,"email":"x@y.z","inner":{"ip_address":"1.2.3.4"},"n":null}';
  const layout = rawLayout("u.json", undefined, [], [raw]);
  expect(maskRaw(raw, layout, personal)).toBe('{"id":1,"email":"***","inner":{"ip_address":"***"},"n":null}');
  expect(maskRaw(raw, layout, new Set())).toBe(raw);
});

test("of a log line the addresses are hidden and the times are not", () => {
  const layout = rawLayout("web_logs/a.log.gz", undefined, [], []);
  const addresses = new Set(["ip_address"]);
  const line = '203.0.113.9 - - [05/Jan/2026:18:48:30 +0000] "GET / HTTP/1.1" 200 8117';
  expect(maskRaw(line, layout, addresses)).toBe(line.replace("203.0.113.9", "***"));
  expect(maskRaw("2001:db8::1 and 1:2:3:4:5:6:7:8 at 10:20:30", layout, addresses)).toBe(
    "*** and *** at 10:20:30",
  );
  expect(maskRaw(line, layout, new Set(["ip_address", "user_name"]))).toBe("***");
});
