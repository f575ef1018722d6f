import { prepareByFormat } from "../readers/format.js";
import type { Worker } from "./worker.js";

export const products: Worker = {
  name: "products",
  prepare: (file, context) => prepareByFormat(file, context, "csv"),
};
