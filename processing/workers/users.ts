import { prepareByFormat } from "../readers/format.js";
import type { Worker } from "./worker.js";

export const users: Worker = {
  name: "users",
  prepare: (file, context) => prepareByFormat(file, context, "csv"),
};
