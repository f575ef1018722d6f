import { expect, test } from "vitest";
import { errorCatalogue } from "../../lib/error-catalogue.js";
import { packageRoot } from "../../lib/paths.js";

const introduction = `# Errors

Every coded error, the exit code that it ends the command with, what it means and what to do. Messages go to standard
error as \`gristmill: <code>: <what, where, what to do>\`. This page is made from \`lib/error-catalogue.ts\`
(\`npx vitest run tests/docs -u\`).

| code | exit | means | remedy |
|---|---|---|---|
`;

test("docs/errors.md lists every coded error with its exit code, meaning and remedy", async () => {
  const rows = Object.entries(errorCatalogue)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { exit, means, remedy }]) => `| \`${code}\` | ${exit} | ${means} | ${remedy} |`);
  await expect(`${introduction}${rows.join("\n")}\n`).toMatchFileSnapshot(`${packageRoot}/docs/errors.md`);
});
