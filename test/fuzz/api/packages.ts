// What users import, by the path they import it from: the calls are made through these, and their types are read from them.

export * as experiment from "@tidu/cli/experiment";
export * as report from "@tidu/cli/report";
export * as run from "@tidu/cli/run";
export * as sources from "@tidu/cli/sources";
export * as onnx from "@tidu/onnx";
export * as tidu from "tidu";
export * as augment from "tidu/augment";
export * as data from "tidu/data";
export * as debug from "tidu/debug";
export * as insight from "tidu/insight";
export * as mpi from "tidu/mpi";
export * as native from "tidu/native";
export * as webgpu from "tidu/webgpu";
