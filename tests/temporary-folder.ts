import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whatever the tests leave in the temporary folder lies in one folder of theirs, which goes at the end. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "g-"));
  process.env["TMPDIR"] = folder;
  return () => {
    rmSync(folder, { recursive: true, force: true });
    if (process.env["GRISTMILL_TEST_DATA"] === undefined)
      console.warn(
        "\nSKIPPED: the tests that read public data sets. GRISTMILL_TEST_DATA names the folder of these data sets.\n",
      );
  };
}
