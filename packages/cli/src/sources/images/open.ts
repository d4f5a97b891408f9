// Sources from folders of images.

import { counted } from "../../text/numbers.js";
import { ArrayPart } from "../array-part.js";
import { assemble, knownAs, knownScales, learnOutputs } from "../assemble.js";
import { Fingerprint } from "../fingerprint.js";
import { relative } from "../node.js";
import { listParts, mapParts, type Parts, setApart } from "../parts.js";
import type { Reading } from "../reading.js";
import type { ImagePreprocess, Scale, Source } from "../source.js";
import { learnTargets, type RawTargets, type Targets } from "../targets.js";
import { type ImageFiles, listImageFolder } from "./folder.js";
import { FORMATS } from "./header.js";
import { readLabelled } from "./labelled.js";
import { type LoadedImages, loadImages } from "./load.js";
import { learnPixels, pixelDatasets, pixelNote } from "./pixels.js";
import { inferFrame } from "./size.js";

/**
 * Opens a folder of class folders of images, or of such folders for train, validation and test. If all images are damaged
 * that is an error even where damaged ones are left out.
 */
export async function openImages(root: string, options: Reading): Promise<Source> {
  const known = knownAs("image", options);
  const fingerprint = new Fingerprint();
  const notes: string[] = [];
  const describe = (line: string): number => notes.push(line);
  const { parts: files, others, names, formats } = await list(root, options, known, fingerprint, describe);
  const learned = learnTargets(
    mapParts(files, ({ targets }) => targets),
    options,
  );
  const frame = known ?? (await inferFrame(files.train.paths, options));
  const paths = listParts(files).flatMap((part) => part.paths);
  const loaded = await loadImages(paths, frame, options, (i, bytes) => {
    fingerprint.add(relative(root, paths[i]), bytes);
  });
  notes.push(...leftOut(others, loaded));
  const parts = setApart(divide(loaded, learned.parts), options, describe);
  const { targets } = parts.train;
  const outputs = learnOutputs(learned, targets, names, knownScales(options, learned, names), formats);
  const preprocess = learnPixels(parts.train, frame, outputs, known);
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

/** Images of each part and their targets: the names of their folders, or what a table says. */
interface Listed {
  readonly parts: Parts<{ readonly paths: readonly string[]; readonly targets: RawTargets }>;
  readonly others: number;
  /** Of values: their names, and how they are written in the table. */
  readonly names: readonly string[];
  readonly formats?: readonly Pick<Scale, "format">[];
}

async function list(
  root: string,
  options: Reading,
  known: ImagePreprocess | undefined,
  fingerprint: Fingerprint,
  describe: (line: string) => void,
): Promise<Listed> {
  const { labels } = options;
  if (labels === undefined) {
    const { parts, others } = await listImageFolder(root);
    return { parts: mapParts(parts, (own) => ({ paths: own.paths, targets: rawTargets(own) })), others, names: [] };
  }
  const { paths, targets, names, others } = await readLabelled(
    root,
    labels,
    { ...options, target: options.target ?? known?.targets?.map(({ name }) => name) },
    options.preprocess?.targets,
    fingerprint,
    describe,
  );
  return { parts: { train: { paths, targets } }, others, names, formats: targets.formats };
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
    ...(others === 0 ? [] : [`left out: ${counted(others, "file")} of other formats than ${FORMATS}`]),
    ...(first === undefined ? [] : [`left out: ${counted(damaged.size, "damaged image")}, such as ${first.message}`]),
  ];
}
