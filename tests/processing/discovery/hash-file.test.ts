import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashFiles } from "../../../processing/discovery/hash-file.js";

test("small, middling and large files get the hash that sha256sum tells; a vanished one is told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gristmill-hash-"));
  // sizes on both sides of what goes to another thread; the hashes are sha256sum's, of zero bytes
  const sizes = [0, 2 * 1_048_576, 33 * 1_048_576];
  const files = sizes.map((size) => {
    const location = join(folder, String(size));
    writeFileSync(location, Buffer.alloc(size));
    return { location, size };
  });
  const gone = { location: join(folder, "gone"), size: 2 * 1_048_576 };
  const hashed = await hashFiles([...files, gone], 2);
  expect(files.map(({ location }) => hashed.get(location))).toEqual([
    { outcome: "hashed", sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { outcome: "hashed", sha256: "5647f05ec18958947d32874eeb788fa396a05d0bab7c1b71f112ceb7e9b31eee" },
    { outcome: "hashed", sha256: "c28a8f34a7efbd4cffe424a21e4a6e4d5bfa8b5daccc381f9eb3c1dc5bac689c" },
  ]);
  expect(hashed.get(gone.location)).toEqual({ outcome: "vanished" });
  rmSync(folder, { recursive: true });
});
