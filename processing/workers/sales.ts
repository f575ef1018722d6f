import { prepareByFormat } from "../readers/format.js";
import type { Worker } from "./worker.js";

export const sales: Worker = {
  name: "sales",
  prepare: (file, context) => prepareByFormat(file, context, "csv"),
};
