import { prepareByFormat } from "../readers/format.js";
import type { Worker } from "./worker.js";

export const apiLogs: Worker = {
  name: "api-logs",
  prepare: (file, context) => prepareByFormat(file, context, "json"),
};
