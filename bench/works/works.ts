import type { Work } from "../work.js";
import { ingestWorks } from "./ingest.js";

/** Everything that is measured, in order. */
export const works: readonly Work[] = [...ingestWorks];
