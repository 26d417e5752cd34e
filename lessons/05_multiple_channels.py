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
# 7. read a network's list of layers against its forward, and find a fault that no error shows.

# %% id="imports"
import inspect

import scipy.signal
import torch
import torchinfo
from torch import nn
from torch.nn import functional as F

from coursekit import bench, data, figures, kernels, models, ops, shapes
from coursekit.examples.three_channels import two_filters
from coursekit.exercises import check
from coursekit.explorer import Explorer

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="colour"
# ## Colour is three channels
#
# A colour picture is three gray ones, stacked: a tensor (3, H, W). Which of the three do you
# expect to be brightest for a ginger cat?

# %% id="colour-planes"
cat = data.photograph(gray=False)
figures.colour_planes(cat)

# %% [markdown] id="colour-reading"
# Red is the brightest channel, blue the darkest. The three agree about where edges are and
# disagree about how bright things are. A filter may use both.

# %% [markdown] id="several-in"
# ## Several channels in: a kernel for each, and one sum
#
# A filter has one kernel for each channel of its input. Each kernel slides over its own channel,
# and what they find is added up, pixel by pixel. Here are two channels of 3×3.

# %% id="two-channels"
x = torch.stack([torch.arange(9).reshape(3, 3), torch.arange(1, 10).reshape(3, 3)])
two_kernels = torch.stack([torch.arange(4).reshape(2, 2), torch.arange(1, 5).reshape(2, 2)])
first, second = ops.corr2d(x[0], two_kernels[0]), ops.corr2d(x[1], two_kernels[1])
figures.matrices(
    {"channel 0": x[0], "kernel 0": two_kernels[0], "channel 1": x[1], "kernel 1": two_kernels[1]},
    says="two channels of 3×3, and a filter that has a kernel of 2×2 for each.",
    pixel=0.45,
)

# %% [markdown] id="two-channels-predict"
# Channel 0 gives the map of lesson 2, with 19 at its top left. What does channel 1 give there? What
# is the filter's output, and what shape has it?

# %% id="two-channels-sum"
figures.channel_sum(torch.stack([first, second]))

# %% [markdown] id="two-channels-reading"
# 19 + 37 = 56 at the top left, and so on. Two channels went in, **one** came out: channels are
# summed away, because the filter reaches over all of them. PyTorch agrees:

# %% id="two-channels-torch"
layer_input, weight = x[None].float(), two_kernels[None].float()
print("x", tuple(layer_input.shape), " weight", tuple(weight.shape))
print(F.conv2d(layer_input, weight)[0].int().tolist())

# %% [markdown] id="exercise-multi-in"
# ### Exercise 5.1: several channels in
#
# `ops.corr2d` does one channel with one kernel. Write the filter.


# %% id="answer-multi-in"
def corr2d_multi_in(x, kernels):
    """Return the one feature map that a filter makes of several channels.

    x: (C, H, W). kernels: (C, kH, kW), one for each channel. Returns (H - kH + 1, W - kW + 1).
    Channels [[1, 2]] and [[3, 4]] with kernels [[1]] and [[10]] give [[31, 42]].
    """
    ### BEGIN SOLUTION
    maps = [ops.corr2d(channel, kernel) for channel, kernel in zip(x, kernels, strict=True)]
    return sum(maps)
    ### END SOLUTION


# %% id="check-multi-in"
check("5.1", corr2d_multi_in)

# %% [markdown] id="several-out"
# ## Several channels out: a filter for each
#
# One filter makes one feature map. To look for more things, use more filters, each with kernels
# and a bias of its own. The example below has three input channels of 5×5, a border of zeros, and
# two filters of 3×3×3 that move by two pixels.

# %% id="volume-shapes"
x, weight, bias = two_filters()
padded = ops.pad2d(x, 1)
print("padded input", tuple(padded.shape), " weight", tuple(weight.shape), " bias", bias.tolist())

# %% [markdown] id="volume-predict" slide="slide"
# Work out one cell by hand first: filter 0 at the top left. Lay kernel 0 on the corner of channel
# 0, kernel 1 on channel 1, kernel 2 on channel 2. Three partial sums and the bias make one number.
# In the figure cover the partial sums and the table below them, and work out the framed cell.

# %% id="volume-filter-zero"
figures.volume(padded, weight[0], bias[0], stride=2, padding=1, at=(0, 0), name="filter 0")

# %% [markdown] id="volume-reading"
# At the top left the channels say −1, 1 and 1, the bias adds 1: the output is 2. Now the second
# filter sees the same three channels with other kernels. Its bias is 0.

# %% id="volume-filter-one" slide="skip"
figures.volume(padded, weight[1], bias[1], stride=2, padding=1, at=(2, 1), name="filter 1")

# %% [markdown] id="volume-filter-one-reading" slide="skip"
# At row 2, column 1 the channels say −4, −3 and −1: −8.

# %% [markdown] id="explore-volume" slide="slide"
# Both filters, to be moved over. Point at an output: its window is framed in each channel, and the
# three sums stand above the products. Now a prediction: type zeros into the middle row of kernel
# 0, 1, which is filter 0 on channel 1. Which of the eighteen outputs can change?

# %% id="explore-volume-window"
others = ("mode", "preset", "dilation", "draw", "predict")
Explorer(x, weight, bias=bias, stride=2, padding=1, hide=others)

# %% [markdown] id="explore-volume-reading"
# Only the nine of filter 0, as filter 1 has kernels of its own. Seven of them change; at the other two
# the products of that row had cancelled. A layer makes all eighteen at once:

# %% id="volume-output" slide="slide"
output = ops.conv2d(x[None], weight, bias, stride=2, padding=1)
print("output", tuple(output.shape))
for o in range(2):
    print(f"filter {o}:", output[0, o].int().tolist())
print("torch agrees:", torch.equal(output, F.conv2d(x[None], weight, bias, stride=2, padding=1)))

# %% [markdown] id="weight-shape" slide="-"
# Count the kernels: two filters with three kernels each make six. In general a layer has
# $C_{out} \times C_{in}$ kernels and $C_{out}$ biases, and its weight has the shape
#
# $$(C_{out},\ C_{in},\ k_H,\ k_W)$$
#
# Two channels in and three out would also make six kernels, cut up the other way: three filters
# of two. The weight tells the two apart.

# %% [markdown] id="state-dict-predict" slide="slide"
# Twenty photographs of 256×256 go into a layer with 28 filters of 3×3. What are the shapes of its
# weight, its bias and its output?

# %% id="state-dict"
layer = nn.Conv2d(in_channels=3, out_channels=28, kernel_size=3)
for name, tensor in layer.state_dict().items():
    print(f"{name:6} {tuple(tensor.shape)}")
print("output", tuple(layer(torch.zeros(20, 3, 256, 256)).shape))

# %% [markdown] id="exercise-multi-out" slide="-"
# ### Exercise 5.2: several channels out
#
# You may call your `corr2d_multi_in`, or use `ops.corr2d` again.


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
        pairs = zip(x, kernels_of_filter, strict=True)
        maps.append(sum(ops.corr2d(*pair) for pair in pairs) + its_bias)
    return torch.stack(maps)
    ### END SOLUTION


# %% id="check-multi-out"
check("5.2", corr2d_multi_in_out)

# %% [markdown] id="one-by-one"
# ## A 1×1 convolution looks at one pixel
#
# A kernel of 1×1 sees no neighbours, so it finds no edge and blurs nothing; with stride 1 it also
# leaves the size alone. What is left is to mix the channels of a pixel. Gray is such a mixture:
#
# $$\text{gray} = 0.299\,\text{red} + 0.587\,\text{green} + 0.114\,\text{blue}$$

# %% id="mix-colours"
mixtures = torch.tensor([[0.299, 0.587, 0.114], [1.0, 0.0, -1.0]])[:, :, None, None]  # (2, 3, 1, 1)
gray, warmth = ops.conv2d(cat[None], mixtures)[0]
figures.pictures(
    {"gray": gray, "red less blue": warmth},
    signed=("red less blue",),
    says="two mixtures of the three colours: gray, and red less blue, which is strongest on the "
    "bridge of the nose, where the fur is ginger, and near zero in the pupils, which have no colour.",
    inches=2.4,
)

# %% [markdown] id="mix-reading" slide="notes"
# Red less blue is strongest on the bridge of the nose, where the fur is ginger, and near zero in
# the pupils, which have no colour. The gray is the one that image programs make, up to rounding:

# %% id="mix-check" slide="slide"
rounding = (gray - data.photograph()).abs() * 255
print("the gray of an image program:", bool((rounding < 1.01).all()))

# %% [markdown] id="one-by-one-dense" slide="-"
# At each pixel the layer takes $C_{in}$ numbers and makes $C_{out}$ of them with the same weights:
# a fully connected layer, applied to every pixel. Networks use it to change the number of
# channels without touching the maps. Compare the two:

# %% id="one-by-one-linear"
x = torch.randn(2, 64, 56, 56)
pointwise = nn.Conv2d(64, 32, kernel_size=1)
dense = nn.Linear(64, 32)
dense.load_state_dict({"weight": pointwise.weight[:, :, 0, 0], "bias": pointwise.bias})
at_each_pixel = dense(x.movedim(1, -1)).movedim(-1, 1)  # Linear wants the channels last
print(tuple(x.shape), "->", tuple(pointwise(x).shape))
print("equal:", torch.allclose(pointwise(x), at_each_pixel, atol=1e-5))

# %% [markdown] id="exercise-pointwise"
# ### Exercise 5.3: a 1×1 convolution as a matrix product
#
# One `@` is enough once each channel's pixels lie in one row.


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

# %% [markdown] id="linear-twice"
# ## Two convolutions in a row are one
#
# Take differences between neighbours, and then differences of those. Is there a single kernel
# that does both at once?

# %% id="difference-twice"
row = torch.tensor([[3.0, 4, 8, 9, 4, 4]])
difference = torch.tensor([[1.0, -1]])
once = ops.corr2d(row, difference)
print("once  ", once.int().tolist())
print("twice ", ops.corr2d(once, difference).int().tolist())
print("direct", ops.corr2d(row, torch.tensor([[1.0, -2, 1]])).int().tolist())

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
blur, edges = kernels.kernel("gaussian blur"), kernels.kernel("sobel x")
both = torch.from_numpy(scipy.signal.convolve2d(blur, edges, mode="full"))
print("the one kernel:", tuple(both.shape))
two_steps = ops.corr2d(ops.corr2d(gray, blur), edges)
print("two steps equal one:", torch.allclose(two_steps, ops.corr2d(gray, both), atol=1e-5))
with_relu = ops.corr2d(ops.corr2d(gray - 0.5, blur).relu(), edges)
print("with ReLU between:  ", torch.allclose(with_relu, ops.corr2d(gray - 0.5, both), atol=1e-5))

# %% [markdown] id="activation-reason" slide="slide"
# However many convolutions you stack, without anything between them the network can only do what
# one layer can. An **activation** after each breaks the chain. ReLU is the usual one: negative
# numbers become zero. Which of the curves below stay flat on both sides?

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
# Most networks repeat one block. Follow the photograph through it: a filter with Sobel's kernel
# on each colour, batch norm, ReLU, and a max pool of 2×2. Where does information get lost?

# %% id="block-maps"
edges_of_colours = kernels.kernel("sobel x").expand(1, 3, 3, 3)
found = ops.conv2d(cat[None], edges_of_colours)
normed = nn.BatchNorm2d(1)(found).detach()
pooled = ops.max_pool2d(normed.relu(), 2)

# %% id="block-pictures"
maps = {
    "convolution, 158×158": found,
    "norm: mean 0, spread 1": normed,
    "ReLU: dark to bright only": normed.relu(),
    "pool: strongest\nof four, 79×79": pooled,
}
figures.pictures(
    {name: map[0, 0] for name, map in maps.items()},
    signed=tuple(maps),
    says="the photograph in one block: signed edges, 158×158; the same in standard units; edges "
    "from dark to bright alone; and those at 79×79.",
)

# %% [markdown] id="block-reading" slide="slide"
# The norm moves zero and changes the unit, no more. ReLU drops every edge from bright to dark; a second
# filter with the opposite sign could keep them. The pool keeps the strongest of four.
#
# Built as layers, with eight filters that are yet to be learned, what shape leaves the block?

# %% id="block-built"
block = nn.Sequential(
    nn.Conv2d(3, 8, kernel_size=3, padding=1, bias=False),
    nn.BatchNorm2d(8),
    nn.ReLU(),
    nn.MaxPool2d(2),
)
print(tuple(cat[None].shape), "->", tuple(block(cat[None]).shape))

# %% [markdown] id="block-built-reading"
# The padding keeps 160×160, and the pool halves it. The convolution needs no bias: the norm takes
# the mean off each map, and with it any number that was added everywhere.

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
# Four images, three channels of one pixel. Predict each column's mean after batch norm, in
# training and in evaluation.

# %% id="two-modes"
torch.manual_seed(26)
batch = torch.tensor([[1.0, 2, 8], [3, 2, 4], [5, 6, 0], [7, 6, 4]])
norm, dropout = nn.BatchNorm2d(3), nn.Dropout(0.5)
figures.train_and_eval(batch, {"batch norm": norm, "dropout 0.5": dropout})

# %% [markdown] id="two-modes-reading" slide="slide"
# In training batch norm gives every column the mean 0: 1, 3, 5, 7 become −1.3, −0.4, 0.4, 1.3.
# Dropout sets the hatched cells to zero and doubles the rest, so that the mean stays the same on
# average over many draws; in one draw it does not.
#
# In evaluation dropout copies, and batch norm's columns are not centred: after one batch its
# running mean has moved one tenth of the way from 0 to the batch's mean of 4.

# %% id="running-mean" slide="-"
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
# Blocks follow one another: what one layer gives out, the next takes in. Predict the shapes of
# this stack for a batch of (N, 3, 32, 32) before you draw it.

# %% id="stack"
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

# %% [markdown] id="stack-reading"
# 32 − 5 + 1 = 28, 28 − 3 + 1 = 26, half of it is 13, then 11, and 5: the pool drops the last row
# and column. The number of images, N, goes through untouched.

# %% [markdown] id="why-channels-grow" slide="slide"
# Why do channels grow as maps shrink? Compare three layers as they follow each other in many
# networks: each pool halves both sides, and the channels double.

# %% id="constant-cost"
for channels, side in ((32, 28), (64, 14), (128, 7)):
    cost = shapes.conv_multiply_adds(channels, channels, 3, side, bias=False)
    kept = channels * side**2
    print(f"{channels:3} channels of {side}×{side}: {cost:,} multiply-adds, {kept:,} numbers kept")

# %% [markdown] id="constant-cost-reading"
# A quarter of the positions, four times the kernels: each layer costs the same 7,225,344. Early
# maps say *where* with few kinds of thing, late maps say *what* with many, and half the numbers
# go at each step.

# %% [markdown] id="counting"
# ## What a layer costs
#
# A filter holds $k_H k_W$ weights for each of $C_{in}$ channels, and a bias. There are $C_{out}$:
#
# $$\text{parameters} = C_{out}\,(C_{in}\,k_H k_W + 1)$$
#
# Each is used once at each position of the map, so for one image
#
# $$\text{multiply-adds} = H_{out} W_{out} \times \text{parameters}$$
#
# The bias is one addition without a product; like torchinfo we count it. The size of the image is
# in the second formula only.

# %% id="count-by-torchinfo"
layer = nn.Conv2d(3, 28, kernel_size=3)
counted = torchinfo.summary(layer, (1, 3, 256, 256), verbose=0, device="cpu")
parameters = shapes.conv_parameters(3, 28, 3)
multiply_adds = shapes.conv_multiply_adds(3, 28, 3, (254, 254))
print(f"formula:   {parameters} parameters, {multiply_adds:,} multiply-adds")
print(f"torchinfo: {counted.total_params} parameters, {counted.total_mult_adds:,} multiply-adds")

# %% [markdown] id="dense-against-convolution" slide="slide"
# How many would a fully connected layer need to make the first maps of our stack, (6, 28, 28)
# from (3, 32, 32)?

# %% id="dense-cost"
dense = shapes.linear_parameters(3 * 32 * 32, 6 * 28 * 28)
print(f"fully connected: {dense:,} parameters, {dense:,} multiply-adds")
convolution = shapes.conv_parameters(3, 6, 5)
cost = shapes.conv_multiply_adds(3, 6, 5, 28)
print(f"convolution:     {convolution:,} parameters, {cost:,} multiply-adds")
print(f"ratios:          {dense / convolution:,.0f} and {dense / cost:.0f}")

# %% [markdown] id="dense-reading"
# 31,700 times the parameters, and 40 times the work. The two ratios differ because a convolution
# uses each weight at 784 positions, and a fully connected layer uses it once.

# %% [markdown] id="groups"
# ## Cheaper: groups and separable layers
#
# With `groups=2` half of the filters see the first half of the channels, the other half the second
# half. With as many groups as input channels, each **filter** sees one channel: a **depthwise**
# convolution. It looks around and does not mix. A 1×1 convolution mixes and does not look around.
#
# One after the other they are a **separable** layer. Before you count, look at the weights:

# %% id="group-weights"
for groups in (1, 2, 64):
    weight = nn.Conv2d(64, 128, kernel_size=3, groups=groups, bias=False).weight
    print(f"groups {groups:2}: weight {tuple(weight.shape)}, {weight.numel():,} weights")

# %% [markdown] id="group-reading"
# The second axis is the number of channels that a filter sees: 64, 32, 1. With it the weights
# shrink.

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


# %% [markdown] id="exercise-separable" slide="-"
# ### Exercise 5.6: what a separable layer holds
#
# The full layer from 64 to 128 channels has 73,728 weights. How many have a depthwise 3×3 on the
# 64 channels and then a 1×1 from 64 to 128 together, without biases?

# %% id="answer-separable"
### BEGIN SOLUTION
weights = 8768
### END SOLUTION

# %% id="check-separable"
check("5.6", weights)

# %% [markdown] id="separable-count" slide="slide"
# How many times cheaper are the two together than the full layer?

# %% id="separable"
full = nn.Conv2d(64, 128, 3, padding=1, bias=False)
depthwise = nn.Conv2d(64, 64, 3, padding=1, groups=64, bias=False)
separable = nn.Sequential(depthwise, nn.Conv2d(64, 128, 1, bias=False))
counts = [
    torchinfo.summary(layer, (1, 64, 28, 28), verbose=0, device="cpu")
    for layer in (full, separable)
]
print(f"weights:       {counts[0].total_params / counts[1].total_params:.1f} times fewer")
print(f"multiply-adds: {counts[0].total_mult_adds / counts[1].total_mult_adds:.1f} times fewer")

# %% [markdown] id="separable-reading"
# The separable layer has 8.4 times fewer weights, and as many fewer multiply-adds. It can do
# less: every filter has to make do with the same 64 filtered maps. Networks for phones live on
# that bargain.

# %% [markdown] id="im2col"
# ## How libraries do it: one matrix product
#
# Loops over positions are slow. Write each window as a column of a matrix, each filter as a row
# of another, and a single product computes every output at once. This is `im2col`.

# %% id="im2col-figure"
x = torch.arange(1.0, 10).reshape(1, 1, 3, 3)
filters = torch.tensor([[[[1.0, 0], [0, 1]]], [[[0.0, 1], [-1, 0]]]])  # (2, 1, 2, 2)
columns, as_rows = ops.im2col(x, 2)[0], filters.flatten(1)
figures.matrices(
    {"input, 3×3": x[0, 0], "windows as\ncolumns, 4×4": columns, "filters as\nrows, 2×4": as_rows,
     "one product has\nboth maps, 2×4": as_rows @ columns},
    says="four windows of 2×2 become four columns, two filters become two rows, and their product "
    "has a row for each feature map.",
)  # fmt: skip

# %% id="im2col-agrees"
product = (as_rows @ columns).reshape(1, 2, 2, 2)
print("equal to torch:", torch.equal(product, F.conv2d(x, filters)))

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

# %% [markdown] id="four-ways" slide="slide"
# The middle pixel, 5, stands in all four columns: im2col copies it four times. It buys speed with
# memory. How much speed? Four ways to the same result, (1, 3, 32, 32) with eight 3×3 filters:
# `loops`, in Python over everything; `vectorised`, nine taps that each shift the whole image;
# `im2col`; and `torch`.

# %% id="four-ways-agree"
x, weight = torch.randn(1, 3, 32, 32), torch.randn(8, 3, 3, 3)
expected = F.conv2d(x, weight)
for name, way in bench.FOUR_WAYS.items():
    print(f"{name:10} same result: {torch.allclose(way(x, weight), expected, atol=1e-4)}")

# %% id="four-ways-times" tags=["nbval-ignore-output"]
figures.times(bench.small_times(), fastest="torch")

# %% [markdown] id="four-ways-reading" slide="notes"
# `loops` spends its time in Python: 194,400 multiply-adds, and for each the interpreter looks
# up names and makes new numbers. `vectorised` calls compiled code nine times, and passes over memory
# as often. `im2col` copies windows, then calls one tuned product.
#
# On a layer this small PyTorch does the same as our `im2col`, in compiled code; on larger ones it
# calls a library (oneDNN) that does without the matrix of copies.
#
# On (8, 16, 64, 64) with 32 filters of 3×3 and one thread, `ops.conv2d` takes two to three times as
# long as PyTorch; `coursekit bench` measures your machine.

# %% [markdown] id="sequential-module"
# ## The same network twice
#
# `nn.Sequential` is a list of layers that are called in order. `nn.Module` lets you write
# `forward` yourself, which allows anything. Here is a first small network for 32×32 images, as a
# list. Which shape reaches the fully connected layer?

# %% id="first-cnn"
first_cnn = models.FirstCNN()
for name, shape, parameters in models.shape_table(first_cnn, torch.zeros(1, 1, 32, 32)):
    print(f"{name:10} {shape!s:16} {parameters:5,} parameters")


# %% id="first-cnn-module" slide="slide"
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
# same weights both give the same answer. Only the names differ, by which the weights are saved:

# %% id="same-network-check" slide="skip"
own = FirstCNN()
own.load_state_dict(dict(zip(own.state_dict(), first_cnn.state_dict().values(), strict=True)))
image = torch.randn(1, 1, 32, 32)
print("same answer:", torch.allclose(own(image), first_cnn(image)))
print("a list:  ", list(first_cnn.state_dict()))
print("a module:", list(own.state_dict()))

# %% [markdown] id="almost-the-same" slide="slide"
# A copy of such a network often has `max_pool2d` where the list has an average. Then shapes,
# names and the 1,597 parameters all agree, the weights load without complaint, and yet:

# %% id="other-pool"
maps = F.relu(first_cnn[0](image))
print("shapes agree:", F.max_pool2d(maps, 2).shape == F.avg_pool2d(maps, 2).shape)
print("answers agree:", torch.allclose(F.max_pool2d(maps, 2), F.avg_pool2d(maps, 2)))

# %% [markdown] id="lazy"
# `nn.Flatten()` turns (N, 6, 16, 16) into (N, 1536). Many errors come from working out 6·16·16 by
# hand. `nn.LazyLinear` reads it off the first batch that it sees:

# %% id="lazy-linear"
lazy = nn.Sequential(
    nn.Conv2d(3, 8, 5), nn.ReLU(), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.Flatten(),
    nn.LazyLinear(120), nn.ReLU(), nn.LazyLinear(84), nn.ReLU(), nn.Linear(84, 2),
)  # fmt: skip
print("before:", lazy[5])
print("output:", tuple(lazy(torch.zeros(4, 3, 32, 32)).shape))
print("after: ", lazy[5])

# %% [markdown] id="lazy-reading"
# 16·24·24 = 9216: it counted for us. The price is that the network has no weights in that layer,
# and no optimiser can hold them, until a batch has passed.

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

# %% [markdown] id="published-repaired" slide="slide"
# More than a million weights do the work of 20,490, and a dropout in `layer4`, whatever its p,
# would never be called. The repair is one word in `forward`. The same weights then give another answer:

# %% id="repaired"
repaired = models.ThreeBlockCNN()
repaired.load_state_dict(published.state_dict())
images = torch.randn(5, 1, 28, 28)
print("same answer as before:", torch.allclose(repaired(images), published(images)))
print(inspect.getsource(models.ThreeBlockCNN.forward))

# %% [markdown] id="exercise-expose"
# ### Exercise 5.9: expose the bug in conv1x1
#
# A network has to be read; a layer can be tried. Somebody else's 1×1 convolution gives the right shape
# for every input, and was published for that. It is wrong all the same.
#
# Find an input on which it shows, and answer with `(x, weight)`. Try as often as you like; the smaller
# the input, the better.


# %% id="program-expose"
def their_conv1x1(x, weight):
    """Return what a 1×1 convolution makes: at each pixel, mixtures of the channels."""
    C, H, W = x.shape
    pixels = x.reshape(H * W, C)  # a row for each pixel
    mixed = pixels @ weight.T  # (H·W, C_out)
    return mixed.reshape(len(weight), H, W)


# %% id="answer-expose"
### BEGIN SOLUTION
counterexample = (torch.tensor([[[1.0, 2]]]), torch.tensor([[1.0], [0]]))
### END SOLUTION

# %% id="check-expose"
check("5.9", counterexample)

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. A filter has a kernel for every input channel and sums over them all; $C_{out}$ filters make
#    $C_{out}$ maps, and the weight is $(C_{out}, C_{in}, k_H, k_W)$.
# 2. A 1×1 convolution can mix the channels of each pixel. It sees no neighbours, so it cannot find
#    an edge or blur; with stride 1 it keeps the size.
# 3. Two convolutions are one with the composed kernel; an activation between them stops that.
# 4. Batch norm uses the batch's mean in training and a running one in evaluation; dropout acts in
#    training only.
# 5. Parameters are $C_{out}(C_{in} k_H k_W + 1)$, multiply-adds that times the positions; a
#    separable layer needs little more than a ninth for 3×3 kernels, here 1/8.4.
# 6. im2col copies windows into columns, and pays memory to have one fast product.
# 7. What a network builds and what its forward calls are two lists. Read both.
#
# Next: train one, on ten kinds of garment. Lesson 6.
