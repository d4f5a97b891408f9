// The common form of all data: samples, targets, and how raw samples become inputs.
import type { Dataset } from "tidu/data";
import type { Fit } from "./images/decode.js";
import type { DateFormat, DatePart } from "./tables/dates.js";
import type { NumberFormat } from "./tables/numbers.js";
import type { TableForm } from "./tables/table.js";

/** The purposes of samples. */
export type PartName = "train" | "validation" | "test";

/** The kinds of data. */
export type SourceKind = "mnist" | "images" | "idx" | "npy" | TableForm;

/** The task: to predict one of some classes, or numbers. */
export type Task = "classification" | "regression";

/** Data ready for training, and what was inferred about it. */
export interface Source {
  readonly kind: SourceKind;
  readonly task: Task;
  /** The training samples. */
  readonly train: Dataset;
  /** The validation samples: the data's own part, or those that `validation` set apart. */
  readonly validation?: Dataset;
  /** The test samples, if the data has such a part. */
  readonly test?: Dataset;
  /** Shape of one input as a network sees it: [channels, height, width] of an image, [features] of a row. */
  readonly inputShape: readonly number[];
  /** The number of outputs that a network needs: one for each class or target column. */
  readonly outputs: number;
  /** Names of the classes, by class number. Only for classification. */
  readonly classes?: readonly string[];
  /** What was inferred, as lines to show to the user before training. */
  readonly description: readonly string[];
  /** The origin of a sample, such as "flowers.csv:12" (its line) or "roses/3.png". */
  readonly origin: (part: PartName, sample: number) => string;
  /**
   * SHA-256 in hex of the names and contents of all files that were read, wherever they are stored. "" in a page that
   * is not a secure context (http, except localhost), where browsers do not compute it.
   */
  readonly fingerprint: string;
  /** How a raw sample becomes an input, as JSON to store with a model. */
  readonly preprocess: Preprocess;
}

/** The progress of reading. */
export interface ReadProgress {
  readonly done: number;
  readonly total: number;
}

/** Options for decoding images. */
export interface DecodeOptions {
  /** The most pixels of an image, so that a small file cannot fill the memory. Default 100,000,000. */
  readonly maxPixels?: number;
  /** How many images are decoded at a time. Default: twice the number of processor cores. */
  readonly concurrency?: number;
  /** Called after each image. */
  readonly onProgress?: (progress: ReadProgress) => void;
}

export interface OpenOptions extends DecodeOptions {
  /** The kind of data. Default: inferred from name and content. */
  readonly kind?: SourceKind;
  /** Default: classification if the targets are names or a few whole numbers. */
  readonly task?: Task;
  /** Share of the training samples to set apart for validation where there is no such part, 0 to 1. Default 0. */
  readonly validation?: number;
  /** Seed of the choice of these samples. Default 0. */
  readonly seed?: number;
  /**
   * Cross-validation: the number of parts, at least 2, that the training samples are divided into; `fold` is set apart,
   * instead of a share. Default: one part, by `validation`.
   */
  readonly folds?: number;
  /** Which of the `folds` is set apart, from 1. Default 1. */
  readonly fold?: number;
  /**
   * Tables: rows with the same value in this column stay together in training or validation; the column is then not an
   * input.
   */
  readonly splitBy?: string;
  /** Tables: the rows that `validation` sets apart are the last by this column of numbers or dates. */
  readonly splitTime?: string;
  /** The preprocessing of an earlier source, whose statistics, categories and classes are used to evaluate a model. */
  readonly preprocess?: Preprocess;

  /** Folders of images: height and width in pixels. Default: that of the images if it is the same for all, else 64. */
  readonly size?: number | readonly [height: number, width: number];
  /** Folders of images: 1 for gray, 3 for RGB. Default: 1 if all images are gray. */
  readonly channels?: 1 | 3;
  /**
   * Folders of images: how images of another shape than `size` are fitted: "stretch" (the default); "letterbox", whole
   * with black bars; or "crop", the center that fills the size.
   */
  readonly fit?: Fit;
  /** Folders of images: skip images that cannot be decoded, and report how many. Default: they are an error. */
  readonly skipDamaged?: boolean;

  /**
   * IDX and NPY: the file with the labels of the images in `path`. Default: the file in the same folder with a matching
   * name. Folders of images: a table with their targets; one of its columns has the files' names. Default: the names of
   * the folders.
   */
  readonly labels?: string;

  /**
   * Tables: the column to predict, or several for regression. Default: the first one named target, label, labels, class
   * or y, else the last.
   */
  readonly target?: string | readonly string[];
  /** Tables: columns to ignore. Names may be joined by commas, here and below. */
  readonly ignore?: readonly string[];
  /** Tables: columns to read as categories even if they look like numbers, such as postcodes. */
  readonly categorical?: readonly string[];
  /** Tables: columns to read as numbers; any other text in them is an error. */
  readonly numeric?: readonly string[];
  /**
   * Tables: columns to read as dates, including YYYYMMDD, days since 1900 as spreadsheets count, and seconds or
   * milliseconds since 1970, which look like numbers.
   */
  readonly dates?: readonly string[];
  /**
   * Tables: the order of year, month and day in dates. Default: inferred for each column, and reported where it is
   * ambiguous.
   */
  readonly dateOrder?: "ymd" | "dmy" | "mdy";
  /**
   * CSV: the character between fields. Default: tab, semicolon, bar or comma, whichever divides all lines into the same
   * number of fields.
   */
  readonly delimiter?: string;
  /** CSV: whether the first line names the columns. Default: by comparing it with the rows. */
  readonly header?: boolean;
  /** CSV: name of the encoding, such as "latin1". Default: UTF-8, UTF-16 or Windows-1252, inferred from the bytes. */
  readonly encoding?: string;
  /** CSV: the decimal mark. Default: inferred for each column; where that is ambiguous, as in other columns. */
  readonly decimal?: "." | ",";
  /** CSV: the thousands separator. Default: inferred for each column. */
  readonly thousands?: "," | "." | " " | "'";
  /**
   * Tables: words for a missing value, in any case, besides the empty field. Default: na, n/a, #n/a, <na>, nan, null,
   * none and ?. If more than a twentieth of the targets are such a word, it counts as a class instead.
   */
  readonly missing?: readonly string[];
}

interface Learned {
  readonly task: Task;
  /** Names of the classes, by class number. Only for classification. */
  readonly classes?: readonly string[];
  /** Mean and standard deviation of the targets of regression; see `restoreTargets`. */
  readonly targets?: readonly Scale[];
}

/** How numbers are standardized: (x - mean) / deviation. */
export interface Scale {
  readonly name: string;
  readonly mean: number;
  /** Standard deviation; 1 where all numbers are the same. */
  readonly deviation: number;
  /** CSV: the number format of the column. Default: digits with a decimal point. */
  readonly format?: NumberFormat;
}

/** An image file: decoded, fitted to a size, converted to gray or RGB, scaled to 0…1 and standardized by channel. */
export interface ImagePreprocess extends Learned {
  readonly kind: "image";
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** How images of another shape are fitted. Default "stretch". */
  readonly fit?: Fit;
  /** Mean and standard deviation of each channel, of values from 0 to 1. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** An NPY or IDX file of numbers: standardized along the first axis of a sample. */
export interface ArrayPreprocess extends Learned {
  readonly kind: "array";
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** One for each index along the first axis, or one for all. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/**
 * A table: numbers are standardized, and missing ones become the mean; categories become one-hot features, or are
 * hashed where there are many; dates become a year and angles. Missing values that occur in training get a separate
 * feature.
 */
export interface TablePreprocess extends Learned {
  readonly kind: "table";
  readonly columns: readonly TableColumn[];
  /** Columns that are predicted. */
  readonly target: readonly string[];
  /** How files of this form are read; see `OpenOptions`. Default: inferred. */
  readonly dialect?: Pick<OpenOptions, "delimiter" | "header" | "encoding" | "missing"> & {
    /** The character between the fields of the training rows. */
    readonly usual?: string;
  };
}

/** The part that all input columns share. */
interface Input {
  readonly name: string;
  /** Whether training had missing values: then a further feature is 1 for them. */
  readonly missing?: boolean;
}

/** One feature: a standardized number. */
export interface NumberColumn extends Input, Scale {
  readonly kind: "number";
}

/** Dates: the year with its fraction, standardized; sine and cosine of each periodic part. */
export interface DateColumn extends Input {
  readonly kind: "date";
  readonly format: DateFormat;
  /** The parts that vary in the training rows. */
  readonly parts: readonly DatePart[];
  /** Mean and standard deviation of the year. */
  readonly mean: number;
  readonly deviation: number;
}

/** Many categories: each sets a few of the features to 1 or -1, by a hash of its UTF-8 bytes. */
export interface HashColumn extends Input {
  readonly kind: "hash";
  /** Number of features, without the one for missing values. */
  readonly places: number;
}

/** Categories: one feature for each. */
export interface CategoryColumn {
  readonly kind: "category";
  readonly name: string;
  /** The categories in the order of their features; "" stands for a missing value. */
  readonly categories: readonly string[];
}

/** A column of a table, and how it becomes features. */
export type TableColumn = NumberColumn | DateColumn | HashColumn | CategoryColumn;

/** How one raw sample (an image file, a row of a CSV file) becomes an input. JSON in and out without loss. */
export type Preprocess = ImagePreprocess | ArrayPreprocess | TablePreprocess;
