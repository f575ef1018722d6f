/** A growing list of ascending record ordinals. */
export class OrdinalList {
  #items = new Uint32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }
  push(ordinal: number): void {
    if (this.#length === this.#items.length) {
      const wider = new Uint32Array(this.#items.length * 2);
      wider.set(this.#items);
      this.#items = wider;
    }
    this.#items[this.#length++] = ordinal;
  }
  /** Infinity behind the end. */
  at(index: number): number {
    return index < this.#length ? (this.#items[index] as number) : Number.POSITIVE_INFINITY;
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
      if ((this.#items[middle] as number) < ordinal) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
