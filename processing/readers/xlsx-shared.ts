const END = "</si>";
/** A cell that is a shared text, by its number; without a number: one that may be, written in another way. */
const REFERENCE = /[\s:]t\s*=\s*(?:"s"[^<>]*><v>(\d+)<\/v>|["']?s["'\s>/])/g;

/** A workbook's shared texts, from their XML: those that the XML of a sheet refers to (null: all), the others empty. */
export function sharedTexts(xml: Buffer): (sheet: Buffer | null) => Buffer {
  const start = xml.indexOf(">", xml.indexOf("<sst")) + 1;
  const ends = [start];
  for (let p = xml.indexOf(END, start); p >= 0; p = xml.indexOf(END, p)) {
    p += END.length;
    ends.push(p);
  }
  return (sheet) => {
    const used = sheet === null ? null : usedTexts(sheet, ends.length - 1);
    if (used === null) return xml;
    const pieces = [xml.subarray(0, start)];
    const last = used.lastIndexOf(1);
    for (let from = 0; from <= last; ) {
      const isUsed = used[from];
      let to = from + 1;
      while (to <= last && used[to] === isUsed) to++;
      pieces.push(
        isUsed === 1 ? xml.subarray(ends[from], ends[to]) : Buffer.alloc((to - from) * END.length, END),
      );
      from = to;
    }
    pieces.push(Buffer.from("</sst>"));
    return Buffer.concat(pieces);
  };
}

/** 1 for each text that is used; null = it cannot be told. */
function usedTexts(sheet: Buffer, count: number): Uint8Array | null {
  const used = new Uint8Array(count);
  for (const [, number] of sheet.toString("latin1").matchAll(REFERENCE)) {
    if (number === undefined || Number(number) >= count) return null;
    used[Number(number)] = 1;
  }
  return used;
}
