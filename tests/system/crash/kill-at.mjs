// Preloaded into every process of a run (`node --import`): numbers all file operations and COPYs of the program, over all
// of its processes, and kills at the one that CRASH_AT names, as `kill -9` does. Without CRASH_AT it only writes them down.
//   CRASH_LOG     file that gets a line an operation; its length is the number
//   CRASH_AT      number of the operation before which to kill
//   CRASH_TORN    1: in the middle of it, where it writes
//   CRASH_MASTER  file with the master's process id: it is killed first; absent: this process alone
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { CRASH_LOG, CRASH_AT, CRASH_TORN, CRASH_MASTER } = process.env;
const { appendFileSync, statSync, writeFileSync, readFileSync, closeSync, openSync } = fs;

/** Node's own functions call one another: only the outermost counts. */
let inside = false;

/** Number this operation. True: it is the one to die in. */
function isLast(name) {
  if (inside) return false;
  inside = true;
  try {
    return isNumberReached(name);
  } finally {
    inside = false;
  }
}

function isNumberReached(name) {
  appendFileSync(CRASH_LOG, `${name.slice(0, 15).padEnd(15)}\n`);
  if (CRASH_AT === undefined || statSync(CRASH_LOG).size / 16 < Number(CRASH_AT)) return false;
  try {
    // two processes may come past the number together: one dies
    closeSync(openSync(`${CRASH_LOG}.killed`, "wx"));
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function die() {
  if (CRASH_MASTER !== undefined) process.kill(Number(readFileSync(CRASH_MASTER, "utf8")), "SIGKILL");
  process.kill(process.pid, "SIGKILL");
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function numbered(name, original, tear) {
  return function (...args) {
    if (isLast(name)) {
      inside = true;
      if (CRASH_TORN === "1" && tear !== undefined) tear.call(this, ...args);
      die();
    }
    const outer = inside;
    inside = true;
    try {
      return original.apply(this, args);
    } finally {
      inside = outer;
    }
  };
}

function tornWrite(file, content) {
  if (typeof content === "string" || content instanceof Uint8Array) {
    writeFileSync(file, content.slice(0, Math.floor(content.length / 2)));
  }
}

const changing = [
  "rename",
  "link",
  "unlink",
  "rm",
  "mkdir",
  "fsync",
  "copyFile",
  "symlink",
  "truncate",
  "cp",
];

function patchFileSystem() {
  for (const name of changing) {
    if (fs[`${name}Sync`] !== undefined) fs[`${name}Sync`] = numbered(name, fs[`${name}Sync`]);
    if (fs.promises[name] !== undefined) fs.promises[name] = numbered(name, fs.promises[name]);
  }
  fs.writeFileSync = numbered("write", fs.writeFileSync, tornWrite);
  fs.promises.writeFile = numbered("write", fs.promises.writeFile, tornWrite);
  for (const target of [fs, fs.promises]) {
    for (const name of target === fs ? ["open", "openSync"] : ["open"]) {
      const original = target[name];
      const counted = numbered("open", original);
      target[name] = function (...args) {
        return (typeof args[1] === "string" && args[1] !== "r" ? counted : original).apply(this, args);
      };
    }
  }
  syncBuiltinESMExports();
}

/** The engine's native library: its COPYs are what writes tables. */
function patchEngine() {
  const load = process.dlopen;
  process.dlopen = function (module, file, ...rest) {
    const loaded = load.call(this, module, file, ...rest);
    if (file.includes("duckdb")) {
      const native = module.exports;
      const query = (connection, sql) => {
        if (!/^\s*copy\b/i.test(sql) || !isLast("copy")) return native.query(connection, sql);
        if (CRASH_TORN !== "1") die();
        // the copy runs on another thread: some of it will be on the disk
        setTimeout(die, 3);
        return native.query(connection, sql);
      };
      module.exports = Object.create(native, { query: { value: query } });
    }
    return loaded;
  };
}

if (CRASH_LOG !== undefined && process.argv[1]?.endsWith("dist/main.js")) {
  patchFileSystem();
  patchEngine();
}
