import picomatch from "picomatch";
import type { Config, FeedConfig } from "../../lib/config-types.js";
import { GristmillError } from "../../lib/errors.js";

/** Says which feed a path belongs to; null = none. Throws bad_configuration where two feeds claim it. */
export type Claim = (path: string) => FeedConfig | null;

/** `*` does not cross `/`, `**` does and also matches no folder at all. */
export function claims(config: Config): Claim {
  const feeds = Object.values(config.feeds).map((feed) => ({ feed, matches: globs(feed.files) }));
  return (path) => {
    const claiming = feeds.filter(({ matches }) => matches(path)).map(({ feed }) => feed);
    const [first, second] = claiming;
    if (second !== undefined) {
      throw new GristmillError(
        "bad_configuration",
        `pipeline_config.yaml: the feeds ${claiming.map((feed) => feed.name).join(" and ")} both claim ` +
          `the file ${path}: narrow the globs under their \`files\``,
      );
    }
    return first ?? null;
  };
}

/** Whether a path matches one of the globs. */
export function globs(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map((pattern) => picomatch(pattern, { nonegate: true, dot: true }));
  return (path) => matchers.some((matches) => matches(path));
}
