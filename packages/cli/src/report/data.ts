// The contents of a report. Findings are plain JSON: those that need the network and the data are collected once and
// stored.

/** Numbers counted into bins of equal width. */
export interface Histogram {
  /** The smallest and the largest number: where the first bin begins and the last ends. */
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
  /** Numbers that are NaN or infinite, which no bin counts; absent where there are none. */
  readonly notFinite?: number;
}

/** A picture that a page can show without loading anything. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** A PNG file as a data URI. */
  readonly source: string;
}

/** A network's quality for one class. */
export interface ClassQuality {
  readonly name: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Area under the ROC curve, one class against the others; absent where that is not defined, or too much to sort. */
  readonly auc?: number;
  readonly averagePrecision?: number;
  /** Samples of the class. */
  readonly support: number;
}

/** The probability that a network gives a class, from 0 to 1. */
export interface ClassProbability {
  readonly name: string;
  readonly probability: number;
}

/** A sample that was put into the wrong class. */
export interface Mistake {
  /** Its number in the data set, from 0. */
  readonly sample: number;
  /** Where it comes from, such as a file or a line of one. */
  readonly origin?: string;
  readonly truth: string;
  readonly predicted: string;
  /** The most probable classes first; the true one is always among them. */
  readonly probabilities: readonly ClassProbability[];
  /** Of samples that are images. */
  readonly picture?: Picture;
}

/** The confusion matrix, the quality of each class, and the worst mistakes. */
export interface ClassFindings {
  /** confusion[truth][predicted]: samples, with classes in the order of `qualities`. */
  readonly confusion: readonly (readonly number[])[];
  readonly qualities: readonly ClassQuality[];
  /** Mean over the samples of Σ (probability - truth)² over the classes (Brier, 1950): 0 is perfect, 2 the worst. */
  readonly brier: number;
  /** Samples in the wrong class, and those of them that the network was surest of, the worst first. */
  readonly wrong: number;
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

/** How well a network predicts one value, in the units of the data. */
export interface ValueFindings {
  readonly name: string;
  /** Mean of |predicted - truth|, and root of the mean of its square. */
  readonly mae: number;
  readonly rmse: number;
  /** 1 is perfect, 0 no better than the mean; absent where all true values are the same. */
  readonly r2?: number;
  /** Of predicted - truth. */
  readonly residuals: Histogram;
  /** [truth, predicted] of some samples, taken evenly. */
  readonly points: readonly (readonly [truth: number, predicted: number])[];
  /** The largest differences first. */
  readonly misses: readonly Miss[];
}

/** How far a network's score falls when a column's values are shuffled. */
export interface ImportanceFindings {
  readonly score: "accuracy" | "R²";
  /** The score as it is. */
  readonly whole: number;
  /** Samples that were looked at. */
  readonly samples: number;
  /** The most important first: mean and standard deviation over the shuffles. */
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
  /** Engine memory of a training step on such a batch. */
  readonly trainingBytes: number;
}

/** What the first layer looks for in images. */
export interface KernelFindings {
  readonly layer: string;
  /** How many the layer has, of which the first are shown. */
  readonly count: number;
  /** The largest absolute weight of those shown: full color. */
  readonly most: number;
  /** Whether pictures show the weights of red, green and blue in these colors. */
  readonly colored: boolean;
  readonly pictures: readonly (Picture & { readonly name: string })[];
}

/** A parameter's numbers, and the gradient of the cost by them for one batch. */
export interface ParameterFindings {
  readonly name: string;
  readonly layer: string;
  readonly shape: readonly number[];
  readonly values: Histogram;
  readonly gradient: Histogram;
}

/** What a kernel of the compiled training step takes on one thread. */
export interface KernelTime {
  readonly name: string;
  readonly kind: string;
  readonly sizes: readonly number[];
  readonly microseconds: number;
  /** Share of all kernels' times. */
  readonly share: number;
  /** For contractions: 10⁹ additions and multiplications a second. */
  readonly gigaflops?: number;
  /** 10⁹ bytes a second, read and written. */
  readonly gigabytes: number;
}

/** What the findings were made with. */
export interface Environment {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** The device's name; absent in findings from before there were several. */
  readonly device?: string;
  /** Threads of the engine; absent for devices that have none. */
  readonly threads?: number;
  /** Whether kernels use fused multiply-add. */
  readonly fusedMultiplyAdd: boolean;
}

/** The findings of running a network on data: the content of a run's report.json. */
export interface Findings {
  /** Changes when older versions could not read it. */
  readonly format: 1;
  /** What the data are called, such as "test". */
  readonly part: string;
  /** The epoch whose network it was; absent where that is not known. */
  readonly epoch?: number;
  readonly samples: number;
  /** Mean loss of a sample. */
  readonly loss: number;
  /** Share of samples in the right class; absent where there are no classes. */
  readonly accuracy?: number;
  readonly network: NetworkFindings;
  /** Where the targets are class numbers. */
  readonly classes?: ClassFindings;
  /** Where they are values. */
  readonly values?: readonly ValueFindings[];
  /** Where samples are rows of columns. */
  readonly importance?: ImportanceFindings;
  /** Where the first layer sees images. */
  readonly kernels?: KernelFindings;
  readonly parameters: readonly ParameterFindings[];
  /** In the order in which they run. */
  readonly times: readonly KernelTime[];
  readonly environment: Environment;
}

/** How an epoch, or a step of it, went. */
export interface EpochRecord {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy?: number;
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  /** Learning rate. */
  readonly lr?: number;
  /** Of training alone. */
  readonly seconds?: number;
  /** Whether it was the best epoch so far. */
  readonly best: boolean;
  /** Losses of equal parts of the epoch, one after the other. */
  readonly losses: readonly number[];
}

/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Everything on a report's page. What is missing is left out there. */
export interface ReportData {
  /** Name of the run. */
  readonly title: string;
  /** How it was begun, in whatever form it was kept. */
  readonly config?: Json;
  readonly epochs: readonly EpochRecord[];
  readonly findings?: Findings;
}
