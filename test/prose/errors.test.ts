import { expect, it } from "vitest";
import { messageProblems, messagesOf } from "../../scripts/prose/errors.mjs";

it("finds mends after a colon, and sentences that are too long", () => {
  const source = [
    "throw new ArgumentError(`fit: batchSize $" + "{size} does not fit: use a smaller one`);",
    'throw new ArgumentError("fit: batchSize 12 does not fit; use a smaller one, such as: 10");',
    `throw new ArgumentError("fit: ${"very ".repeat(41)}long");`,
  ].join("\n");
  expect(messagesOf(source).map(([, message]) => messageProblems(message))).toEqual([
    [expect.stringMatching(/^": use": .* semicolon/)],
    [],
    [expect.stringMatching(/more than 40 words/)],
  ]);
});
