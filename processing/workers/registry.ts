import { GristmillError } from "../../lib/errors.js";
import { apiLogs } from "./api-logs.js";
import { events } from "./events.js";
import { products } from "./products.js";
import { records } from "./records.js";
import { sales } from "./sales.js";
import { sessions } from "./sessions.js";
import { users } from "./users.js";
import { webLogs } from "./web-logs.js";
import type { Worker } from "./worker.js";

const workers: readonly Worker[] = [apiLogs, sessions, products, users, sales, webLogs, events, records];

/** The worker of a source's configuration; `_` and `-` are one. Throws bad_configuration. */
export function workerNamed(name: string): Worker {
  const wanted = name.replaceAll("_", "-");
  const worker = workers.find((one) => one.name === wanted);
  if (worker !== undefined) return worker;
  const known = workers.map((one) => one.name).join(", ");
  throw new GristmillError("bad_configuration", `worker ${name} is unknown; there are ${known}`);
}
