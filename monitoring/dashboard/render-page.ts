import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../lib/paths.js";
import type { PageModel } from "./page-model.js";

const folder = join(packageRoot, "monitoring", "dashboard", "template");
const parts = ["summary", "sources", "rules", "files", "drift", "business", "tables"] as const;
const styles = ["theme", "frame", "parts", "tables", "narrow"] as const;

/** The page as one self-contained HTML text: nothing is fetched, and its policy allows only its own style and script. */
export async function renderPage(model: PageModel): Promise<string> {
  const { default: handlebars } = await import("handlebars");
  const own = handlebars.create();
  for (const part of parts) own.registerPartial(part, text(`${part}.hbs`));
  const style = styles.map((name) => text(`${name}.css`)).join("");
  const script = text("page.js");
  const page = own.compile(text("page.hbs"), { strict: true, knownHelpersOnly: true });
  return page({ ...model, style, script, policy: policyFor(style, script) });
}

function policyFor(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src '${hash(style)}'`,
    `script-src '${hash(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hash(content: string): string {
  return `sha256-${createHash("sha256").update(content, "utf8").digest("base64")}`;
}

function text(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
