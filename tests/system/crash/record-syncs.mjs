// Preloaded into every process of a run (`node --import`): writes each fsync, rename and link of the program to SYNC_LOG,
// a JSON array a line, in their order over all processes: ["fsync", path], ["rename", from, to], ["link", from, to, text].
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { SYNC_LOG } = process.env;
const { appendFileSync, readFileSync } = fs;
const pathOf = new Map();

function note(...event) {
  appendFileSync(SYNC_LOG, `${JSON.stringify(event)}\n`);
}

/** `event` notes the call before it; `after` what it brought. */
function watch(target, name, event, after) {
  const original = target[name];
  target[name] = function (...args) {
    event?.(...args);
    const result = original.apply(this, args);
    if (result instanceof Promise && after !== undefined)
      return result.then((value) => {
        after(value, ...args);
        return value;
      });
    after?.(result, ...args);
    return result;
  };
}

if (SYNC_LOG !== undefined && process.argv[1]?.endsWith("dist/main.js")) {
  watch(fs, "openSync", undefined, (fd, path) => pathOf.set(fd, String(path)));
  watch(fs, "fsyncSync", undefined, (_, fd) => note("fsync", pathOf.get(fd)));
  watch(fs, "renameSync", (from, to) => note("rename", from, to));
  watch(fs, "linkSync", (from, to) => note("link", from, to, readFileSync(from, "utf8")));
  watch(fs.promises, "open", undefined, (handle, path) => {
    watch(handle, "sync", undefined, () => note("fsync", String(path)));
  });
  syncBuiltinESMExports();
}
