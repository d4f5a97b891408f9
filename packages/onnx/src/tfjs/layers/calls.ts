// What a layer of a functional model is called with: lists of [layer, call, result] as Keras 2 and TensorFlow.js write
// them, or the arguments of Keras 3, in which a value of the model stands as an object.
import { UnsupportedError } from "tidu";
import { isObject, type Place } from "../place.js";

/** Which result of which call of which layer. */
export type Reference = readonly [layer: string, call: number, result: number];

export const isReference = (value: unknown): value is Reference =>
  Array.isArray(value) && typeof value[0] === "string" && Number.isInteger(value[1]) && Number.isInteger(value[2]);

/** A value of the model, or a number of Keras' own operations. */
export type Argument = Reference | number;

/** Lists of references; a single one may stand alone, and those of a dictionary are its values in their order. */
export function referencesOf(value: unknown, place: Place): Reference[] {
  const values = isObject(value) ? Object.values(value) : value;
  const list = Array.isArray(values) && typeof values[0] === "string" ? [values] : values;
  if (Array.isArray(list) && list.every(isReference)) return list;
  throw new UnsupportedError(
    `${place.source.file}: ${place} describes the inputs of its layers in another way than Keras and TensorFlow.js do; save it with one of these`,
  );
}

/** The arguments of one call. */
export const argumentsOf = (call: unknown, place: Place): Argument[] =>
  isObject(call) && Array.isArray(call.args) ? ofKeras3(call.args, call.kwargs, place) : referencesOf(call, place);

function ofKeras3(args: readonly unknown[], named: unknown, place: Place): Argument[] {
  for (const [name, value] of Object.entries(isObject(named) ? named : {})) {
    // A mask that there is not, and a mode that the network itself has.
    if (value !== null && name !== "training") place.refuse(`takes the argument ${name}, which Tidu does not support`);
  }
  return args.flat(Number.POSITIVE_INFINITY).map((value) => {
    if (typeof value === "number") return value;
    const history = isObject(value) && isObject(value.config) ? value.config.keras_history : undefined;
    return isReference(history) ? history : place.refuse("takes an argument that is neither a value nor a number");
  });
}
