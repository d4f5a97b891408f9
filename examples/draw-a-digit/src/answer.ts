// Shows what the network takes the drawing for.
const percent = (share: number): string => `${Math.round(share * 100)} %`;

const element = <K extends keyof HTMLElementTagNameMap>(tag: K, text = ""): HTMLElementTagNameMap[K] =>
  Object.assign(document.createElement(tag), { textContent: text });

/** Shows what the network says: in words, and as a bar for each digit. */
export class Answer {
  readonly #rows = Array.from({ length: 10 }, (_, digit) => {
    const [row, meter, share] = [element("li"), element("meter"), element("span")];
    meter.setAttribute("aria-label", `share of ${digit}`);
    row.append(element("span", String(digit)), meter, share);
    return { row, meter, share };
  });

  constructor(
    readonly words: HTMLElement,
    list: HTMLElement,
  ) {
    list.append(...this.#rows.map(({ row }) => row));
  }

  /** Shows a sentence and no shares. */
  say(text: string): void {
    this.show(new Array<number>(10).fill(0));
    this.words.textContent = text;
  }

  /** @param shares ten numbers with a sum of 1. */
  show(shares: readonly number[]): void {
    const best = shares.indexOf(Math.max(...shares));
    this.words.textContent = `This is a ${best} (${percent(shares[best])})`;
    this.#rows.forEach(({ row, meter, share }, digit) => {
      meter.value = shares[digit];
      share.textContent = percent(shares[digit]);
      row.ariaCurrent = String(digit === best && shares[best] > 0);
    });
  }
}
