// The variables that a checkpoint holds, in groups.
import { ArgumentError } from "../base/errors.js";
import { formatShape, sameShape } from "../base/shape.js";
import type { Variable } from "../tensor/variable.js";
import type { Checkpoint } from "./checkpoint.js";
import { restoreSnapshot, type Snapshot, takeSnapshot, type Variables } from "./snapshot.js";
import type { Ingredients } from "./steps.js";

/**
 * All variables that steps change, by group; complete once a step is traced, since the optimizer then has its state.
 * What an own step changes beside them, such as the state of a second optimizer, has numbers for names.
 */
function groupsOf({ net, optimizer, generator }: Ingredients, changed: readonly Variable[]): Record<string, Variables> {
  const named = {
    net: net.state(),
    optimizer: optimizer.state(net.namedParameters()),
    random: new Map([["state", generator.state]]),
  };
  const known = new Set(Object.values(named).flatMap((variables) => [...variables.values()]));
  const others = changed.filter((variable) => !known.has(variable));
  return { ...named, step: new Map(others.map((variable, i) => [String(i), variable])) };
}

/** The present values of the variables; `changed` are those that a step assigns. */
export async function takeGroups(
  ingredients: Ingredients,
  changed: readonly Variable[],
): Promise<Record<string, Snapshot>> {
  const taken = Object.entries(groupsOf(ingredients, changed)).map(async ([group, variables]) => {
    return [group, await takeSnapshot(variables)] as const;
  });
  return Object.fromEntries(await Promise.all(taken));
}

/**
 * Restores the values of the variables.
 *
 * @throws ArgumentError if the checkpoint in `file` has other variables; all then keep their values.
 */
export function restoreGroups(
  ingredients: Ingredients,
  changed: readonly Variable[],
  { groups }: Checkpoint,
  file: string,
): void {
  const live = groupsOf(ingredients, changed);
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
