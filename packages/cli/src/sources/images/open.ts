// Sources from folders of images.
import { relative } from "node:path";
import { ArrayPart } from "../array-part.js";
import { assemble, knownAs, learnOutputs } from "../assemble.js";
import { Fingerprint } from "../fingerprint.js";
import { listParts, mapParts, type Parts, setApart } from "../parts.js";
import type { OpenOptions, Source } from "../source.js";
import { learnTargets, type RawTargets, type Targets } from "../targets.js";
import { type ImageFiles, listImageFolder } from "./folder.js";
import { type LoadedImages, loadImages } from "./load.js";
import { learnPixels, pixelDatasets, pixelNote } from "./pixels.js";
import { inferFrame } from "./size.js";

/**
 * Opens a folder of class folders of images, or of such folders for train, validation and test. If all images are damaged
 * that is an error even where damaged ones are left out.
 */
export async function openImages(root: string, options: OpenOptions): Promise<Source> {
  const known = knownAs("image", options);
  const { parts: files, others } = await listImageFolder(root);
  const learned = learnTargets(mapParts(files, rawTargets), options);
  const frame = known ?? (await inferFrame(files.train.paths, options));
  const paths = listParts(files).flatMap((part) => part.paths);
  const fingerprint = new Fingerprint();
  const loaded = await loadImages(paths, frame, options, (i, bytes) => {
    fingerprint.add(relative(root, paths[i]), bytes);
  });
  const notes = leftOut(others, loaded);
  const parts = setApart(divide(loaded, learned.parts), options, (line) => notes.push(line));
  const { targets } = parts.train;
  const preprocess = learnPixels(parts.train, frame, learnOutputs(learned, targets, [], known), known);
  return assemble({
    kind: "images",
    data: pixelDatasets(parts, preprocess),
    preprocess,
    samples: "images",
    origins: mapParts(
      parts,
      ({ numbers }) =>
        (sample) =>
          relative(root, paths[numbers[sample]]),
    ),
    train: targets,
    notes: [pixelNote(preprocess), ...notes],
    fingerprint,
  });
}

const rawTargets = ({ paths, classes }: ImageFiles): RawTargets => ({
  values: classes,
  width: 1,
  mostClasses: 0,
  where: (sample) => paths[sample],
});

/** Images of all parts, one part after the other, as parts of sound images. */
function divide({ pixels, count, damaged }: LoadedImages, targets: Parts<Targets>): Parts<ArrayPart> {
  if (damaged.size === count) throw damaged.get(0)!;
  const size = pixels.length / count;
  let start = 0;
  return mapParts(targets, (own) => {
    const from = start;
    start += own.count;
    const numbers = new Int32Array(own.count).map((_, i) => from + i);
    const part = new ArrayPart(pixels.subarray(from * size, start * size), size, own, numbers);
    const sound = new Int32Array(own.count).map((_, row) => row).filter((row) => !damaged.has(from + row));
    return sound.length === own.count ? part : part.take(sound);
  });
}

function leftOut(others: number, { damaged }: LoadedImages): string[] {
  const [first] = damaged.values();
  return [
    ...(others === 0 ? [] : [`left out: ${others} files that are not PNG, JPEG or WebP`]),
    ...(first === undefined ? [] : [`left out: ${damaged.size} damaged images, such as ${first.message}`]),
  ];
}
