import { constant, literal } from "../../engines/quote.js";
import type { StreamFile } from "./stream-files.js";

type FileText = (file: StreamFile["prepared"]["file"]) => string;

/** SQL of a text that each file of a stream has, by SQL of the file's index: a constant where there is one file. */
export function perFile(files: readonly StreamFile[], text: FileText, index: string): string {
  const [only] = files;
  return only !== undefined && files.length === 1
    ? constant(text(only.prepared.file))
    : textPerFile(files, text, index);
}

/** The same, never as an ENUM: for what is joined to other texts. */
export function textPerFile(files: readonly StreamFile[], text: FileText, index: string): string {
  const texts = files.map(({ prepared }) => literal(text(prepared.file)));
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(", ")}][${index} + 1]`;
}
