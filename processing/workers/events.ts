import { prepareByFormat } from "../readers/format.js";
import type { Worker } from "./worker.js";

export const events: Worker = {
  name: "events",
  prepare: (file, context) => prepareByFormat(file, context, "csv"),
};
