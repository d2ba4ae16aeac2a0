/** What happens when: a binary heap over the virtual clock. Of two things at one moment the one entered first comes first. */

type Entry = { readonly at: number; readonly order: number; readonly happen: (at: number) => void };

export class Agenda {
  readonly #heap: Entry[] = [];
  #order = 0;

  at(at: number, happen: (at: number) => void): void {
    this.#order += 1;
    this.#heap.push({ at, order: this.#order, happen });
    this.#rise(this.#heap.length - 1);
  }

  next(): Entry | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.#heap[0] = last;
    this.#sink(0);
    return first;
  }

  #rise(index: number): void {
    const parent = (index - 1) >> 1;
    if (index === 0 || !this.#isSooner(index, parent)) return;
    this.#swap(index, parent);
    this.#rise(parent);
  }

  #sink(index: number): void {
    const [left, right] = [2 * index + 1, 2 * index + 2];
    const sooner = this.#isSooner(right, left) ? right : left;
    if (!this.#isSooner(sooner, index)) return;
    this.#swap(index, sooner);
    this.#sink(sooner);
  }

  #isSooner(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return a !== undefined;
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
