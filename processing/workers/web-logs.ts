import { prepareByFormat } from "../readers/format.js";
import type { Worker } from "./worker.js";

export const webLogs: Worker = {
  name: "web-logs",
  prepare: (file, context) => prepareByFormat(file, context, "text"),
};
