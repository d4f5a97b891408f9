// A person's own pictures, as a network sees them: 28 by 28 gray values.
import type { OwnData } from "../engine/data.js";
import { Troubled } from "../engine/trouble.js";

const SIDE = 28;
/** Classes that can be told apart. */
const CLASSES = 10;

/** A picture and what it shows. */
export interface Picture {
  readonly name: string;
  readonly pixels: Uint8Array;
}

let paper: OffscreenCanvasRenderingContext2D | undefined;

/** The middle square of a picture, as gray values. */
export function greyOf(source: CanvasImageSource, width: number, height: number): Uint8Array {
  paper ??= new OffscreenCanvas(SIDE, SIDE).getContext("2d", { willReadFrequently: true }) ?? undefined;
  if (paper === undefined) throw new Error("this browser has no canvas to draw on");
  const side = Math.min(width, height);
  // Transparency lies on white, as where the command line reads pictures; of the one before nothing is left.
  paper.fillStyle = "white";
  paper.fillRect(0, 0, SIDE, SIDE);
  paper.imageSmoothingQuality = "high";
  paper.drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  const { data } = paper.getImageData(0, 0, SIDE, SIDE);
  // Red, green and blue by how bright they look (ITU-R BT.601).
  return Uint8Array.from(
    { length: SIDE * SIDE },
    (_, i) => 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2],
  );
}

/**
 * Reads the pictures of a folder's folders, whose names are the classes. Those that the browser cannot read are left out.
 *
 * @throws Troubled where none can be read, and unless there are from 2 to 10 classes.
 */
export async function readPictures(files: readonly File[]): Promise<OwnData> {
  const pictures: Picture[] = [];
  const unread: string[] = [];
  for (const file of files) {
    const folders = file.webkitRelativePath.split("/");
    // Files beside the folders, hidden ones and those of another kind are not pictures.
    const isOther = file.type !== "" && !file.type.startsWith("image/");
    if (folders.length < 3 || file.name.startsWith(".") || isOther) continue;
    const image = await createImageBitmap(file).catch(() => undefined);
    if (image !== undefined) {
      pictures.push({ name: folders[folders.length - 2], pixels: greyOf(image, image.width, image.height) });
      image.close();
    } else if (file.type !== "") unread.push(folders.slice(1).join("/"));
    // What systems keep beside pictures has no kind that the browser knows, and is not missed.
  }
  if (pictures.length === 0 && unread.length > 0) throw new Troubled({ code: "pictureUnreadable", file: unread[0] });
  return { ...picturesData(pictures), unread };
}

/** Pictures as data. Throws Troubled unless there are from 2 to 10 classes. */
export function picturesData(pictures: readonly Picture[]): OwnData {
  const classes = [...new Set(pictures.map(({ name }) => name))].sort();
  if (classes.length < 2 || classes.length > CLASSES)
    throw new Troubled({ code: "pictureClasses", classes: classes.length });
  const inputs = new Uint8Array(pictures.length * SIDE * SIDE);
  pictures.forEach(({ pixels }, i) => inputs.set(pixels, i * SIDE * SIDE));
  const targets = Uint8Array.from(pictures, ({ name }) => classes.indexOf(name));
  return { kind: "pictures", inputs, shape: [1, SIDE, SIDE], targets, classes };
}
