// The subjects of reports about programs.

/**
 * What a report shows of a program: its simplified graph, its kernels and memory, the time of each kernel on one thread, or
 * its code. The times are those of native code on a `NativeDevice`, and a moment later, else those of WebAssembly. The code is C
 * for native code and WGSL for graphics cards; WebAssembly is written as bytes and has no text.
 */
export type Subject = "graph" | "program" | "profile" | "code";

export const SUBJECTS: readonly Subject[] = ["graph", "program", "profile", "code"];
