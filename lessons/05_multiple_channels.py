# %% [markdown] id="title"
# # Channels, blocks and the shape of a network
#
# A photograph has three channels, a layer inside a network may have hundreds. What does one filter
# do with all of them, and what does it cost?
#
# | | |
# |---|---|
# | Time | 75 minutes |
# | You need | lessons 2 to 4: correlation, padding and stride, pooling |
# | Exercises | nine, where they belong |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. say what a filter does with several channels, and read a layer's shapes from its weight;
# 2. say what a 1×1 convolution can do, and what it cannot;
# 3. prove that two convolutions in a row are one, and say what stops that;
# 4. build a block, and say what batch norm and dropout do in training and in evaluation;
# 5. count a layer's parameters and multiply-adds before it is built, and make it cheaper;
# 6. turn a convolution into one matrix product, and say why libraries do;
# 7. say what a skip connection adds, and why deep networks have them;
# 8. read a network's list of layers against its forward, and find a fault that no error shows.

# %% id="imports"
import inspect

import torch
import torchinfo
from torch import nn
from torch.nn import functional as F

from coursekit import bench, data, figures, kernels, models, ops, shapes
from coursekit.examples import detectors
from coursekit.examples.three_channels import two_filters
from coursekit.exercises import check, guess, own, reveal, warm_up
from coursekit.explorer import Explorer

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="warm-up-intro" slide="skip"
# Three questions on earlier lessons, one minute each. Put your answers in place of the dots, and run
# the cell again.

# %% id="warm-up" slide="skip"
warm_up(5, ..., ..., ...)

# %% [markdown] id="colour"
# ## Colour is three channels
#
# A colour picture is three gray ones, stacked: a tensor (3, H, W). Compare their means for a ginger
# cat.

# %% id="colour-planes"
cat = data.photograph(gray=False)
figures.colour_planes(cat)

# %% [markdown] id="colour-reading"
# Red is the brightest channel, blue the darkest. The three have their edges in the same places, and
# differ in how bright they are. A filter may use both.

# %% [markdown] id="several-in"
# ## Several channels in: a kernel for each, and one sum
#
# A filter has one kernel for each channel of its input. Each kernel slides over its own channel,
# and what they find is added up, pixel by pixel. Here are two channels of 3×3.
#
# Inputs are drawn in gray from here on; kernels and maps have signs: purple is positive, orange
# negative, white zero.

# %% id="two-channels"
x = torch.stack([torch.arange(9).reshape(3, 3), torch.arange(1, 10).reshape(3, 3)])
two_kernels = torch.stack([torch.arange(4).reshape(2, 2), torch.arange(1, 5).reshape(2, 2)])
figures.matrices(
    {"channel 0": x[0], "kernel 0": two_kernels[0], "channel 1": x[1], "kernel 1": two_kernels[1]},
    says="two channels of 3×3, and a filter that has a kernel of 2×2 for each.",
    kinds=["gray", "signed", "gray", "signed"],
    pixel=0.45,
)

# %% [markdown] id="two-channels-predict" slide="slide"
# Channel 0 gives the map of lesson 2, with 19 at its top left. Which number does the **filter** write
# at the top left of its output?

# %% id="guess-two-channels"
guess("5.two-channels", ...)

# %% id="two-channels-sum" tags=["hide-input"]
reveal("5.two-channels")
corr2d = own("2.2")
first, second = corr2d(x[0], two_kernels[0]), corr2d(x[1], two_kernels[1])
figures.channel_sum(torch.stack([first, second])).by(corr2d)

# %% [markdown] id="two-channels-reading" slide="notes"
# Two channels went in, **one** map came out: channels are summed away, because the filter reaches over
# all of them.

# %% [markdown] id="two-channels-agrees" slide="notes"
# PyTorch agrees:

# %% id="two-channels-torch" slide="skip"
layer_input, weight = x[None].float(), two_kernels[None].float()
print("x", tuple(layer_input.shape), " weight", tuple(weight.shape))
print(F.conv2d(layer_input, weight)[0].int().tolist())

# %% [markdown] id="exercise-multi-in"
# ### Exercise 5.1: several channels in
#
# `corr2d` does one channel with one kernel. Write the filter.


# %% id="answer-multi-in"
def corr2d_multi_in(x, kernels):
    """Return the one feature map that a filter makes of several channels.

    x: (C, H, W). kernels: (C, kH, kW), one for each channel. Returns (H - kH + 1, W - kW + 1).
    Channels [[1, 2]] and [[3, 4]] with kernels [[1]] and [[10]] give [[31, 42]].
    """
    ### BEGIN SOLUTION
    maps = [corr2d(channel, kernel) for channel, kernel in zip(x, kernels, strict=True)]
    return sum(maps)
    ### END SOLUTION


# %% id="check-multi-in"
check("5.1", corr2d_multi_in)

# %% [markdown] id="colour-filters-intro" slide="slide"
# A filter can look for what no single channel shows. Below, two filters see the photograph. The first has
# Sobel's kernel for every colour. The second has it for red, its opposite for blue, and zeros for green.

# %% id="colour-filters" tags=["hide-input"]
corr2d_multi_in = own("5.1", corr2d_multi_in)
sobel = kernels.kernel("sobel x")
every_colour = torch.stack([sobel, sobel, sobel])  # (3, 3, 3)
red_against_blue = torch.stack([sobel, 0 * sobel, -sobel])
figures.pictures(
    {
        "mean of the colours": cat.mean(dim=0),
        "Sobel on every colour": corr2d_multi_in(cat, every_colour),
        "red against blue": corr2d_multi_in(cat, red_against_blue),
    },
    signed=("Sobel on every colour", "red against blue"),
    says="the first filter draws whiskers and fur; the second draws the edge of the cheek against the "
    "background, which the first hardly shows.",
    inches=2.4,
).by(corr2d_multi_in)

# %% [markdown] id="colour-filters-reading"
# Follow the edge of the cheek on the right. Fur and background are nearly as bright there, so the first
# filter misses most of it. Their colours differ, and the second filter draws it in one line. The whiskers
# are the opposite case: brighter than the fur, and of no other colour.

# %% [markdown] id="several-out"
# ## Several channels out: a filter for each
#
# One filter makes one feature map. To look for more things, use more filters, each with kernels
# and a bias of its own. The example below has three input channels of 5×5, a border of zeros, and
# two filters of 3×3×3 that move by two pixels.

# %% id="volume-shapes" slide="skip"
x, weight, bias = two_filters()
padded = ops.pad2d(x, 1)
print("padded input", tuple(padded.shape), " weight", tuple(weight.shape), " bias", bias.tolist())

# %% [markdown] id="volume-predict"
# Take filter 0 at the top left. Its window, in each of the three channels, and its three kernels:

# %% id="volume-corner" tags=["hide-input"]
shown = {}
for c in range(3):
    shown |= {f"channel {c}": padded[c, :3, :3], f"kernel {c}": weight[0, c]}
figures.matrices(
    shown,
    says="the window at the top left of three padded channels, each beside its kernel.",
    kinds=["gray", "signed"],
)

# %% [markdown] id="volume-question"
# Three partial sums and the bias of 1 make one number. Which?

# %% id="guess-corner"
guess("5.corner", ...)

# %% id="volume-filter-zero" slide="slide" tags=["hide-input"]
reveal("5.corner")
setting = {"stride": 2, "padding": 1, "at": (0, 0), "by": corr2d}
figures.volume(padded, weight[0], bias[0], name="filter 0", **setting)

# %% [markdown] id="volume-reading"
# At each of the nine positions three partial sums and the bias make one number. The second filter sees
# the same three channels with kernels of its own, and makes nine more.

# %% [markdown] id="explore-volume" slide="slide"
# Both filters, to be moved over. Point at an output: its window is framed in each channel, and the
# three sums stand above the products.
#
# Before you change anything: filter 0 has a kernel for channel 1. If you type zeros into its middle
# row, how many of the eighteen outputs can change?

# %% id="guess-changes"
guess("5.changes", ...)

# %% id="explore-volume-window"
others = ("mode", "preset", "dilation", "draw", "predict", "size", "play")
Explorer(x, weight, bias=bias, stride=2, padding=1, hide=others, by=corr2d_multi_in)

# %% id="explore-volume-changes" slide="skip"
reveal("5.changes")
changed = weight.clone()
changed[0, 1, 1] = 0  # filter 0, channel 1, the middle row
before, after = (F.conv2d(padded[None], w, bias, stride=2)[0] for w in (weight, changed))
print("changed in filter 0 and 1:", (before != after).sum(dim=(1, 2)).tolist())

# %% [markdown] id="explore-volume-reading" slide="notes"
# Seven of the nine did change. At the other two the products of that row had cancelled each other.

# %% [markdown] id="weight-shape" slide="slide"
# Count the kernels: two filters with three kernels each make six. In general a layer has
# $C_{out} \times C_{in}$ kernels and $C_{out}$ biases, and its weight has the shape
#
# $$(C_{out},\ C_{in},\ k_H,\ k_W)$$
#
# Two channels in and three out would also make six kernels, cut up the other way: three filters
# of two. The weight tells the two apart.

# %% [markdown] id="state-dict-predict"
# Twenty photographs of 256×256 go into a layer with 28 filters of 3×3. What is the shape of its
# weight?

# %% id="guess-weight"
guess("5.weight", ...)

# %% id="state-dict"
reveal("5.weight")
layer = nn.Conv2d(in_channels=3, out_channels=28, kernel_size=3)
for name, tensor in layer.state_dict().items():
    print(f"{name:6} {tuple(tensor.shape)}")
print("output", tuple(layer(torch.zeros(20, 3, 256, 256)).shape))

# %% [markdown] id="exercise-multi-out"
# ### Exercise 5.2: several channels out
#
# Go on from your `corr2d_multi_in`.


# %% id="answer-multi-out"
def corr2d_multi_in_out(x, weight, bias):
    """Return the feature maps of all filters, each with its bias.

    x: (C_in, H, W). weight: (C_out, C_in, kH, kW). bias: (C_out,).
    Returns (C_out, H - kH + 1, W - kW + 1).
    One channel [[1, 2]], filters [[1]] and [[10]], biases 0 and 5 give [[1, 2]] and [[15, 25]].
    """
    ### BEGIN SOLUTION
    maps = []
    for kernels_of_filter, its_bias in zip(weight, bias, strict=True):
        maps.append(corr2d_multi_in(x, kernels_of_filter) + its_bias)
    return torch.stack(maps)
    ### END SOLUTION


# %% id="check-multi-out"
check("5.2", corr2d_multi_in_out)

# %% [markdown] id="volume-output-intro" slide="skip"
# Your layer moves by one pixel. Every second row and column of its maps is what a stride of 2 makes:
# all eighteen outputs of the demonstration at once.

# %% id="volume-output" slide="skip"
corr2d_multi_in_out = own("5.2", corr2d_multi_in_out)
output = corr2d_multi_in_out(padded, weight, bias)[:, ::2, ::2]
print("output", tuple(output.shape))
for o in range(2):
    print(f"filter {o}:", output[o].int().tolist())
print("torch agrees:", torch.equal(output, F.conv2d(padded, weight, bias, stride=2)))

# %% [markdown] id="one-by-one"
# ## A 1×1 convolution looks at one pixel
#
# A kernel of 1×1 sees no neighbours, so it finds no edge and blurs nothing; with stride 1 it also
# leaves the size alone. What is left is to mix the channels of a pixel.
#
# At each pixel it takes $C_{in}$ numbers and makes $C_{out}$ of them, always with the same weights.
# Without the two axes of size 1 its weight is a matrix, $(C_{out}, C_{in})$.

# %% [markdown] id="exercise-pointwise"
# ### Exercise 5.3: a 1×1 convolution as a matrix product
#
# Loops over the pixels work. One `@` is enough, if you lay the pixels out for it.


# %% id="answer-pointwise"
def conv1x1(x, weight):
    """Return what a 1×1 convolution makes: at each pixel, mixtures of the channels.

    x: (C_in, H, W). weight: (C_out, C_in). Returns (C_out, H, W).
    Channels [[1, 2]] and [[3, 4]] with the weight [[1, 10]] give [[31, 42]].
    """
    ### BEGIN SOLUTION
    _, H, W = x.shape
    mixed = weight @ x.flatten(1)
    return mixed.reshape(-1, H, W)
    ### END SOLUTION


# %% id="check-pointwise"
check("5.3", conv1x1)

# %% [markdown] id="mix-intro" slide="skip"
# Gray is such a mixture: $0.299\,\text{red} + 0.587\,\text{green} + 0.114\,\text{blue}$. Another is red
# minus blue, which says how warm a colour is.

# %% id="mix-colours" slide="skip"
conv1x1 = own("5.3", conv1x1)
mixtures = torch.tensor([[0.299, 0.587, 0.114], [1.0, 0.0, -1.0]])  # (2, 3)
gray, warmth = conv1x1(cat, mixtures)
figures.pictures(
    {"gray": gray, "red minus blue": warmth},
    signed=("red minus blue",),
    says="two mixtures of the three colours: gray, and red minus blue, which is strongest on the "
    "bridge of the nose, where the fur is ginger, and near zero in the pupils, which have no colour.",
    inches=2.4,
).by(conv1x1)

# %% [markdown] id="mix-reading" slide="notes"
# Red minus blue is strongest on the bridge of the nose, where the fur is ginger, and near zero in
# the pupils, which have no colour. The gray is that of image programs, up to rounding.

# %% [markdown] id="one-by-one-dense" slide="skip"
# Seen from one pixel, this is a fully connected layer. Networks use it to change the number of
# channels without touching the maps.

# %% id="one-by-one-linear" slide="skip"
x = torch.randn(64, 56, 56)
pointwise = nn.Conv2d(64, 32, kernel_size=1, bias=False)
weight = pointwise.weight[:, :, 0, 0].detach()  # (32, 64)
dense = F.linear(x.movedim(0, -1), weight).movedim(-1, 0)  # linear wants the channels last
print(tuple(x.shape), "->", tuple(pointwise(x).shape))
print("equal to conv1x1:", torch.allclose(pointwise(x), conv1x1(x, weight), atol=1e-5))
print("equal to a fully connected layer:", torch.allclose(pointwise(x), dense, atol=1e-5))

# %% [markdown] id="linear-twice"
# ## Two convolutions in a row are one
#
# Take differences between neighbours, and then differences of those. Is there a single kernel
# that does both at once? Guess how many weights it has; 0 if there is none.

# %% id="guess-twice"
guess("5.twice", ...)

# %% id="difference-twice" tags=["hide-input"]
reveal("5.twice")
row = torch.tensor([[3.0, 4, 8, 9, 4, 4]])
difference = torch.tensor([[1.0, -1]])
once = corr2d(row, difference)
print("once  ", once.int().tolist())
print("twice ", corr2d(once, difference).int().tolist())
print("direct", corr2d(row, torch.tensor([[1.0, -2, 1]])).int().tolist())

# %% [markdown] id="compose-derivation"
# Write it out. The second map is a sum over the first, which is a sum over the input:
#
# $$z_i = \sum_b v_b\, y_{i+b} = \sum_b v_b \sum_a u_a\, x_{i+a+b}
#      = \sum_c \Big(\sum_{a+b=c} u_a v_b\Big)\, x_{i+c}$$
#
# The bracket is a kernel. It does not depend on the input, so it can be worked out beforehand.

# %% [markdown] id="exercise-compose"
# ### Exercise 5.4: two kernels in one
#
# Your answer is tested on kernels of all sizes up to 3×3.


# %% id="answer-compose"
def compose(first, second):
    """Return the one kernel that does what sliding `first` and then `second` does.

    first: (kH, kW). second: (lH, lW). Returns (kH + lH - 1, kW + lW - 1).
    compose of [[1, 2]] and [[3, 4]] is [[3, 10, 8]]: 1·3, then 1·4 + 2·3, then 2·4.
    """
    ### BEGIN SOLUTION
    lH, lW = second.shape
    with_room = ops.pad2d(first, (lH - 1, lW - 1))
    return ops.convolve2d(with_room, second)
    ### END SOLUTION


# %% id="check-compose"
check("5.4", compose)

# %% [markdown] id="compose-check" slide="slide"
# The bracket is the *full* convolution of the two kernels, with $k_1 + k_2 - 1$ weights a side. On
# the photograph, a blur of 3×3 and an edge kernel of 3×3 become one of 5×5. Gray is never negative,
# so a ReLU would change nothing; 0.5 is taken off first.

# %% id="compose-photograph"
compose = own("5.4", compose)
blur = kernels.kernel("gaussian blur")
both = compose(blur, sobel)
print("the one kernel:", tuple(both.shape))
two_steps = corr2d(corr2d(gray, blur), sobel)
print("two steps equal one:", torch.allclose(two_steps, corr2d(gray, both), atol=1e-5))
with_relu = corr2d(corr2d(gray - 0.5, blur).relu(), sobel)
print("with ReLU between:  ", torch.allclose(with_relu, corr2d(gray - 0.5, both), atol=1e-5))

# %% [markdown] id="compose-border"
# This holds for *valid* maps, as here. With a padding of 1 in each step (2 for the one kernel) the
# outermost pixels differ: around the middle map stand zeros, where the one kernel still sees the picture.

# %% [markdown] id="activation-reason" slide="slide"
# However many convolutions you stack, without anything between them the network can only do what
# one layer can. An **activation** after each breaks the chain. ReLU is the usual one: negative
# numbers become zero. Below are six, beside their slopes, which the gradient has to pass.

# %% id="activations"
figures.activations(
    {
        "ReLU": F.relu,
        "leaky ReLU, 0.1": lambda x: F.leaky_relu(x, 0.1),
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "GELU": F.gelu,
        "SiLU": F.silu,
    }
)

# %% [markdown] id="activations-reading"
# Sigmoid and tanh flatten on both sides: at 4 their slopes are 0.02 and 0.00, so almost no
# gradient passes. The sigmoid's slope is never above 0.25. ReLU passes the gradient whole or not
# at all; leaky ReLU always passes some; GELU and SiLU are ReLU with its corner rounded off.

# %% [markdown] id="block"
# ## The block: convolution, norm, ReLU, pool
#
# Most networks repeat one block. Follow the photograph through it, step by step: your filter with Sobel's
# kernel on every colour, batch norm, ReLU, and your max pool of 2×2.

# %% id="block-maps"
max_pool2d = own("4.1")
found = corr2d_multi_in(cat, every_colour)  # (158, 158)
normed = nn.BatchNorm2d(1)(found[None, None])[0, 0].detach()
pooled = max_pool2d(normed.relu(), 2, 2)  # (79, 79)

# %% id="block-pictures" tags=["hide-input"]
steps = {"convolution": found, "norm": normed, "ReLU": normed.relu(), "pool": pooled}
named = {}
for name, step in steps.items():
    mean = round(step.mean().item(), 1) + 0.0
    named[f"{name}, {len(step)}×{len(step)}\n{mean} ± {step.std():.1f}"] = step
figures.pictures(
    named,
    signed=tuple(named),
    says="the photograph in one block, with mean and spread: signed edges; the same with mean 0 and "
    "spread 1; edges from dark to bright alone; and the strongest of each four.",
).by(corr2d_multi_in, max_pool2d)

# %% [markdown] id="block-reading" slide="notes"
# Above each map stand its mean and its standard deviation. After the norm the map looks as before: zero
# has moved and the unit has changed, no more. ReLU drops every edge from bright to dark; a second filter
# with the opposite sign could keep them. The pool keeps the strongest of four.

# %% [markdown] id="block-question" slide="slide"
# Built as layers, with padding and eight filters that are yet to be learned: the photograph
# (3, 160, 160) goes in. Which shape leaves the block below?

# %% id="guess-block"
guess("5.block-shape", ...)

# %% id="block-built"
reveal("5.block-shape")
block = nn.Sequential(
    nn.Conv2d(3, 8, kernel_size=3, padding=1, bias=False),
    nn.BatchNorm2d(8),
    nn.ReLU(),
    nn.MaxPool2d(2),
)
print(tuple(cat[None].shape), "->", tuple(block(cat[None]).shape))

# %% [markdown] id="block-built-reading" slide="notes"
# The convolution needs no bias: the norm takes the mean off each map, and with it any number that was
# added everywhere.

# %% [markdown] id="batch-norm"
# ## Batch norm and dropout have two modes
#
# **Batch norm** shifts and scales each channel to mean 0 and standard deviation 1, and then to a
# learned mean and scale. In training it measures both on the batch, and keeps running averages;
# in evaluation it uses those.
#
# **Dropout** acts in training only: `nn.Dropout(0.5)` sets each number to zero with probability
# 0.5 and divides the rest by 1 − 0.5.
#
# Four images, three channels of one pixel. Watch the means of the columns.

# %% id="two-modes"
torch.manual_seed(26)
batch = torch.tensor([[1.0, 2, 8], [3, 2, 4], [5, 6, 0], [7, 6, 4]])
norm, dropout = nn.BatchNorm2d(3), nn.Dropout(0.5)
figures.train_and_eval(batch, {"batch norm": norm, "dropout 0.5": dropout})

# %% [markdown] id="two-modes-reading" slide="notes"
# In training batch norm gives every column the mean 0: 1, 3, 5, 7 become −1.3, −0.4, 0.4, 1.3.
# Dropout sets the hatched cells to zero and doubles the rest, so that the mean stays the same on
# average over many draws; in one draw it does not.
#
# In evaluation dropout copies, and batch norm's columns are not centred: after one batch its
# running mean has moved one tenth of the way from 0 to the batch's mean of 4.

# %% id="running-mean" slide="skip"
print("running mean after one batch:", [round(m, 2) for m in norm.running_mean.tolist()])
alone = batch[:1, :, None, None]
try:
    norm.train()(alone)
except ValueError as error:
    print("one image in training:", str(error).split(",")[0])
print("one image in evaluation:", tuple(norm.eval()(alone).shape))

# %% [markdown] id="two-modes-lesson" slide="notes"
# In training an image's result depends on its neighbours in the batch, and one image of one pixel
# alone has no spread to measure. Dropout's result depends on chance. So `model.eval()` before you
# judge or use a network, `model.train()` before you go on training.

# %% [markdown] id="stacking"
# ## Stacking: fewer pixels, more channels
#
# Blocks follow one another: what one layer gives out, the next takes in. An image of (3, 32, 32) goes
# through a 5×5 convolution with 6 filters; a 3×3 one with 10, and a pool of 2; a 3×3 one with 20, and a
# pool of 2. Nothing is padded. Which shape comes out?

# %% id="guess-stack"
guess("5.stack", ...)

# %% id="stack" tags=["hide-input"]
reveal("5.stack")
stack = nn.Sequential(
    nn.Conv2d(3, 6, kernel_size=5),
    nn.ReLU(),
    nn.Conv2d(6, 10, kernel_size=3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(10, 20, kernel_size=3),
    nn.ReLU(),
    nn.MaxPool2d(2),
)
figures.network_shapes(stack, torch.zeros(1, 3, 32, 32))

# %% [markdown] id="stack-reading" slide="notes"
# The pool drops the last row and column of 11. The number of images, N, goes through untouched.

# %% [markdown] id="why-channels-grow" slide="skip"
# Why do channels grow as maps shrink? Compare three layers as they follow each other in many
# networks: each pool halves both sides, and the channels double.

# %% id="constant-cost" slide="skip"
for channels, side in ((32, 28), (64, 14), (128, 7)):
    cost = shapes.conv_multiply_adds(channels, channels, 3, side, bias=False)
    kept = channels * side**2
    print(f"{channels:3} channels of {side}×{side}: {cost:,} multiply-adds, {kept:,} numbers kept")

# %% [markdown] id="constant-cost-reading" slide="skip"
# A quarter of the positions, four times the kernels: each layer costs the same 7,225,344. Early
# maps say *where* with few kinds of thing, late maps say *what* with many, and at each step half of
# the numbers are gone.

# %% [markdown] id="counting"
# ## What a layer costs, and how to make it cheaper
#
# So far every filter had a kernel for every channel. With `groups=2` half of the filters see the first
# half of the channels, the other half the second half. With as many groups as input channels, each
# **filter** sees one channel: a **depthwise** convolution.
#
# Below, a line is a kernel; those of 1×1 are dashed.


# %% id="group-links"
def four_to_four(kernel_size, groups):
    return nn.Conv2d(4, 4, kernel_size, groups=groups, bias=False)


figures.channel_links(
    {
        "full": four_to_four(3, 1),
        "groups=2": four_to_four(3, 2),
        "depthwise, groups=4": four_to_four(3, 4),
        "separable: depthwise, then 1×1": nn.Sequential(four_to_four(3, 4), four_to_four(1, 1)),
    }
)

# %% [markdown] id="group-reading"
# A depthwise layer looks around and does not mix channels. A 1×1 layer mixes and does not look around.
# One after the other they are a **separable** layer.

# %% [markdown] id="exercise-parameters"
# ### Exercise 5.5: count before you build
#
# In integers, biases included, without building a layer.


# %% id="answer-parameters"
def conv_parameters(in_channels, out_channels, kernel_size, groups):
    """Return how many numbers a convolutional layer learns, its biases included.

    kernel_size: the side of a square kernel. groups: divides both numbers of channels.
    From 4 to 6 channels with kernels of 3×3 in 2 groups the answer is 114.
    """
    ### BEGIN SOLUTION
    channels_seen = in_channels // groups
    return out_channels * (channels_seen * kernel_size**2 + 1)
    ### END SOLUTION


# %% id="check-parameters"
check("5.5", conv_parameters)

# %% [markdown] id="counting-formula" slide="slide"
# A filter holds $k_H k_W$ weights for each channel that it sees, and a bias. There are $C_{out}$:
#
# $$\text{parameters} = C_{out}\,\Big(\frac{C_{in}}{\text{groups}}\,k_H k_W + 1\Big)$$
#
# Each is used once at each position of the map, so for one image
#
# $$\text{multiply-adds} = H_{out} W_{out} \times \text{parameters}$$
#
# The bias is one addition without a product; like torchinfo we count it. The size of the image is
# in the second formula only.

# %% id="count-by-torchinfo" tags=["hide-input"]
conv_parameters = own("5.5", conv_parameters)
for C_in, C_out, groups in ((3, 28, 1), (64, 128, 1), (64, 128, 2), (64, 128, 64)):
    layer = nn.Conv2d(C_in, C_out, kernel_size=3, groups=groups)
    counted = torchinfo.summary(layer, (1, C_in, 30, 30), verbose=0, device="cpu")
    parameters = conv_parameters(C_in, C_out, 3, groups)
    cost = 28 * 28 * parameters
    same = (counted.total_params, counted.total_mult_adds) == (parameters, cost)
    print(
        f"weight {tuple(layer.weight.shape)!s:17} in {groups:2} groups: {parameters:6,.0f} parameters,"
    )
    print(f"    {cost:10,.0f} multiply-adds on maps of 28×28, as torchinfo counts: {same}")

# %% [markdown] id="count-reading" slide="notes"
# The second axis of the weight is the number of channels that a filter sees: 64, 32, 1.

# %% [markdown] id="dense-against-convolution" slide="slide"
# The first layer of our stack makes (6, 28, 28) from (3, 32, 32) with kernels of 5×5. A fully connected
# layer could do it too. How many times as many parameters would it need?
#
# **A** about 30, **B** about 900, **C** about 30,000

# %% id="guess-dense"
guess("5.dense", ...)

# %% id="dense-cost" tags=["hide-input"]
reveal("5.dense")
dense = shapes.linear_parameters(3 * 32 * 32, 6 * 28 * 28)
print(f"fully connected: {dense:,} parameters, {dense:,} multiply-adds")
convolution = conv_parameters(3, 6, 5, 1)
cost = 28 * 28 * convolution
print(f"convolution:     {convolution:,.0f} parameters, {cost:,.0f} multiply-adds")
print(f"ratios:          {dense / convolution:,.0f} and {dense / cost:.0f}")

# %% [markdown] id="dense-reading" slide="notes"
# The two ratios differ because a convolution uses each weight at 784 positions, and a fully connected
# layer uses it once.

# %% [markdown] id="exercise-separable" slide="skip"
# ### Exercise 5.6: what a separable layer holds
#
# The full layer from 64 to 128 channels has 73,728 weights. How many have a depthwise 3×3 on the
# 64 channels and then a 1×1 from 64 to 128 together, without biases?

# %% id="answer-separable" slide="skip"
### BEGIN SOLUTION
weights = 8768
### END SOLUTION

# %% id="check-separable" slide="skip"
check("5.6", weights)

# %% [markdown] id="separable-count" slide="skip"
# Here are both, counted on maps of 28×28:

# %% id="separable" slide="skip"
full = nn.Conv2d(64, 128, 3, padding=1, bias=False)
depthwise = nn.Conv2d(64, 64, 3, padding=1, groups=64, bias=False)
separable = nn.Sequential(depthwise, nn.Conv2d(64, 128, 1, bias=False))
counts = [
    torchinfo.summary(layer, (1, 64, 28, 28), verbose=0, device="cpu")
    for layer in (full, separable)
]
print(f"weights:       {counts[0].total_params / counts[1].total_params:.1f} times fewer")
print(f"multiply-adds: {counts[0].total_mult_adds / counts[1].total_mult_adds:.1f} times fewer")

# %% [markdown] id="separable-reading" slide="skip"
# The separable layer has 8.4 times fewer weights, and as many fewer multiply-adds. It can do
# less: every filter has to make do with the same 64 filtered maps. Networks for phones accept
# that.

# %% [markdown] id="im2col"
# ## How libraries do it: one matrix product
#
# Loops over positions are slow. Write each window as a column of a matrix, each filter as a row
# of another, and a single product computes every output at once. This is `im2col`.
#
# The input below is 3×4, the windows are 2×2. Into how many columns is the 9 in its middle row copied?

# %% id="im2col-input" tags=["hide-input"]
x = torch.tensor([[3.0, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]])
filters = torch.tensor([[[1.0, 0], [0, 1]], [[0.0, 1], [-1, 0]]])  # (2, 2, 2)
print(x.int())

# %% id="guess-copies"
guess("5.copies", ...)

# %% id="im2col-motion" slide="slide" tags=["hide-input"]
reveal("5.copies")
figures.unfolding(x, filters)

# %% [markdown] id="exercise-im2col"
# ### Exercise 5.7: windows as columns


# %% id="answer-im2col"
def im2col(x, kernel_size):
    """Return every window as a column.

    x: (C, H, W). kernel_size: k, the side of a square window. Returns (C·k·k, positions).
    A column holds one window: all of channel 0, row by row, then channel 1.
    The columns follow the window's positions, left to right, then down.
    One channel [[1, 2, 3], [4, 5, 6]] with k = 2 gives [[1, 2], [2, 3], [4, 5], [5, 6]].
    """
    ### BEGIN SOLUTION
    _, H, W = x.shape
    k, columns = kernel_size, []
    for i in range(H - k + 1):
        for j in range(W - k + 1):
            columns.append(x[:, i : i + k, j : j + k].flatten())
    return torch.stack(columns, dim=1)
    ### END SOLUTION


# %% id="check-im2col"
check("5.7", im2col)

# %% [markdown] id="im2col-after" slide="skip"
# Now with your function: the columns, the product, and the maps that it holds row by row.

# %% id="im2col-agrees" slide="skip"
im2col = own("5.7", im2col)
columns = im2col(x[None], 2)  # (4, 6)
product = (filters.flatten(1) @ columns).reshape(2, 2, 3)
print("the columns:", columns.int().tolist())
print("equal to torch:", torch.equal(product, F.conv2d(x[None], filters[:, None])))

# %% [markdown] id="four-ways" slide="slide"
# im2col pays with memory: an inner pixel is copied four times here, and nine times with windows of 3×3.
# What does it buy? Below are five ways to the same result, an image (1, 3, 32, 32) under eight filters of
# 3×3.
#
# - `loops`: Python over every position, channel and weight.
# - `vectorised`: nine products, each of one tap with the whole image, shifted.
# - `im2col`: with your function, and again with windows that compiled code copies.
# - `torch`: PyTorch's own.


# %% id="by-columns"
def by_columns(x, weight):
    product = weight.flatten(1) @ im2col(x[0], 3)  # (8, 27) @ (27, 900)
    return product.reshape(1, 8, 30, 30)


# %% id="four-ways-agree" slide="skip"
x, weight = torch.randn(1, 3, 32, 32), torch.randn(8, 3, 3, 3)
ways = {
    "loops": bench.loops,
    "vectorised": bench.shifts,
    im2col.whose: by_columns,
    "im2col, compiled": ops.conv2d,
    "torch": F.conv2d,
}
for name, way in ways.items():
    same = torch.allclose(way(x, weight), F.conv2d(x, weight), atol=1e-4)
    print(f"{name:20} same result: {same}")

# %% id="four-ways-times" tags=["nbval-ignore-output"]
calls = {name: lambda way=way: way(x, weight) for name, way in ways.items()}
figures.times(bench.times(calls), fastest="torch")

# %% [markdown] id="four-ways-reading" slide="notes"
# `loops` spends its time in Python: 194,400 multiply-adds, and for each the interpreter looks
# up names and makes new numbers. `vectorised` calls compiled code nine times.
#
# Your function copies 900 windows in Python, and that is nearly all of its time: the product itself is
# one fast call. With compiled copying too, im2col is the fastest of ours. On larger layers PyTorch calls a
# library (oneDNN) that does without the matrix of copies.

# %% [markdown] id="sequential-module"
# ## The same network twice
#
# `nn.Sequential` is a list of layers that are called in order. `nn.Module` lets you write
# `forward` yourself, which allows anything. Here is a first small network for 32×32 images, as a
# list. `nn.Flatten` makes one row of 6·16·16 = 1536 numbers of each image's maps.

# %% id="first-cnn"
first_cnn = models.FirstCNN()
for name, shape, parameters in models.shape_table(first_cnn, torch.zeros(1, 1, 32, 32)):
    print(f"{name:10} {shape!s:16} {parameters:5,} parameters")


# %% id="first-cnn-module" slide="skip"
class FirstCNN(nn.Module):
    """The same network, with a forward of its own."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, kernel_size=3, padding=1)
        self.fc = nn.Linear(6 * 16 * 16, 1)

    def forward(self, x):  # (N, 1, 32, 32)
        x = F.avg_pool2d(F.relu(self.conv(x)), 2)  # (N, 6, 16, 16)
        return torch.sigmoid(self.fc(x.flatten(1)))  # (N, 1)


# %% [markdown] id="same-network" slide="skip"
# Layers without parameters need not be modules: `F.relu` does what `nn.ReLU()` does. With the
# same weights both give the same answer. Only the names under which the weights are saved differ:

# %% id="same-network-check" slide="skip"
written = FirstCNN()
weights = first_cnn.state_dict().values()
written.load_state_dict(dict(zip(written.state_dict(), weights, strict=True)))
image = torch.randn(1, 1, 32, 32)
print("same answer:", torch.allclose(written(image), first_cnn(image)))
print("a list:  ", list(first_cnn.state_dict()))
print("a module:", list(written.state_dict()))

# %% [markdown] id="lazy" slide="skip"
# Many errors come from working out 6·16·16 by hand. `nn.LazyLinear` reads it off the first batch that it
# sees:

# %% id="lazy-linear" slide="skip"
lazy = nn.Sequential(
    nn.Conv2d(3, 8, 5), nn.ReLU(), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.Flatten(),
    nn.LazyLinear(120), nn.ReLU(), nn.LazyLinear(84), nn.ReLU(), nn.Linear(84, 2),
)  # fmt: skip
print("before:", lazy[5])
print("output:", tuple(lazy(torch.zeros(4, 3, 32, 32)).shape))
print("after: ", lazy[5])

# %% [markdown] id="lazy-reading" slide="skip"
# 16·24·24 = 9216: it counted for us. The price is that the network has no weights in that layer,
# and no optimiser can hold them, until a batch has passed.

# %% [markdown] id="skip"
# ## A way around: the skip connection
#
# A layer passes on what it made, and not what it got. In a deep stack that is a danger: each layer can
# lose something, and nothing brings it back. A **skip connection** adds what went in to what came out,
# $y = x + f(x)$. `nn.Sequential` cannot express that sum; a `forward` can:


# %% id="skip-module"
class Around(nn.Module):
    """A convolution with ReLU, and a way around both: x + f(x)."""

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, kernel_size=3, padding=1)

    def forward(self, x):  # (N, C, H, W)
        return x + F.relu(self.conv(x))  # (N, C, H, W)


# %% [markdown] id="skip-question" slide="slide"
# Suppose that such a block has learned nothing: all its weights and biases are zero. A pixel of 3 goes
# in. What comes out?

# %% id="guess-skip"
guess("5.skip", ...)

# %% id="skip-zero" tags=["hide-input"]
reveal("5.skip")
block = Around(1)
nn.init.zeros_(block.conv.weight)
nn.init.zeros_(block.conv.bias)
pixel = torch.full((1, 1, 1, 1), 3.0)
print("without the way around:", F.relu(block.conv(pixel)).item(), " with it:", block(pixel).item())

# %% [markdown] id="skip-zero-reading" slide="fragment"
# A block with a way around only has to learn what to *add*.

# %% [markdown] id="skip-deep" slide="slide"
# Send the photograph through ten layers with the random weights that they start from, without and with
# a way around each. The gradient says how much the middle pixel of the result depends on the photograph.

# %% id="skip-twenty" tags=["hide-input"]
torch.manual_seed(0)
blocks = [Around(3) for _ in range(10)]
plain = nn.Sequential(*(nn.Sequential(block.conv, nn.ReLU()) for block in blocks))
networks = {"ten layers": plain, "ten, each with a way around": nn.Sequential(*blocks)}
inside = slice(10, -10), slice(10, -10)  # without what the padding made
shown = {"the photograph": cat.mean(dim=0)[inside]}
for name, network in networks.items():
    image = cat[None].clone().requires_grad_()
    made = network(image)[0].mean(dim=0)  # (160, 160)
    made[80, 80].backward()
    shown[name] = made[inside].detach()
    print(f"{name}: gradient {image.grad.abs().sum():.1g}")

# %% id="skip-pictures" tags=["hide-input"]
brought = {}
for name, made in shown.items():
    contrast = made.std() / made.mean()
    brought[f"{name}\ncontrast {contrast:.4f}"] = made / (2 * made.mean())
figures.pictures(
    brought,
    says="the photograph; after ten layers an even gray; and with a way around each layer a cat, a "
    "little blurred. Each is brought to the mean 0.5.",
    inches=2.4,
)

# %% [markdown] id="skip-reading" slide="notes"
# Without the way around nearly nothing of the contrast is left, and the gradient is ten thousand times
# smaller. With it the sum always holds $x$ itself, and its derivative a 1: both come through.
#
# $x$ and $f(x)$ must have the same shape. Where $f$ halves the maps or changes the channels, a 1×1
# convolution with a stride of 2 does the same to $x$. ResNet-18, a network that you will meet in lesson 7,
# has eight such blocks, each around two convolutions.

# %% [markdown] id="read-a-network"
# ## Read a network before you trust it
#
# This network for 28×28 images was published in a course. It runs, and it learns. Would you publish
# it? Read the list of what was built, then what `forward` does.

# %% id="published-network"
published = models.ThreeBlockCNNAsFound()
print(published)

# %% id="published-forward" slide="slide"
print(inspect.getsource(models.ThreeBlockCNNAsFound.forward))

# %% [markdown] id="published-table" slide="skip"
# Then torchinfo's table. Its mult-adds are millions; torchinfo mislabels the unit.

# %% id="published-summary" slide="skip"
columns = ("output_size", "num_params")
print(torchinfo.summary(published, (1, 1, 28, 28), verbose=0, col_names=columns, device="cpu"))

# %% [markdown] id="exercise-published"
# ### Exercise 5.8: what is wrong with this network?
#
# - **A** a flatten to 1152 numbers, where fc1 expects 2048
# - **B** fc1, learned twice: once alone and once in layer4
# - **C** a missing step, which would turn fc2's numbers into probabilities
# - **D** no fault: in the list, a ReLU stands after fc1
# - **E** layer4, which forward never calls

# %% id="answer-published"
### BEGIN SOLUTION
letter = "E"
### END SOLUTION

# %% id="check-published"
check("5.8", letter)

# %% [markdown] id="published-consequence" slide="slide"
# `fc1` and the first layer of `layer4` are one object, so the table lists it once, under `layer4`.
# That block has no output shape, and its ReLU and dropout are missing: it was never called.
#
# Between `fc1` and `fc2` nothing is left, so the two must be one layer. Multiply their matrices,
# and compare:

# %% id="published-collapse"
fc1, fc2 = published.fc1, published.fc2
one = nn.Linear(2048, 10)
with torch.no_grad():
    one.weight.copy_(fc2.weight @ fc1.weight)
    one.bias.copy_(fc2.weight @ fc1.bias + fc2.bias)
features = torch.randn(5, 2048)
print("one layer does it:", torch.allclose(fc2(fc1(features)), one(features), atol=1e-4))
pair = models.count_parameters(fc1) + models.count_parameters(fc2)
print(f"parameters: {pair:,} do the work of {models.count_parameters(one):,}")

# %% [markdown] id="published-repaired" slide="skip"
# More than a million weights do the work of 20,490, and a dropout in `layer4`, whatever its p,
# would never be called. The repair is one call: `layer4` in place of `fc1`. The same weights then give
# another answer:


# %% id="repaired" slide="skip"
class Repaired(models.ThreeBlockCNNAsFound):
    """The same layers, and a forward that calls all of them."""

    def forward(self, x):  # (N, 1, 28, 28)
        x = self.layer3(self.layer2(self.layer1(x)))  # (N, 128, 4, 4)
        x = self.layer4(x.flatten(1))  # as found: self.fc1
        return self.fc2(x)  # (N, 10)


repaired = Repaired()
repaired.load_state_dict(published.state_dict())
images = torch.randn(5, 1, 28, 28)
print("same answer as before:", torch.allclose(repaired(images), published(images)))

# %% [markdown] id="exercise-expose" slide="skip"
# ### Exercise 5.9: expose the bug in conv1x1
#
# A network has to be read; a layer can be tried. Somebody else's 1×1 convolution gives the right shape
# for every input, and was published for that. It is wrong all the same.
#
# Find an input on which it shows, and answer with `(x, weight)`. Try as often as you like; the smaller
# the input, the better.


# %% id="program-expose" slide="skip"
def their_conv1x1(x, weight):
    """Return what a 1×1 convolution makes: at each pixel, mixtures of the channels."""
    C, H, W = x.shape
    pixels = x.reshape(H * W, C)  # a row for each pixel
    mixed = pixels @ weight.T  # (H·W, C_out)
    return mixed.reshape(len(weight), H, W)


# %% id="answer-expose" slide="skip"
### BEGIN SOLUTION
counterexample = (torch.tensor([[[1.0, 2]]]), torch.tensor([[1.0], [0]]))
### END SOLUTION

# %% id="check-expose" slide="skip"
check("5.9", counterexample)

# %% [markdown] id="board-intro"
# ## Does your detector survive?
#
# The detector of lesson 4 knows whether the parts of an X are there, and not where. A second layer can
# ask: it sees the three pooled maps as its channels, with a kernel for each. Falling strokes belong at two
# corners, rising ones at the other two, the crossing in the middle.
#
# Draw an X on the pad, or strokes that make none. Then run the three cells below it.

# %% id="board-pad" slide="skip"
board_pad = Explorer(
    torch.full((13, 13), -1.0),
    kernels.kernel("crossing"),
    hide=("mode", "stride", "padding", "dilation", "size", "predict", "play", "preset"),
)
board_pad

# %% id="board-filter" tags=["hide-input"]
parts = [kernels.kernel(name) for name in detectors.PARTS]  # falling, rising, crossing
places = torch.zeros(1, 3, 3, 3)  # one filter that sees three maps
places[0, 0, 0, 0] = places[0, 0, 2, 2] = 1
places[0, 1, 0, 2] = places[0, 1, 2, 0] = 1
places[0, 2, 1, 1] = 1
figures.matrices(
    dict(zip(("falling", "rising", "crossing"), places[0], strict=True)),
    says="the three kernels of the second layer: falling strokes at the upper left and lower right, "
    "rising ones at the other two corners, the crossing in the middle.",
)


# %% id="board-detector"
def sees_x(picture):
    """Return whether three of the five parts lie where those of an X do: two layers deep."""
    padded = F.pad(picture, (1, 1, 1, 1))
    maps = torch.stack([max_pool2d(corr2d(padded, part), 2, 2) for part in parts])  # (3, 6, 6)
    found = F.pad((maps >= 7).float(), (1, 1, 1, 1))  # (3, 8, 8)
    return corr2d_multi_in_out(found, places, torch.zeros(1)).max() >= 3


# %% id="board" slide="slide" tags=["hide-input"]
rows = {
    "lesson 1: one weight a pixel": detectors.perceptron(own("1.2")),
    "lesson 2: three filters": detectors.three_filters(corr2d),
    "lesson 3: padded, stride 2": detectors.padded_and_strided(own("3.2"), own("3.4")),
    "lesson 4: pooled": detectors.pooled(corr2d, max_pool2d),
    "lesson 5: two layers": sees_x,
}
figures.detector_board(rows, mine=board_pad.image, by=[corr2d, max_pool2d, corr2d_multi_in_out])

# %% [markdown] id="board-reading"
# The strewn parts no longer pass: the second layer asks where they lie. It wants three of five, so noise
# may hide two. One failure remains: thick strokes match none of the three thin parts, and nothing reaches
# the second layer.
#
# We could add parts by hand, and then more. Somebody has to choose each, and each limit: 7 of 9, 3 of 5.
# Lesson 6 learns them from drawings.

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. A filter has a kernel for every input channel and sums over them all; $C_{out}$ filters make
#    $C_{out}$ maps, and the weight is $(C_{out}, C_{in}, k_H, k_W)$.
# 2. A 1×1 convolution can mix the channels of each pixel. It sees no neighbours, so it cannot find
#    an edge or blur; with stride 1 it keeps the size.
# 3. Two convolutions are one with the composed kernel, where no padding comes between; an activation
#    between them stops that.
# 4. Batch norm uses the batch's mean in training and a running one in evaluation; dropout acts in
#    training only.
# 5. Without groups, parameters are $C_{out}(C_{in} k_H k_W + 1)$, multiply-adds that times the positions; a
#    separable layer needs little more than a ninth for 3×3 kernels, here 1/8.4.
# 6. im2col copies windows into columns, and pays memory to have one fast product.
# 7. A skip connection adds what went in to what was made, $x + f(x)$; so a picture and a gradient get
#    through a deep stack, and a block has to learn only what to add.
# 8. What a network builds and what its forward calls are two lists. Read both.
#
# Next: train one, on ten kinds of garment. Lesson 6.
