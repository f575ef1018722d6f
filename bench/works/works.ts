import type { Work } from "../work.js";
import { formatWorks } from "./formats.js";
import { ingestWorks } from "./ingest.js";
import { memoryWorks } from "./memory.js";
import { nightlyWorks } from "./nightly.js";
import { pipelineWorks } from "./pipeline.js";
import { runWorks } from "./runs.js";
import { strayWorks } from "./strays.js";

/** Everything that is measured, in order. */
export const works: readonly Work[] = [
  ...strayWorks,
  ...ingestWorks,
  ...memoryWorks,
  ...formatWorks,
  ...runWorks,
  ...nightlyWorks,
  ...pipelineWorks,
];
