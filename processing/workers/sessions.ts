import { prepareByFormat } from "../readers/format.js";
import type { Worker } from "./worker.js";

export const sessions: Worker = {
  name: "sessions",
  prepare: (file, context) => prepareByFormat(file, context, "csv"),
};
