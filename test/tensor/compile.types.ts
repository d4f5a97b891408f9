// What TypeScript knows of compiled functions and gradients; `npm run check` compiles this file.
import { compile, grad, nn, type Tensor, tensor } from "tidu";

const x = tensor([1]);

export async function types(): Promise<void> {
  const add = compile((p, q) => p.add(q));
  const sum: Tensor = await add(x, 2);
  // @ts-expect-error one argument of two
  await add(x);
  // @ts-expect-error three arguments of two
  await add(x, x, x);
  // @ts-expect-error a text is no tensor
  await add(x, "2");
  // @ts-expect-error one argument of two
  add.prepare(x);

  const floats: Float32Array = await x.data("f32");
  const bytes: Uint8Array = await x.to("u8").data("u8");
  const halves: Float32Array = await x.to("f16").data("f16");
  const brains: Float32Array = await x.to("bf16").data("bf16");
  nn.linear(2, 1).to("bf16").to("f32");
  // @ts-expect-error weights are floats
  nn.linear(2, 1).to("u8");
  const truths: Int32Array = await x.gt(0).data("bool");
  // @ts-expect-error it may be of any type where none is named
  const any: Float32Array = await x.data();
  void [floats, halves, brains, bytes, truths, any];

  const named = compile((p: Tensor, _rest: Tensor) => ({ value: p }));
  const value: Tensor = (await named(x, x)).value;
  const none = compile(() => {});
  await none();
  // @ts-expect-error an argument of none
  await none(x);
  const many = compile((first, ...more) => more.reduce((a, b) => a.add(b), first));
  await many(x, x, 3);
  // @ts-expect-error a number is no tensor
  compile(() => 5);
  // @ts-expect-error nothing can be waited for in it
  compile(async (p) => p);

  const [dx] = grad(sum, [x]);
  const [dp, dq]: [Tensor, Tensor] = grad(sum, [x, value]);
  // @ts-expect-error there is one gradient
  const [, more] = grad(sum, [x]);
  void [dx, dp, dq, more];
}

export class Two extends nn.Module {
  readonly layer = nn.linear(2, 2);

  override forward(a: Tensor, b: Tensor): Tensor {
    return this.layer.forward(a).add(b);
  }
}

export const two = (net: Two, any: nn.Module): Tensor => {
  // @ts-expect-error it takes two
  net.forward(x);
  // @ts-expect-error a layer takes one
  net.layer.forward(x, x);
  return any.forward(net.forward(x, x), x);
};
