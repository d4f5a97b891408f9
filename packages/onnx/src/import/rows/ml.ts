// ai.onnx.ml: the operators of scikit-learn's exports. Text labels become their positions in the list.
import { concat, full, type Tensor, tensor } from "tidu";
import type { GraphNode, Row, Rows } from "../node.js";
import { given } from "./arithmetic.js";
import { classify, readMachine, regress } from "./svm.js";
import { forest, readForest } from "./trees.js";

const scaler: Row = (node) => {
  node.needs(1);
  const [offset, scale] = [node.floats("offset"), node.floats("scale")];
  const list = (values: readonly number[]) => (values.length === 1 ? full([], values[0]) : tensor([...values]));
  return (x) => {
    const centred = offset === undefined ? x.toFloat() : x.toFloat().sub(list(offset));
    return scale === undefined ? centred : centred.mul(list(scale));
  };
};

const NORMS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  MAX: (x) => x.max(1, true),
  L1: (x) => x.abs().sum(1, true),
  L2: (x) => x.square().sum(1, true).sqrt(),
};

const normalizer: Row = (node) => {
  node.needs(1);
  const norm = node.text("norm", "MAX");
  const size = NORMS[norm] ?? node.damaged(`has norm ${norm}`);
  return (x) => {
    const own = size(x.toFloat());
    return x.toFloat().div(own.eq(0).where(1, own));
  };
};

/** Final transforms of scores. */
const TRANSFORMS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  NONE: (x) => x,
  LOGISTIC: (x) => x.sigmoid(),
  SOFTMAX: (x) => x.softmax(-1),
  // Zeros stay, and do not count.
  SOFTMAX_ZERO: (x) => {
    const e = x.eq(0).where(0, x.sub(x.max(-1, true)).exp());
    return e.div(e.sum(-1, true));
  },
  PROBIT: probit,
};

/**
 * The number that a standard normal one is below with probability p; NaN beyond 0 and 1. Winitzki's approximation ("A handy
 * approximation for the error function and its inverse", 2008), made exact by two steps of Newton's method.
 */
function probit(p: Tensor): Tensor {
  const slope = 0.147;
  const signed = p.mul(2).sub(1);
  const log = p.mul(p.neg().add(1)).mul(4).log();
  const half = log.mul(0.5).add(2 / (Math.PI * slope));
  const root = half.square().sub(log.div(slope)).sqrt().sub(half).relu().sqrt();
  let x = signed.sign().mul(root).mul(Math.SQRT2);
  for (let step = 0; step < 2; step++) {
    const over = x.mul(Math.SQRT1_2).erf().sub(signed);
    x = x.sub(over.mul(Math.sqrt(Math.PI / 2)).mul(x.square().mul(0.5).exp()));
  }
  return x;
}

const transformOf = (node: GraphNode): ((x: Tensor) => Tensor) => {
  const name = node.text("post_transform", "NONE");
  return TRANSFORMS[name] ?? node.refuse(`has post_transform ${name}, expected ${Object.keys(TRANSFORMS).join(", ")}`);
};

/** The classes' labels: whole numbers, or for texts their places. */
function labelsOf(node: GraphNode, ints: string, strings: string): Int32Array {
  const numbers = node.ints(ints);
  const texts = node.texts(strings);
  return numbers === undefined ? Int32Array.from(texts.keys()) : Int32Array.from(numbers);
}

/**
 * The label with the highest score, and the scores. Where two classes share one score it is the second one's, and beside
 * it stands what it lacks to 1, or (as raw score) its negative.
 */
function classified(scores: Tensor, labels: Int32Array, transform: (x: Tensor) => Tensor, isRaw: boolean): Tensor[] {
  if (labels.length === 2 && scores.shape[1] === 1) {
    const own = transform(scores);
    const both = concat([isRaw ? own.neg() : own.neg().add(1), own], 1);
    const second = isRaw ? own.gt(0) : own.gt(0.5);
    return [second.squeeze(1).where(labels[1], labels[0]).toInt(), both];
  }
  const chosen = scores.argmax(1);
  const isCounted = labels.every((label, i) => label === i);
  return [isCounted ? chosen : tensor(labels).gather(chosen), transform(scores)];
}

const linear =
  (
    finish: (node: GraphNode) => (scores: Tensor) => Tensor | readonly Tensor[],
    rowsOf: (node: GraphNode) => number,
  ): Row =>
  (node) => {
    node.needs(1);
    node.ignore("multi_class");
    const coefficients = node.floats("coefficients") ?? node.damaged("has no coefficients");
    const intercepts = node.floats("intercepts");
    const end = finish(node);
    const declared = rowsOf(node);
    const rows = intercepts?.length ?? declared;
    const weight = tensor([...coefficients], [rows, coefficients.length / rows]);
    return (x) => {
      const y = x.toFloat().matmul(weight.transpose());
      return end(intercepts === undefined ? y : y.add(tensor([...intercepts])));
    };
  };

const linearClassifier = linear(
  (node) => {
    const labels = labelsOf(node, "classlabels_ints", "classlabels_strings");
    const transform = transformOf(node);
    const isRaw = node.text("post_transform", "NONE") === "NONE";
    node.results = 2;
    return (scores) => classified(scores, labels, transform, isRaw);
  },
  (node) => labelsOf(node, "classlabels_ints", "classlabels_strings").length,
);

const linearRegressor = linear(
  (node) => transformOf(node),
  (node) => node.int("targets", 1),
);

const treeRegressor: Row = (node) => {
  node.needs(1);
  const trees = readForest(node, "target", node.int("n_targets", 1));
  const transform = transformOf(node);
  return (x) => transform(forest(x, trees));
};

const treeClassifier: Row = (node) => {
  node.needs(1);
  node.results = 2;
  const labels = labelsOf(node, "classlabels_int64s", "classlabels_strings");
  const transform = transformOf(node);
  const ids = node.ints("class_ids", []);
  // Of two classes, all leaves may speak of one alone.
  const single = labels.length === 2 && new Set(ids).size === 1;
  const trees = readForest(node, "class", single ? 1 : labels.length);
  return (x) => classified(forest(x, trees), labels, transform, false);
};

const machineRegressor: Row = (node) => {
  node.needs(1);
  const transform = transformOf(node);
  const apply = regress(readMachine(node), node.int("one_class", 0) !== 0);
  node.ignore("n_supports");
  return (x) => transform(apply(x.toFloat()));
};

const machineClassifier: Row = (node) => {
  node.needs(1);
  node.results = 2;
  const labels = labelsOf(node, "classlabels_ints", "classlabels_strings");
  const transform = transformOf(node);
  const apply = classify(node, readMachine(node), labels.length);
  const list = tensor(labels);
  return (x) => {
    const [chosen, scores] = apply(x.toFloat());
    return [list.gather(chosen), transform(scores)];
  };
};

/** A 1 at the place of each number among the categories; a number that is none of them is all zeros. */
const oneHotEncoder: Row = (node) => {
  node.needs(1);
  node.ignore("zeros");
  if (node.has("cats_strings")) node.refuse("has strings as categories; Tidu reads numbers");
  const categories = tensor(Int32Array.from(node.ints("cats_int64s") ?? node.damaged("has no categories")));
  return (x) => x.toInt().unsqueeze(-1).eq(categories).toFloat();
};

/** Other numbers in the place of one number, or of NaN: one for each column, or one for all. */
const imputer: Row = (node) => {
  node.needs(1);
  const isReal = node.has("imputed_value_floats");
  const [floats, ints] = [node.floats("imputed_value_floats"), node.ints("imputed_value_int64s")];
  const [float, int] = [node.float("replaced_value_float", 0), node.int("replaced_value_int64", 0)];
  const values = (isReal ? floats : ints) ?? node.damaged("has no values to put in");
  const given = tensor(isReal ? Float32Array.from(values) : Int32Array.from(values));
  const replaced = isReal ? float : int;
  return (x) => (Number.isNaN(replaced) ? x.eq(x).where(x, given) : x.eq(replaced).where(given, x));
};

/** Whole or real numbers that stand for others; texts are not read. */
const labelEncoder: Row = (node) => {
  node.needs(1);
  const either = (name: string) => node.ints(`${name}_int64s`) ?? node.floats(`${name}_floats`);
  const isFloat = node.has("values_floats");
  const standard = isFloat ? node.float("default_float", -0) : node.int("default_int64", -1);
  node.ignore("default_string", "default_float", "default_int64");
  const [keys, values] = [either("keys"), either("values")];
  if (keys === undefined || values === undefined)
    return node.refuse("maps strings, or uses tensors as tables; Tidu maps numbers");
  return (x) => {
    const start = x.toFloat().mul(0).add(standard);
    const y = keys.reduce((t, key, i) => x.eq(key).where(values[i], t), start);
    return isFloat ? y : y.toInt();
  };
};

export const ML: Rows = {
  "ai.onnx.ml.Scaler": scaler,
  "ai.onnx.ml.Normalizer": normalizer,
  "ai.onnx.ml.LinearClassifier": linearClassifier,
  "ai.onnx.ml.LinearRegressor": linearRegressor,
  "ai.onnx.ml.TreeEnsembleClassifier": treeClassifier,
  "ai.onnx.ml.TreeEnsembleRegressor": treeRegressor,
  "ai.onnx.ml.SVMClassifier": machineClassifier,
  "ai.onnx.ml.SVMRegressor": machineRegressor,
  "ai.onnx.ml.LabelEncoder": labelEncoder,
  "ai.onnx.ml.OneHotEncoder": oneHotEncoder,
  "ai.onnx.ml.Imputer": imputer,
  "ai.onnx.ml.Binarizer": (node) => {
    node.needs(1);
    const threshold = node.float("threshold", 0);
    return (x) => x.gt(threshold).to(x.dtype);
  },
  "ai.onnx.ml.ArrayFeatureExtractor": (node) => {
    node.needs(2);
    return (x, columns) => x.gather(columns.toInt().reshape([columns.size]), x.rank - 1);
  },
  "ai.onnx.ml.FeatureVectorizer": (node) => {
    node.needs(1);
    node.ignore("inputdimensions");
    return (...x) =>
      concat(
        given(x).map((t) => t.toFloat()),
        1,
      );
  },
};
