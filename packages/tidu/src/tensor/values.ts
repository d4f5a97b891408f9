// Turns what a tensor is made from, nested lists or a typed array, into elements as the engine stores them.
import { refuse } from "../base/check.js";
import { type ArrayData, type DType, dtypeOf, storeAs, type TypedArray } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";

/** Nested lists of numbers, or of true and false, all of equal length at each depth. */
export type NestedValues = number | boolean | readonly NestedValues[];

/** Elements, the shape that they were given in, and their type. */
interface Elements {
  readonly data: TypedArray;
  readonly sizes: readonly number[];
  readonly type: DType;
}

export function elementsOf(values: NestedValues | ArrayData, dtype?: DType): Elements {
  if (ArrayBuffer.isView(values)) {
    const type = dtype ?? dtypeOf(values) ?? "f32";
    // One whose buffer was handed to another thread or has become too short is empty, too, and cannot be copied.
    if (values.length === 0)
      refuse("tensor", "values", values, "a typed array with elements; there are no empty tensors");
    const data = storeAs("tensor", "values", values, dtype);
    return { data: (data as unknown) === values ? data.slice() : data, sizes: [values.length], type };
  }
  const sizes: number[] = [];
  const above = new Set<unknown>();
  for (let v: unknown = values; Array.isArray(v) && v.length > 0; v = v[0]) {
    if (above.has(v)) throw new ArgumentError("tensor: values is a list that contains itself; give lists of numbers");
    above.add(v);
    sizes.push(v.length);
  }
  const flat: (number | boolean)[] = [];
  const collect = (v: unknown, name: string, [size, ...inner]: readonly number[]): void => {
    if (size !== undefined) {
      if (!Array.isArray(v) || v.length !== size)
        return refuse("tensor", name, v, `a list of ${size}, like those before`);
      for (let i = 0; i < size; i++) collect(v[i], `${name}[${i}]`, inner);
    } else if (typeof v !== "number" && typeof v !== "boolean") {
      refuse(
        "tensor",
        name,
        v,
        "a number, true or false, or a list of these that is not empty; or give one typed array and a shape",
      );
    } else if (typeof v !== typeof (flat[0] ?? v)) {
      refuse("tensor", name, v, `a ${typeof flat[0]}, like those before`);
    } else flat.push(v);
  };
  collect(values, "values", sizes);
  const type = dtype ?? (flat[0] === true || flat[0] === false ? "bool" : "f32");
  return { data: storeAs("tensor", "values", flat, type), sizes, type };
}
