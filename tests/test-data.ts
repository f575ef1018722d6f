import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { packageRoot } from "../lib/paths.js";

/**
 * A file of the public data sets, or null where they are not at hand: then its test is skipped and says so.
 * GRISTMILL_TEST_DATA names their folder; with GRISTMILL_REQUIRE_TEST_DATA=1 a missing file is an error.
 */
export function testData(name: string): string | null {
  const folder = resolve(packageRoot, process.env["GRISTMILL_TEST_DATA"] ?? "../shared/data");
  const file = join(folder, name);
  if (existsSync(file)) return file;
  if (process.env["GRISTMILL_REQUIRE_TEST_DATA"] === "1") throw new Error(`the test data ${file} is missing`);
  console.log(`skipped: ${file} is not at hand (GRISTMILL_TEST_DATA names its folder)`);
  return null;
}
