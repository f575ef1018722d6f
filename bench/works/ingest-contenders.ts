import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Contender } from "../contender.js";
import type { Expected } from "../data.js";
import { peers } from "../peers/peers.js";
import { compare, filesBelow, freshFolder, type Workshop } from "../workshop.js";
import { stageWork } from "./stage-work.js";

/** Our stage `work` and the peers on one CSV of sales, at `path` below `raw`. */
export function ingestContenders(
  workshop: Workshop,
  raw: string,
  path: string,
  expected: Expected,
): readonly Contender[] {
  return [
    stageWork(workshop, raw, [path], expected),
    ...peers.map((peer): Contender => {
      let out = "";
      return {
        name: peer.name,
        rounds: peer.slow ? 1 : null,
        missing: peer.missing,
        prepare: async () => {
          out = freshFolder(workshop, "peer");
        },
        invocation: () => peer.invocation(join(raw, path), out),
        verdict: () => {
          const accepted = existsSync(join(out, "accepted.csv")) ? "accepted.csv" : "accepted.parquet";
          return compare(expected, {
            accepted: join(out, accepted),
            rejected: filesBelow(out, /^rejected.*\.(parquet|csv)$/),
          });
        },
      };
    }),
  ];
}
