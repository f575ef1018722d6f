/** The WHATWG name of an encoding's label, such as windows-1252 for latin-1; null where there is none. */
export function encodingOfLabel(label: string): string | null {
  try {
    return new TextDecoder(label === "latin-1" ? "latin1" : label).encoding;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
