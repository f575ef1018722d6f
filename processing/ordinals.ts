const CHUNK = 4096;

/** A growing list of ascending record ordinals. */
export class OrdinalList {
  // in chunks, not in one array that doubles: a worker's memory holds only what was pushed
  readonly #chunks: Uint32Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }
  push(ordinal: number): void {
    const at = this.#length++;
    if (at % CHUNK === 0) this.#chunks.push(new Uint32Array(CHUNK));
    (this.#chunks[Math.floor(at / CHUNK)] as Uint32Array)[at % CHUNK] = ordinal;
  }
  /** Infinity behind the end. */
  at(index: number): number {
    if (index >= this.#length) return Number.POSITIVE_INFINITY;
    return (this.#chunks[Math.floor(index / CHUNK)] as Uint32Array)[index % CHUNK] as number;
  }
  has(ordinal: number): boolean {
    return this.at(this.firstFrom(ordinal)) === ordinal;
  }
  /** Index of the first ordinal that is at least `ordinal`. */
  firstFrom(ordinal: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle) < ordinal) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
