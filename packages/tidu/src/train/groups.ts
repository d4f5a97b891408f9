// The variables that a checkpoint holds, in groups.
import { ArgumentError } from "../base/errors.js";
import { formatShape, sameShape } from "../base/shape.js";
import type { Checkpoint } from "./checkpoint.js";
import { restoreSnapshot, type Snapshot, takeSnapshot, type Variables } from "./snapshot.js";
import type { Ingredients } from "./steps.js";

/**
 * All variables that steps change, by group; complete once a step is traced, since the optimizer then has its state.
 *
 * @param step what an own step changes beside the others.
 */
const groupsOf = ({ net, optimizer, generator }: Ingredients, step: Variables): Record<string, Variables> => ({
  net: net.state(),
  optimizer: optimizer.state(net.namedParameters()),
  random: new Map([["state", generator.state]]),
  step,
});

/** The present values of the variables; `step` are those that an own step changes beside the others. */
export async function takeGroups(ingredients: Ingredients, step: Variables): Promise<Record<string, Snapshot>> {
  const taken = Object.entries(groupsOf(ingredients, step)).map(async ([group, variables]) => {
    return [group, await takeSnapshot(variables)] as const;
  });
  return Object.fromEntries(await Promise.all(taken));
}

/**
 * Restores the values of the variables.
 *
 * @throws ArgumentError if the checkpoint in `file` has other variables; all then keep their values.
 */
export function restoreGroups(ingredients: Ingredients, step: Variables, { groups }: Checkpoint, file: string): void {
  const live = groupsOf(ingredients, step);
  const pairs = Object.entries(live).map(
    ([group, variables]) => [group, variables, groups[group] ?? new Map()] as const,
  );
  for (const [group, variables, snapshot] of pairs) checkVariables(group, variables, snapshot, file);
  for (const [, variables, snapshot] of pairs) restoreSnapshot(variables, snapshot);
}

function checkVariables(group: string, variables: Variables, snapshot: Snapshot, file: string): void {
  for (const name of new Set([...variables.keys(), ...snapshot.keys()])) {
    const [own, stored] = [variables.get(name)?.shape, snapshot.get(name)?.shape];
    if (own !== undefined && stored !== undefined && sameShape(own, stored)) continue;
    const [here, there] = [own, stored].map((shape) => (shape === undefined ? "absent" : formatShape(shape)));
    throw new ArgumentError(
      `fit: ${file} is a checkpoint of another training: ${group} ${name} is ${here}, there ${there}; give the network and optimizer that it was started with`,
    );
  }
}
