/** JSON.parse of an object, but of a doubled key the first value counts, as everywhere in this product. */
export function firstKeys(text: string): Readonly<Record<string, unknown>> {
  const record = JSON.parse(text) as Record<string, unknown>;
  const members = membersOf(text);
  if (members.length === Object.keys(record).length) return record;
  const first: Record<string, unknown> = {};
  for (const { key, value } of members) if (!Object.hasOwn(first, key)) first[key] = JSON.parse(value);
  return first;
}

/** The members of the outermost object of valid JSON, doubled ones included. */
function membersOf(text: string): readonly { readonly key: string; readonly value: string }[] {
  const members: { key: string; value: string }[] = [];
  let depth = 0;
  let key: string | null = null;
  let from = 0;
  const close = (to: number): void => {
    if (key !== null) members.push({ key, value: text.slice(from, to) });
    key = null;
  };
  for (let p = 0; p < text.length; p++) {
    const sign = text[p];
    if (sign === '"') {
      const start = p++;
      while (text[p] !== '"') p += text[p] === "\\" ? 2 : 1;
      if (depth === 1 && key === null) key = JSON.parse(text.slice(start, p + 1)) as string;
    } else if (sign === "{" || sign === "[") depth++;
    else if (sign === "}" || sign === "]") {
      if (--depth === 0) close(p);
    } else if (depth === 1 && sign === ":") from = p + 1;
    else if (depth === 1 && sign === ",") close(p);
  }
  return members;
}
