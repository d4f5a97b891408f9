/** Thrown where a pass of the compiler broke a rule: always a bug in Tidu, never in the user's code. */
export class CompilerFault extends Error {
  override name = "CompilerFault";
  constructor(pass: string, problem: string) {
    super(`compiler, after ${pass}: ${problem}`);
  }
}
