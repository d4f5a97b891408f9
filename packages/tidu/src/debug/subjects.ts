// What can be told of programs.

/**
 * What can be told of a program: its simplified graph, its kernels and memory, what each kernel takes, or its code: C for
 * native code, WGSL for graphics cards. WebAssembly is written as bytes, not as text.
 */
export type Subject = "graph" | "program" | "profile" | "code";

export const SUBJECTS: readonly Subject[] = ["graph", "program", "profile", "code"];
