import { nn } from "tidu";

/** A perceptron for digits with two hidden layers of that many units, and whatever follows each of them. */
export const perceptron = (units: number, after: () => nn.Module[] = () => []): nn.Sequential =>
  nn.sequential(
    ...[nn.flatten(), nn.linear(784, units), nn.relu(), ...after()],
    ...[nn.linear(units, units), nn.relu(), ...after()],
    nn.linear(units, 10),
  );
