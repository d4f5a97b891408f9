/** A pass of the compiler made something that breaks a rule: always a bug of Tidu, never of its user. */
export class CompilerFault extends Error {
  override name = "CompilerFault";
  constructor(pass: string, problem: string) {
    super(`compiler, after ${pass}: ${problem}`);
  }
}
