"""modules.json: layers and losses of the toolbox, in the form of functions.json.

The inputs of a layer are those that it is called with, then its parameters in the order of their names.
"""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import weight_norm
from torch.nn.utils.stateless import functional_call

from . import functions
from .common import Output, Random
from .functions import both, case, fixed, ints, normal, positive


def layer(name, make, inputs, call=lambda m, *x: m(*x)) -> None:
    """A layer whose parameters are drawn like inputs."""
    torch.manual_seed(0)
    module = make().double().train(False)
    names = sorted(dict(module.named_parameters()))
    shapes = [tuple(dict(module.named_parameters())[n].shape) for n in names]
    count = [0]

    def draw(r: Random):
        given = inputs(r)
        count[0] = len(given)
        return [*given, *[r.normal(s, 0.5) for s in shapes]]

    class Called(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = module

        def forward(self, *x):
            if isinstance(self.inner, nn.RNNBase):  # it keeps its parameters in a list of its own, too
                self.inner._flat_weights = [getattr(self.inner, n) for n in self.inner._flat_weights_names]
            return call(self.inner, *x)

    def run(*all_):
        x, params = all_[: count[0]], all_[count[0] :]
        found = functional_call(Called().train(False), {f"inner.{n}": p for n, p in zip(names, params)}, tuple(x))
        return found[0] if isinstance(found, tuple) else found

    case(name, draw, run)


def rotate(x):
    half = x.shape[-1] // 2
    angles = torch.arange(x.shape[-2], dtype=torch.float64)[:, None] * 10000.0 ** (-torch.arange(half, dtype=torch.float64) / half)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()], -1)


def sinusoids(x):
    i = torch.arange(x.shape[-1])
    angle = torch.arange(x.shape[-2], dtype=torch.float64)[:, None] / 10000.0 ** ((i - i % 2) / x.shape[-1])
    return x + torch.where(i % 2 == 0, angle.sin(), angle.cos())


def packed(m, x, lengths):
    seen = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    return nn.utils.rnn.pad_packed_sequence(m(seen)[0], batch_first=True, total_length=x.shape[1])[0]


def layers() -> None:
    future = torch.ones(5, 5).triu(1).bool()
    layer("multiHeadAttention", lambda: nn.MultiheadAttention(8, 2, batch_first=True), normal((2, 5, 8)), lambda m, x: m(x, x, x, need_weights=False))
    layer("multiHeadAttention causal", lambda: nn.MultiheadAttention(8, 4, batch_first=True, bias=False), normal((2, 5, 8)), lambda m, x: m(x, x, x, need_weights=False, attn_mask=future))
    layer("multiHeadAttention across", lambda: nn.MultiheadAttention(6, 3, batch_first=True), normal((2, 4, 6), (2, 5, 6), (2, 5, 6)), lambda m, q, k, v: m(q, k, v, need_weights=False))
    layer("multiHeadAttention masked", lambda: nn.MultiheadAttention(6, 3, batch_first=True), normal((2, 5, 6), (5, 5)), lambda m, x, a: m(x, x, x, need_weights=False, attn_mask=a))
    layer("transformerBlock", lambda: nn.TransformerEncoderLayer(8, 2, 12, 0.0, batch_first=True), normal((2, 5, 8)))
    layer("transformerBlock first", lambda: nn.TransformerEncoderLayer(8, 2, 12, 0.0, "gelu", batch_first=True, norm_first=True), normal((2, 5, 8)), lambda m, x: m(x, future))
    case("rotary", normal((2, 3, 5, 6)), rotate)
    case("sinusoidalPositions", normal((2, 5, 6)), sinusoids)
    layer("rnn", lambda: nn.RNN(3, 4, batch_first=True, nonlinearity="relu"), normal((2, 5, 3)))
    layer("lstm", lambda: nn.LSTM(3, 4, 2, batch_first=True), normal((2, 5, 3)))
    layer("lstm both ways", lambda: nn.LSTM(3, 4, 2, batch_first=True, bidirectional=True), normal((2, 4, 3)))
    layer("gru", lambda: nn.GRU(3, 4, batch_first=True, bias=False), normal((2, 5, 3)))
    layer("gru both ways", lambda: nn.GRU(3, 4, batch_first=True, bidirectional=True), normal((2, 5, 3)))
    layer("lstm lengths", lambda: nn.LSTM(3, 4, batch_first=True, bidirectional=True), both(normal((3, 5, 3)), fixed([5, 2, 3])), packed)
    layer("gru cells", lambda: nn.GRU(3, 4, 2, batch_first=True), normal((2, 5, 3)), lambda m, x: m(x)[1])
    layer("lstm cells", lambda: nn.LSTM(3, 4, 2, batch_first=True), normal((2, 5, 3)), lambda m, x: m(x)[1][1])
    layer("groupNorm", lambda: nn.GroupNorm(2, 6), normal((3, 6, 4)))
    layer("instanceNorm", lambda: nn.InstanceNorm2d(3, affine=True), normal((2, 3, 4, 5)))
    case("rmsNorm", normal((3, 5), (5,)), lambda x, w: x / (x.square().mean(-1, keepdim=True) + 1e-6).sqrt() * w)
    layer("prelu", lambda: nn.PReLU(3), normal((2, 3, 4)))
    for name, f in [("hardSigmoid", F.hardsigmoid), ("hardSwish", F.hardswish), ("relu6", F.relu6), ("mish", F.mish), ("softsign", F.softsign), ("selu", F.selu), ("glu", F.glu)]:
        case(name, normal((3, 8)), lambda x, f=f: f(x * 3))
    case("celu", normal((3, 8)), lambda x: F.celu(x * 3, 0.7))
    case("maxPool 1d", normal((2, 3, 9)), lambda x: F.max_pool1d(x, 3, 2, 1))
    case("maxPool ceil", normal((2, 3, 8, 7)), lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True))
    case("maxPool dilated", normal((2, 3, 9, 8)), lambda x: F.max_pool2d(x, (2, 3), 2, (1, 0), (2, 1)))
    case("maxPool 3d", normal((2, 2, 5, 4, 6)), lambda x: F.max_pool3d(x, 2, 2))
    case("avgPool 1d", normal((2, 3, 9)), lambda x: F.avg_pool1d(x, 4, 3, 2))
    case("avgPool ceil", normal((2, 3, 8, 7)), lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True))
    case("avgPool ceil without border", normal((2, 3, 8, 7)), lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False))
    case("avgPool 3d", normal((2, 2, 5, 4, 6)), lambda x: F.avg_pool3d(x, 2, 2))
    case("adaptiveAvgPool", normal((2, 3, 7, 6)), lambda x: F.adaptive_avg_pool2d(x, (3, 2)))
    case("adaptiveMaxPool", normal((2, 3, 7)), lambda x: F.adaptive_max_pool1d(x, 4))
    layer("conv3d", lambda: nn.Conv3d(2, 4, (2, 3, 2), (1, 2, 1), (0, 1, 1), groups=2), normal((2, 2, 4, 5, 4)))
    layer("convTranspose1d", lambda: nn.ConvTranspose1d(3, 4, 3, 2, 1, 1), normal((2, 3, 5)))
    layer("convTranspose3d", lambda: nn.ConvTranspose3d(2, 3, 2, 2), normal((1, 2, 2, 3, 2)))
    case("pixelShuffle", normal((2, 8, 3, 2)), lambda x: F.pixel_shuffle(x, 2))
    for mode in ["mean", "sum", "max"]:
        layer(f"embeddingBag {mode}", lambda mode=mode: nn.EmbeddingBag(7, 4, mode=mode), ints((3, 5), 0, 7))
    layer("weightNorm", lambda: weight_norm(nn.Linear(4, 3)), normal((2, 4)))


def losses() -> None:
    signs = fixed([1.0, -1.0, 1.0, -1.0])
    for how in ["mean", "sum", "none"]:
        case(f"nll {how}", both(normal((4, 3)), ints((4,), 0, 3)), lambda x, t, how=how: F.nll_loss(x, t, reduction=how))
    case("kl", both(normal((4, 3)), positive((4, 3))), lambda x, t: F.kl_div(x, t, reduction="batchmean"))
    case("kl of logarithms", normal((4, 3), (4, 3)), lambda x, t: F.kl_div(x, t, reduction="sum", log_target=True))
    case("cosineEmbedding", both(normal((4, 5), (4, 5)), signs), lambda a, b, t: F.cosine_embedding_loss(a, b, t.detach(), 0.1))
    case("triplet", normal((4, 5), (4, 5), (4, 5)), lambda a, b, c: F.triplet_margin_loss(a, b, c, reduction="none"))
    case("contrastive", both(normal((4, 2), (4, 2)), ints((4,), 0, 2)), lambda a, b, t: 0.5 * (t * F.pairwise_distance(a, b) ** 2 + (1 - t) * (2 - F.pairwise_distance(a, b)).clamp(min=0) ** 2).mean())
    case("hinge", both(normal((4,)), signs), lambda x, t: (1 - x * t).clamp(min=0).mean())
    case("poisson", both(normal((4, 3)), positive((4, 3))), lambda x, t: F.poisson_nll_loss(x, t, full=False))
    case("focal", both(normal((4, 3)), ints((4, 3), 0, 2)), focal)
    case("dice", both(positive((3, 2, 4)), ints((3, 2, 4), 0, 2)), lambda p, t: (1 - (2 * (p * t).flatten(1).sum(1) + 1) / (p.flatten(1).sum(1) + t.flatten(1).sum(1) + 1)).mean())
    case("ctc", both(normal((3, 8, 5)), fixed([[1, 2, 2], [3, 1, 4], [1, 1, 1]])), lambda x, t: F.ctc_loss(x.log_softmax(2).transpose(0, 1), t, torch.tensor([8, 8, 8]), torch.tensor([3, 3, 3]), reduction="none"))
    case("ctc lengths", both(normal((3, 8, 5)), fixed([[1, 2, 2], [3, 1, 4], [1, 1, 1]])), lambda x, t: F.ctc_loss(x.log_softmax(2).transpose(0, 1), t, torch.tensor([8, 5, 7]), torch.tensor([3, 2, 1])))
    case("crossEntropy of images", both(normal((2, 3, 2, 4)), fixed([[[0, 1, 2, 2], [1, -7, 0, 1]], [[2, 2, -7, 1], [0, 0, 1, 2]]])), lambda x, t: F.cross_entropy(x, t, ignore_index=-7))
    case("crossEntropy of each", both(normal((4, 3)), fixed([0, 2, -1, 1])), lambda x, t: F.cross_entropy(x, t, ignore_index=-1, label_smoothing=0.1, reduction="none"))
    case("mse of each", both(normal((4, 3)), positive((4, 3))), lambda x, t: F.mse_loss(x, t, reduction="none"))


def focal(x, t):
    t = t.double()
    p = x.sigmoid()
    cross = F.binary_cross_entropy_with_logits(x, t, reduction="none")
    return ((0.25 * t + 0.75 * (1 - t)) * cross * (1 - (p * t + (1 - p) * (1 - t))) ** 2).mean()


def write(output: Output) -> None:
    functions.CASES.clear()
    layers()
    losses()
    output.json("modules.json", [functions._numbers(*c) for c in functions.CASES])
