import type { Dataset } from "tidu/data";
import type { Fit } from "./images/decode.js";
import type { DateFormat, DatePart } from "./tables/dates.js";
import type { NumberFormat } from "./tables/numbers.js";
import type { TableForm } from "./tables/table.js";

/** What samples are for. */
export type PartName = "train" | "validation" | "test";

/** What a person's data can be. */
export type SourceKind = "mnist" | "images" | "idx" | "npy" | TableForm;

/** What is to be learned: one of some classes, or numbers. */
export type Task = "classification" | "regression";

/** Data that is ready to train on, and what was found out about it. */
export interface Source {
  readonly kind: SourceKind;
  readonly task: Task;
  /** What to learn from. */
  readonly train: Dataset;
  /** What to watch while learning: a part of its own in the data, or what `validation` set apart. */
  readonly validation?: Dataset;
  /** What to be tested on at the end, where the data has such a part. */
  readonly test?: Dataset;
  /** Shape of one input as a network sees it: [channels, height, width] of an image, [features] of a row. */
  readonly inputShape: readonly number[];
  /** Numbers that a network has to give for one sample: as many as classes, or as target columns. */
  readonly outputs: number;
  /** Names of the classes, by class number. Only for classification. */
  readonly classes?: readonly string[];
  /** What was inferred, in lines to show to a person before anything is trained. */
  readonly description: readonly string[];
  /** Where a sample of a part comes from, such as "flowers.csv:12" (its line) or "roses/3.png". */
  readonly origin: (part: PartName, sample: number) => string;
  /**
   * SHA-256 in hex of the names and contents of all files that were read; the same wherever they lie. "" in a
   * page that is no secure context (http, but for localhost), for which browsers compute none.
   */
  readonly fingerprint: string;
  /** How one raw sample becomes an input; JSON, to be kept with a model. */
  readonly preprocess: Preprocess;
}

/** How far a reader has come. */
export interface ReadProgress {
  readonly done: number;
  readonly total: number;
}

/** What holds wherever images are decoded. */
export interface DecodeOptions {
  /** Pixels that an image may have, so that a small file cannot fill the memory. Default 100,000,000. */
  readonly maxPixels?: number;
  /** Images that are decoded at a time. Default: twice the processor's cores. */
  readonly concurrency?: number;
  /** Called after each image. */
  readonly onProgress?: (progress: ReadProgress) => void;
}

export interface OpenOptions extends DecodeOptions {
  /** What the data is. Default: as its name and content say. */
  readonly kind?: SourceKind;
  /** Default: classes if the targets are names or few whole numbers. */
  readonly task?: Task;
  /** Share of the training samples to set apart for validation where there is no such part, 0 to 1. Default 0. */
  readonly validation?: number;
  /** Decides which samples those are. Default 0. */
  readonly seed?: number;
  /**
   * Cross-validation: the training samples are divided into so many parts, 2 and up, of which `fold` is set apart, in the
   * place of a share. Default: one part, by `validation`.
   */
  readonly folds?: number;
  /** Which of the `folds` is set apart, from 1. Default 1. */
  readonly fold?: number;
  /** Tables: rows with the same value in this column are not divided by `validation`; it is no input then. */
  readonly splitBy?: string;
  /** Tables: the rows that `validation` sets apart are the last by this column of numbers or dates. */
  readonly splitTime?: string;
  /** What an earlier source found out: statistics, categories and classes are taken from there, to evaluate a model. */
  readonly preprocess?: Preprocess;

  /** Folders of images: height and width in pixels. Default: that of the images if it is the same for all, else 64. */
  readonly size?: number | readonly [height: number, width: number];
  /** Folders of images: 1 for gray, 3 for RGB. Default: 1 if all images are gray. */
  readonly channels?: 1 | 3;
  /**
   * Folders of images: how images of another shape than `size` are made to fit: stretched (the default), whole with black
   * beside them, or their middle as large as fills it.
   */
  readonly fit?: Fit;
  /** Folders of images: leave out images that cannot be decoded, and say how many. Default: they are an error. */
  readonly skipDamaged?: boolean;

  /**
   * IDX and NPY: the file with the labels of the images in `path`. Default: the file beside it that is named so. Folders of
   * images: a table with their targets; one of its columns has the files' names. Default: the names of their folders.
   */
  readonly labels?: string;

  /** Tables: the column, or for regression columns, to predict. Default: the one named so, else the last. */
  readonly target?: string | readonly string[];
  /** Tables: columns to leave out. Names may be joined by commas, here and below. */
  readonly ignore?: readonly string[];
  /** Tables: columns that hold names even if they look like numbers, such as postcodes. */
  readonly categorical?: readonly string[];
  /** Tables: columns that hold numbers, whatever they look like; any other text in them is an error. */
  readonly numeric?: readonly string[];
  /** Tables: columns that hold dates; also YYYYMMDD, and seconds or milliseconds since 1970, which look like numbers. */
  readonly dates?: readonly string[];
  /** Tables: what comes first in dates. Default: as each column's dates show; where they leave it open, said. */
  readonly dateOrder?: "ymd" | "dmy" | "mdy";
  /** CSV: the character between fields. Default: whichever of tab, semicolon, bar and comma divides the lines alike. */
  readonly delimiter?: string;
  /** CSV: whether the first line names the columns. Default: by comparing it with the rows. */
  readonly header?: boolean;
  /** CSV: name of the encoding, such as "latin1". Default: UTF-8, UTF-16 or Windows-1252, as the bytes say. */
  readonly encoding?: string;
  /** CSV: the decimal mark. Default: as each column's numbers show; where they leave it open, as other columns do. */
  readonly decimal?: "." | ",";
  /** CSV: what may stand between groups of digits. Default: as each column's numbers show. */
  readonly thousands?: "," | "." | " " | "'";
  /**
   * Tables: words that stand for a missing value, in any case, besides the empty field. Default: na, n/a, #n/a, <na>, nan,
   * null, none and ?; of these, one that more than a twentieth of the targets are is a class, and none.
   */
  readonly missing?: readonly string[];
}

interface Learned {
  readonly task: Task;
  /** Names of the classes, by class number. Only for classification. */
  readonly classes?: readonly string[];
  /** What the targets of regression were standardized by; see `restoreTargets`. */
  readonly targets?: readonly Scale[];
}

/** How numbers are standardized: (x - mean) / deviation. */
export interface Scale {
  readonly name: string;
  readonly mean: number;
  /** Standard deviation; 1 where all numbers are the same. */
  readonly deviation: number;
  /** CSV: how the numbers are written. Default: as programs write them. */
  readonly format?: NumberFormat;
}

/** An image file: decoded, made to fit a size, made gray or RGB, scaled to 0…1 and standardized by channel. */
export interface ImagePreprocess extends Learned {
  readonly kind: "image";
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** How images of another shape are made to fit. Default "stretch". */
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
  /** One for each place along the first axis, or one for all. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/**
 * A table: numbers are standardized, missing ones become the mean; names become one feature for each category, or are
 * hashed where they are many; dates become their year and angles. Missing values that training had have a feature of their own.
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

/** What all columns have that are inputs. */
interface Input {
  readonly name: string;
  /** Whether training had missing values: then a further feature is 1 for them. */
  readonly missing?: boolean;
}

/** One feature: a standardized number. */
export interface NumberColumn extends Input, Scale {
  readonly kind: "number";
}

/** Dates: the year with its fraction, standardized; sine and cosine of each part that comes again. */
export interface DateColumn extends Input {
  readonly kind: "date";
  readonly format: DateFormat;
  /** Those that differ in training. */
  readonly parts: readonly DatePart[];
  /** What the year is standardized by. */
  readonly mean: number;
  readonly deviation: number;
}

/** Many names: each sets a few of the features to 1 or -1, by a hash of its UTF-8 bytes. */
export interface HashColumn extends Input {
  readonly kind: "hash";
  /** Features, without that for missing values. */
  readonly places: number;
}

/** Names: one feature for each. */
export interface CategoryColumn {
  readonly kind: "category";
  readonly name: string;
  /** Each is a feature, in this order; "" stands for a missing value. */
  readonly categories: readonly string[];
}

/** A column of a table, and how it becomes features. */
export type TableColumn = NumberColumn | DateColumn | HashColumn | CategoryColumn;

/** How one raw sample (an image file, a row of a CSV file) becomes an input. JSON in and out without loss. */
export type Preprocess = ImagePreprocess | ArrayPreprocess | TablePreprocess;
