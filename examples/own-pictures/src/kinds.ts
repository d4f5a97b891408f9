// The list of kinds on the page: a name, pictures from files and from the camera.
import { KEPT, readPicture } from "./pictures.js";

const MOST = 8;

export interface Kind {
  readonly name: string;
  readonly pictures: readonly OffscreenCanvas[];
}

const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] => Object.assign(document.createElement(tag), properties);

export class Kinds {
  readonly #kinds: { readonly name: HTMLInputElement; readonly pictures: OffscreenCanvas[] }[] = [];
  readonly #take: HTMLButtonElement[] = [];

  constructor(
    readonly list: HTMLElement,
    /** What the camera sees, if it is on. */
    readonly see: () => OffscreenCanvas | undefined,
    readonly fail: (error: unknown) => void,
  ) {}

  get all(): readonly Kind[] {
    return this.#kinds.map(({ name, pictures }) => ({ name: name.value, pictures }));
  }

  /** Whether there may be another. */
  add(): boolean {
    const letter = String.fromCharCode("A".charCodeAt(0) + this.#kinds.length);
    const name = element("input", { value: letter, ariaLabel: `Name of kind ${letter}` });
    const pictures: OffscreenCanvas[] = [];
    const shown = element("span", { className: "shown" });
    const put = (picture: OffscreenCanvas): void => {
      pictures.push(picture);
      const small = element("canvas", { width: 48, height: 48 });
      small.getContext("2d")?.drawImage(picture, 0, 0, KEPT, KEPT, 0, 0, 48, 48);
      small.ariaLabel = `picture ${pictures.length} of ${name.value}`;
      small.role = "img";
      shown.append(small);
    };
    const files = element("input", { type: "file", accept: "image/*", multiple: true });
    files.addEventListener("change", async () => {
      try {
        for (const file of Array.from(files.files ?? [])) put(await readPicture(file));
      } catch (error) {
        this.fail(error);
      }
      files.value = "";
    });
    const pick = element("label", { className: "button", textContent: "Pictures" });
    pick.append(files);
    const take = element("button", { type: "button", textContent: "Take", hidden: this.#take[0]?.hidden ?? true });
    take.addEventListener("click", () => {
      const picture = this.see();
      if (picture !== undefined) put(picture);
    });
    const row = element("li");
    row.append(name, pick, take, shown);
    this.list.append(row);
    this.#kinds.push({ name, pictures });
    this.#take.push(take);
    return this.#kinds.length < MOST;
  }

  /** Shows the buttons that take pictures. */
  useCamera(on: boolean): void {
    for (const button of this.#take) button.hidden = !on;
  }
}
