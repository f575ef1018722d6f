import { prepareByFormat } from "../readers/format.js";
import type { Worker } from "./worker.js";

export const records: Worker = {
  name: "records",
  prepare: (file, context) => prepareByFormat(file, context, "csv"),
};
