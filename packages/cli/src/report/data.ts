// The contents of a report. Findings are plain JSON: those that need the network and the data are collected once and
// stored.

/** Numbers counted into bins of equal width. */
export interface Histogram {
  /** The smallest number, where the first bin begins. */
  readonly low: number;
  /** The largest number, where the last bin ends. */
  readonly high: number;
  readonly counts: readonly number[];
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
  /** How many numbers are NaN or infinite, and in no bin; absent if there are none. */
  readonly notFinite?: number;
}

/** A picture that a page can show without loading a file. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** A PNG file as a data URI. */
  readonly source: string;
}

/** How well a network predicts one class. */
export interface ClassQuality {
  readonly name: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Area under the ROC curve of this class against all others; absent if undefined, or if there is too much to sort. */
  readonly auc?: number;
  readonly averagePrecision?: number;
  /** The number of samples of the class. */
  readonly support: number;
}

/** The probability of a class, from 0 to 1, as a network predicts it. */
export interface ClassProbability {
  readonly name: string;
  readonly probability: number;
}

/** A misclassified sample. */
export interface Mistake {
  /** Its index in the data set, from 0. */
  readonly sample: number;
  /** Where it comes from, such as a file or a line of one. */
  readonly origin?: string;
  readonly truth: string;
  readonly predicted: string;
  /** The most probable classes first; the true one is always among them. */
  readonly probabilities: readonly ClassProbability[];
  /** The sample itself, if it is an image. */
  readonly picture?: Picture;
}

/** The confusion matrix, the quality of each class, and the worst mistakes. */
export interface ClassFindings {
  /** Numbers of samples: `confusion[truth][predicted]`, with classes in the order of `qualities`. */
  readonly confusion: readonly (readonly number[])[];
  readonly qualities: readonly ClassQuality[];
  /** Brier score: the mean over samples of Σ (probability - truth)² over classes (Brier, 1950). 0 is perfect, 2 the worst. */
  readonly brier: number;
  /** The number of misclassified samples. */
  readonly wrong: number;
  /** The misclassified samples with the highest predicted probabilities, highest first. */
  readonly mistakes: readonly Mistake[];
}

/** A sample whose predicted value is far from the true one. */
export interface Miss {
  readonly sample: number;
  /** Where it comes from, such as a file or a line of one. */
  readonly origin?: string;
  readonly truth: number;
  readonly predicted: number;
  readonly picture?: Picture;
}

/** How well a network predicts one value, in the unit of the data. */
export interface ValueFindings {
  readonly name: string;
  /** Mean absolute error. */
  readonly mae: number;
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** R²: 1 is perfect, 0 no better than predicting the mean; absent if all true values are the same. */
  readonly r2?: number;
  /** The differences predicted - truth. */
  readonly residuals: Histogram;
  /** [truth, predicted] of some samples, evenly spaced over the data. */
  readonly points: readonly (readonly [truth: number, predicted: number])[];
  /** The samples with the largest errors, largest first. */
  readonly misses: readonly Miss[];
}

/** Permutation importance: how much a network's score falls when the values of a column are shuffled. */
export interface ImportanceFindings {
  readonly score: "accuracy" | "R²";
  /** The score before shuffling. */
  readonly whole: number;
  /** The number of samples used. */
  readonly samples: number;
  /** How much the score falls, most first: mean and standard deviation over several shuffles. */
  readonly features: readonly { readonly name: string; readonly mean: number; readonly deviation: number }[];
}

/** One call of a layer. */
export interface LayerFindings {
  readonly name: string;
  readonly layer: string;
  /** Shape of the output for one sample. */
  readonly outputShape: readonly number[];
  readonly parameters: number;
}

/** The network: its layers, its parameters, and the memory of a training step. */
export interface NetworkFindings {
  readonly inputShape: readonly number[];
  readonly layers: readonly LayerFindings[];
  readonly parameters: number;
  readonly batchSize: number;
  /** Memory of the device for a training step on such a batch, in bytes. */
  readonly trainingBytes: number;
}

/** The weights of the first layer as pictures, where it sees images. */
export interface KernelFindings {
  readonly layer: string;
  /** The number of the layer's kernels, of which the first are shown. */
  readonly count: number;
  /** The largest absolute weight shown, which has the full color. */
  readonly most: number;
  /** Whether the pictures show the weights for red, green and blue in these colors. */
  readonly colored: boolean;
  readonly pictures: readonly (Picture & { readonly name: string })[];
}

/** The distribution of a parameter's values, and of the cost's gradient with respect to it for one batch. */
export interface ParameterFindings {
  readonly name: string;
  readonly layer: string;
  readonly shape: readonly number[];
  readonly values: Histogram;
  readonly gradient: Histogram;
}

/** The time that a kernel of the compiled training step takes on one thread. */
export interface KernelTime {
  readonly name: string;
  readonly kind: string;
  readonly sizes: readonly number[];
  readonly microseconds: number;
  /** Share of the time of all kernels, from 0 to 1. */
  readonly share: number;
  /** Contractions only: 10⁹ additions and multiplications per second. */
  readonly gigaflops?: number;
  /** 10⁹ bytes read and written per second. */
  readonly gigabytes: number;
}

/** The machine and the versions with which the findings were made. */
export interface Environment {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** The device's name; absent in findings of versions that had only one device. */
  readonly device?: string;
  /** The number of the device's threads; absent if it has none. */
  readonly threads?: number;
  /** Whether kernels use fused multiply-add. */
  readonly fusedMultiplyAdd: boolean;
}

/** What was found by running a network on data: the content of a run's report.json. */
export interface Findings {
  /** The version of the format; it changes if older versions could not read it. */
  readonly format: 1;
  /** The name of the data, such as "test". */
  readonly part: string;
  /** The epoch that the network is from; absent if unknown. */
  readonly epoch?: number;
  readonly samples: number;
  /** Mean loss of a sample. */
  readonly loss: number;
  /** Share of samples whose class is predicted correctly; absent without classes. */
  readonly accuracy?: number;
  readonly network: NetworkFindings;
  /** Present if the targets are class numbers. */
  readonly classes?: ClassFindings;
  /** Present if the targets are values: one entry for each value. */
  readonly values?: readonly ValueFindings[];
  /** Present if samples are rows of a table. */
  readonly importance?: ImportanceFindings;
  /** Present if the first layer sees images. */
  readonly kernels?: KernelFindings;
  readonly parameters: readonly ParameterFindings[];
  /** The kernels of the training step, in the order in which they run. */
  readonly times: readonly KernelTime[];
  readonly environment: Environment;
}

/** The metrics of one epoch. */
export interface EpochRecord {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy?: number;
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  /** Learning rate. */
  readonly lr?: number;
  /** Seconds of training, without validation. */
  readonly seconds?: number;
  /** Whether it was the best epoch so far. */
  readonly best: boolean;
  /** The mean losses of equal parts of the epoch, in order. */
  readonly losses: readonly number[];
}

/** Any value that JSON can represent. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Everything that a report shows. Parts that are missing here are missing on the page. */
export interface ReportData {
  /** The name of the run. */
  readonly title: string;
  /** The settings with which the run began, as they were saved. */
  readonly config?: Json;
  readonly epochs: readonly EpochRecord[];
  readonly findings?: Findings;
}
