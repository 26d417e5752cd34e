# %% [markdown] id="title"
# # Pooling and invariance
#
# A cat two pixels further right is the same cat. A convolution notices the two pixels; the answer
# "cat" should not. What lies between them?
#
# | | |
# |---|---|
# | Time | 75 minutes |
# | You need | lessons 2 and 3: feature maps, stride, padding |
# | Exercises | nine, where they belong |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. pool a map by maximum, mean or sum, and say the size of what comes out;
# 2. choose between mean and maximum, within windows or over the whole map;
# 3. read every argument of `nn.MaxPool2d` and `nn.AvgPool2d`;
# 4. send a gradient back through a pool, ties included;
# 5. tell equivariance from invariance, and measure how much of either a network has;
# 6. make maps smaller without throwing pixels away unread.

# %% id="imports"
import torch
from torch import nn
from torch.nn import functional as F

from coursekit import data, figures, kernels, ops
from coursekit.examples.face_detector import change, detect, scene
from coursekit.exercises import check, picture
from coursekit.explorer import Explorer

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="detector"
# ## A detector follows what it detects
#
# Lesson 2 found an X with three small features. Here one feature of 7×7 pixels is a cat's face.
# Ink is 1, paper −1; where all 49 pixels agree the score is 49. A bias of −20 and a ReLU silence
# weaker matches, so a face leaves 49 − 20 = 29, and everything else leaves 0.

# %% id="detector-figure"
here, there = scene(3, 4), scene(5, 9)
figures.detections(
    {"a cat, 14×18": here, "the cat elsewhere": there},
    {"a cat, 14×18": detect(here), "the cat elsewhere": detect(there)},
)

# %% [markdown] id="equivariance" slide="slide"
# The cat moved by two rows and five columns, and so did the response: from (3, 4) to (5, 9).
# **Shift in, shift out** is called *equivariance* (some say covariance). Away from the borders every
# convolution of stride 1 has it, because it lays the same kernel on every place.
#
# $$\text{detect}(\text{shift}(x)) = \text{shift}(\text{detect}(x))$$

# %% id="equivariance-measured"
response, moved = detect(here), detect(there)
print("moved by (2, 5), the response is the same:", torch.equal(moved[2:, 5:], response[:-2, :-5]))
print("pixels where the two responses differ:", (response != moved).sum().item())

# %% [markdown] id="question" slide="slide"
# Equal after a shift, and yet different in two pixels of the map: those two are the old peak and
# the new one, the only pixels that are not zero. A layer that reads this map pixel by pixel meets
# an unknown picture. We want a map that stays the same when the input moves a little:
# *invariance*.
#
# $$\text{answer}(\text{shift}(x)) = \text{answer}(x)$$

# %% [markdown] id="windows"
# ## One number for each window
#
# **Pooling** cuts a map into windows and keeps one number of each. Which number? The largest, the
# mean, or the sum. Find the largest number of each of the four windows yourself, then look.

# %% id="three-pools"
x = torch.tensor([[9.0, 1, 2, 3], [4, 0, 8, 5], [7, 2, 1, 0], [3, 6, 4, 5]])
pools = {"max": ops.max_pool2d(x, 2), "mean": ops.avg_pool2d(x, 2), "sum": 4 * ops.avg_pool2d(x, 2)}
figures.pooled_maps(x, 2, pools)

# %% [markdown] id="three-pools-reading" slide="slide"
# A window of 2×2 in steps of 2 is the usual choice: half as high, half as wide, a quarter of the
# numbers. The maximum says how strongly the feature was seen in the window; the mean, how
# strongly on the whole. The sum is the mean times four, which the next layer's weights can undo.
#
# There is no weight to learn. PyTorch agrees, and makes the sum with a divisor of one:

# %% id="torch-agrees"
batch = x[None, None]  # (1, 1, 4, 4): one image, one channel
print("max ", F.max_pool2d(batch, 2)[0, 0].tolist())
print("mean", F.avg_pool2d(batch, 2)[0, 0].tolist())
print("sum ", F.avg_pool2d(batch, 2, divisor_override=1)[0, 0].tolist())
print("weights in nn.MaxPool2d(2):", len(list(nn.MaxPool2d(2).parameters())))

# %% [markdown] id="exercise-max"
# ### Exercise 4.1: keep the largest
#
# Windows lie `stride` pixels apart: side by side, overlapping, or with gaps. Count them as lesson 3
# does.


# %% id="answer-max"
def max_pool2d(x, window, stride):
    """Return the largest number of each window; windows lie `stride` pixels apart.

    x: (H, W). window: the side of the square window. A window has to fit inside x.
    With x [[1, 5, 2], [0, 3, 4]], window 2 and stride 1 the answer is [[5, 5]].
    """
    ### BEGIN SOLUTION
    H, W = x.shape
    rows, columns = (H - window) // stride + 1, (W - window) // stride + 1
    pooled = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            pooled[i, j] = x[top : top + window, left : left + window].max()
    return pooled
    ### END SOLUTION


# %% id="check-max"
check("4.1", max_pool2d)

# %% [markdown] id="stride"
# ## Side by side, or overlapping
#
# A convolution moves by one pixel unless told otherwise. A pool moves by its own window: the stride
# **defaults to the window**. With stride 1 windows overlap. How large is the map then, and how
# often does the 8 appear in it?

# %% id="stride-one"
figures.pooled_maps(x, 2, {"max, stride 1": ops.max_pool2d(x, 2, stride=1)}, stride=1)

# %% [markdown] id="stride-one-reading"
# $4 - 2 + 1 = 3$ windows each way, and the 8 fills four of them: one strong pixel wins in every
# window that it lies in. The map is hardly smaller. Stride 1 is for smoothing, stride 2 for shrinking.
#
# The size is lesson 3's formula, $\lfloor (n + 2p - k)/s \rfloor + 1$. Predict each line:

# %% id="sizes" slide="slide"
pool = nn.MaxPool2d(2)
print(pool)
print("6×6, window 2          ", tuple(pool(torch.randn(1, 1, 6, 6)).shape))
print("6×6, window 2, stride 1", tuple(nn.MaxPool2d(2, stride=1)(torch.randn(1, 1, 6, 6)).shape))
print("6 channels of 32×32    ", tuple(nn.AvgPool2d(2)(torch.randn(1, 6, 32, 32)).shape))
print("7×7, padding 1         ", tuple(nn.MaxPool2d(2, padding=1)(torch.randn(1, 1, 7, 7)).shape))

# %% [markdown] id="sizes-reading"
# Six channels went in and six came out. A filter sums over its channels; a pool treats each map on
# its own. The last line takes 7 to 4 because padding makes it 9, and floor((9 − 2) / 2) + 1 is 4.

# %% [markdown] id="exercise-size"
# ### Exercise 4.2: what shape leaves the pool?
#
# A batch of shape (8, 6, 29, 40) goes through `nn.MaxPool2d(3)`. Your first answer is locked in.

# %% id="answer-size"
### BEGIN SOLUTION
shape = (8, 6, 9, 13)
### END SOLUTION

# %% id="check-size"
check("4.2", shape)

# %% [markdown] id="arguments"
# ## Every argument of the two layers
#
# | argument | `nn.MaxPool2d` | `nn.AvgPool2d` | says |
# |---|---|---|---|
# | `kernel_size` | required | required | the window |
# | `stride` | `None` | `None` | steps; `None` means the window |
# | `padding` | 0 | 0 | room on each side, at most half the window |
# | `ceil_mode` | `False` | `False` | keep a last window that hangs over |
# | `dilation` | 1 | | steps between pixels of a window |
# | `return_indices` | `False` | | say where the winners lie |
# | `count_include_pad` | | `True` | count zeros of the padding |
# | `divisor_override` | | `None` | divide by this number instead |
#
# After `padding` the orders differ: `MaxPool2d` goes on with `dilation`, `return_indices`,
# `ceil_mode`; `AvgPool2d` with `ceil_mode`, `count_include_pad`, `divisor_override`. Name them.

# %% [markdown] id="ceil-mode" slide="slide"
# **ceil_mode.** Five pixels hold two windows of two, and one pixel is left over. Rounding down
# never reads it. How many of the 25 pixels are lost?

# %% id="leftovers"
figures.leftovers(torch.arange(25.0).reshape(5, 5), 2)

# %% [markdown] id="ceil-mode-reading"
# Nine of 25, and among them the largest of all. With `ceil_mode=True` a window may hang over, as
# long as it starts inside. Odd sizes come soon: 28 halves to 14, and 14 to 7. Look where the last
# row goes.

# %% [markdown] id="count-include-pad" slide="slide"
# **count_include_pad.** Padding of a maximum is minus infinity, so it never wins. Padding of a mean
# is zero (hatched), and counts. On a picture of ones, what do corners become?

# %% id="border"
ones = torch.ones(4, 4)
counted = ops.avg_pool2d(ones, 2, padding=1)
pixels_only = ops.avg_pool2d(ones, 2, padding=1, count_include_pad=False)
figures.pooled_maps(ones, 2, {"zeros counted": counted, "pixels only": pixels_only}, padding=1)

# %% [markdown] id="border-reading"
# A quarter in the corners, a half along the edges: the border darkens although the picture is even.
# With `count_include_pad=False` ones stay ones.

# %% [markdown] id="return-indices" slide="slide"
# **return_indices.** The places of the winners, counted row by row: place 6 of a map four pixels
# wide is row 1, column 2. The way back, below, needs them.

# %% id="indices"
values, places = F.max_pool2d(batch, 2, return_indices=True)
for value, place in zip(values.flatten().tolist(), places.flatten().tolist(), strict=True):
    row, column = divmod(place, 4)
    print(f"{value:.0f} at place {place:2} = row {row}, column {column}")
print("ours agree:", torch.equal(ops.winners(batch, 2), places))

# %% [markdown] id="exercise-average"
# ### Exercise 4.3: average what is really there
#
# Average pooling with windows side by side, and padding that does not count. `ops.pad2d(x, padding)`
# adds the zeros.


# %% id="answer-average"
def avg_pool2d(x, window, padding):
    """Return the mean of the pixels of x in each window; windows lie side by side.

    x: (H, W), gets `padding` rows and columns of room on each side, which do not count.
    Rows and columns of the padded map that do not fill a window are dropped.
    With x [[2, 4], [6, 8]], window 2 and padding 1 each window holds one pixel: the answer is x.
    """
    ### BEGIN SOLUTION
    room = ops.pad2d(x, padding)
    real = ops.pad2d(torch.ones_like(x), padding)
    H, W = room.shape
    pooled = torch.zeros(H // window, W // window)
    for i in range(H // window):
        for j in range(W // window):
            block = (slice(i * window, (i + 1) * window), slice(j * window, (j + 1) * window))
            pooled[i, j] = room[block].sum() / real[block].sum()
    return pooled
    ### END SOLUTION


# %% id="check-average"
check("4.3", avg_pool2d)

# %% [markdown] id="smooth-or-sharp"
# ## The mean smooths, the max keeps what is sharp
#
# Below are the edges of a photograph, and what windows of 4×4 keep of them. Each pooled pixel is
# drawn as large as its window. Look at the thin lines.

# %% id="edges"
cat = data.photograph()
gx, gy = (ops.corr2d(cat, kernels.kernel(name)) for name in ("sobel x", "sobel y"))
edges = (gx**2 + gy**2).sqrt()[:156, :156] / 2

# %% id="cat-pooled"
block = torch.ones(4, 4)
large, mean = ops.max_pool2d(edges, 4), ops.avg_pool2d(edges, 4)
figures.pictures(
    {
        "edges, 156×156": edges,
        "max 4×4 keeps lines: 39×39": torch.kron(large, block),
        "mean 4×4 fades them: 39×39": torch.kron(mean, block),
    },
    says="edges of the photograph: max pooling keeps lines bright, mean pooling lets them fade.",
    columns=3,
    inches=2.4,
)

# %% [markdown] id="cat-pooled-reading" slide="notes"
# The rings of the eyes and the V of the nose stay bright under the max, and become as thick as a
# window. Under the mean they sink towards the gray of the fur around them.

# %% [markdown] id="line-question" slide="slide"
# One line, one pixel wide, through a window of 4×4 says it in numbers. Bright on dark first, then
# dark on bright. What do you expect?

# %% id="line"
line = torch.zeros(4, 4)
line[:, 1] = 1
for name, image in {"bright line on dark": line, "dark line on bright": 1 - line}.items():
    largest, mean = ops.max_pool2d(image, 4).item(), ops.avg_pool2d(image, 4).item()
    print(f"{name}: max {largest:.2f}, mean {mean:.2f}")

# %% [markdown] id="line-reading"
# The max keeps the bright line whole, and loses the dark one without a trace. The mean keeps a
# quarter of either: 0 rises to 0.25, 1 falls to 0.75. In feature maps large means "seen", so what the max loses is what was *not*
# seen: that is why it is the usual choice after a ReLU.

# %% [markdown] id="exercise-picture"
# ### Exercise 4.4: which picture did max pooling make?

# %% id="pools-of-a-drawing"
picture("4.4")

# %% id="answer-picture"
### BEGIN SOLUTION
letter_of_pool = "E"
### END SOLUTION

# %% id="check-picture"
check("4.4", letter_of_pool)

# %% [markdown] id="global"
# ## One window over the whole map
#
# Let the window grow until it covers the map. **Global** pooling leaves one number for each
# channel: the max asks whether the feature is anywhere, the mean how much of it there is. Watch
# what happens to the size of the image.

# %% id="global-pools"
for size in (7, 9):
    maps = torch.randn(2, 64, size, size)  # two images, 64 channels
    mean, largest = nn.AdaptiveAvgPool2d(1)(maps), maps.amax(dim=(2, 3))
    print(tuple(maps.shape), "-> mean", tuple(mean.shape), "-> max", tuple(largest.shape))

# %% [markdown] id="global-reading" slide="slide"
# The layer keeps two axes of 1; `amax` drops them. Any size of image gives 64 numbers, so one
# classifier serves all sizes. And it is a small one:

# %% id="global-cost"
flat, pooled = nn.Linear(64 * 7 * 7, 10), nn.Linear(64, 10)
for name, layer in {"64 maps of 7×7, flattened": flat, "64 pooled numbers": pooled}.items():
    print(f"{name:25} -> 10 classes: {sum(p.numel() for p in layer.parameters()):6,} parameters")

# %% [markdown] id="exercise-global"
# ### Exercise 4.5: one number for a whole map


# %% id="answer-global"
def global_average(x):
    """Return one number for each channel: the mean of its whole map.

    x: (C, H, W). Returns (C,).
    With x [[[1, 3]], [[5, 5]]], two maps of 1×2, the answer is [2, 5].
    """
    ### BEGIN SOLUTION
    return x.mean(dim=(-2, -1))
    ### END SOLUTION


# %% id="check-global"
check("4.5", global_average)

# %% [markdown] id="backward"
# ## The way back
#
# A pool has nothing to learn, but gradients must pass it. Write down what the max of our map says,
# with $X$ for the input and $Y$ for the output:
#
# $$Y_{00} = X_{00}, \quad Y_{01} = X_{12}, \quad Y_{10} = X_{20}, \quad Y_{11} = X_{33}$$
#
# Each output *is* one pixel: slope 1. Every other pixel could change a little and the output would
# not: slope 0. So where does a gradient go?

# %% id="routes"
grad_out = torch.tensor([[1.0, 2], [-3, 4]])
figures.gradient_routes(x, grad_out, 2)

# %% [markdown] id="routes-reading"
# Through the max each gradient goes to the winner and nowhere else, the −3 to row 2, column 0.
# Through the mean each is shared: −3 becomes −0.75 for all four pixels. Autograd agrees with both.

# %% id="autograd" slide="slide"
for name, pool in {"max": F.max_pool2d, "mean": F.avg_pool2d}.items():
    leaf = batch.clone().requires_grad_()
    pool(leaf, 2).backward(grad_out[None, None])
    ours = {"max": ops.max_pool2d_backward, "mean": ops.avg_pool2d_backward}[name]
    print(f"{name}: autograd equals ours:", torch.equal(leaf.grad[0, 0], ours(grad_out, x, 2)))

# %% [markdown] id="explore-pools" slide="slide"
# Follow a gradient yourself: the blue line leads from an output to the pixel that wins. Set both
# strides to 1, then step through the nine windows with Space or the arrow keys. At how many of them
# will the line end at the 8? Then change to average pooling.

# %% id="explore-pools-window"
Explorer(x, 2, mode="max", cursor=(0, 1), hide=("preset", "dilation", "draw", "predict"))

# %% [markdown] id="explore-pools-reading"
# Four windows hold the 8, and it wins them all. Under the mean nobody wins: lines lead to all four
# pixels of a window, a quarter of the gradient each.

# %% [markdown] id="ties" slide="slide"
# Two questions remain. What if several pixels are largest? And what if a pixel wins in several
# windows, as the 8 did with stride 1? Decide before you look.

# %% id="ties-measured"
even = torch.full((1, 1, 2, 2), 5.0, requires_grad=True)
F.max_pool2d(even, 2).backward(torch.ones(1, 1, 1, 1))
print("four equal pixels:   ", even.grad[0, 0].tolist())
overlap = ops.max_pool2d_backward(torch.ones(3, 3), x, 2, stride=1)
print("overlapping windows: ", overlap.int().tolist())

# %% [markdown] id="ties-reading"
# Of equals, PyTorch names the first in reading order, and it gets everything. After a ReLU ties
# are common: in a window of zeros the first zero wins, and the ReLU before the pool stops its
# gradient. Overlapping windows add up: the 8 won four windows and gets 4.

# %% [markdown] id="exercise-backward"
# ### Exercise 4.6: the gradient goes to the winner
#
# `argmax` counts the pixels of a window in reading order and names the first of equals.


# %% id="answer-backward"
def max_pool_backward(x, grad_out, window):
    """Return dL/dX for max pooling with windows side by side.

    x: (H, W), whose sides are multiples of window. grad_out: dL/dY, (H / window, W / window).
    Among equals in a window the first in reading order wins. Returns (H, W).
    With x [[1, 4], [4, 0]], grad_out [[3]] and window 2 the answer is [[0, 3], [0, 0]].
    """
    ### BEGIN SOLUTION
    grad = torch.zeros_like(x)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            top, left = i * window, j * window
            place = int(x[top : top + window, left : left + window].argmax())
            row, column = divmod(place, window)
            grad[top + row, left + column] = grad_out[i, j]
    return grad
    ### END SOLUTION


# %% id="check-backward"
check("4.6", max_pool_backward)

# %% [markdown] id="invariance"
# ## Follow, then forgive
#
# Back to the cat. Its response is one bright pixel that follows every step. Max-pool it with
# windows of 4×4, framed in the figure, and move the cat by 0 to 4 pixels. From which shift on does
# the pooled map change?
#
# The curves measure *change*: 0 if two maps are equal, 1 if they have nothing in common.
#
# $$\text{change} = \frac{\sum |\text{before} - \text{after}|}
# {\sum \text{before} + \sum \text{after}}$$

# %% id="shifts" slide="slide"
figures.shifted_detector()

# %% [markdown] id="shifts-reading"
# The response is all new after one pixel. The pooled map is the very same for shifts of 1, 2 and 3,
# as long as the peak stays in its window: **local invariance**. At 4 it is in the next window.
#
# That start was a lucky one. From a window's last column, one pixel is enough to change everything.
# Over the four starts a one-pixel shift changes 0.25 on average: one case in four.

# %% [markdown] id="limit"
# ### The honest limit
#
# "Pooling makes a network translation invariant" is said often and is not true. A strided pool forgives
# a shift until it crosses a border between windows. Real maps have peaks everywhere, so some of them
# always cross. Here is the photograph's edge map, moved by a single pixel:

# %% id="photograph-measured"
before, after = edges[:148, 8:156], edges[:148, 7:155]  # moved right by one pixel
pools = {
    "no pooling": lambda m: m,
    "every second pixel": lambda m: m[::2, ::2],
    "mean 2×2": lambda m: ops.avg_pool2d(m, 2),
    "max 2×2": lambda m: ops.max_pool2d(m, 2),
    "max 4×4": lambda m: ops.max_pool2d(m, 4),
    "global max": lambda m: m.amax(),
}
for name, pool in pools.items():
    print(f"{name:18} change {change(pool(before), pool(after)):.2f}")

# %% [markdown] id="photograph-reading" slide="slide"
# The max over 2×2 halves the change, from 0.22 to 0.11, and over 4×4 halves it again, to 0.05. Nothing but the
# global max comes to 0, and it has forgotten the place altogether. Taking every second pixel
# forgives nothing: it is the window that does, not the stride.

# %% [markdown] id="stride-breaks" slide="slide"
# The stride even costs something. A shift by 2 moves a pooled map by exactly one pixel. A shift by 1
# ought to move it by half a pixel, which no map can. After a shift by 1, is the pooled map still the
# old one, or a moved copy of it?

# %% id="stride-breaks-measured"
by_none, by_one, by_two = (ops.max_pool2d(edges[:148, 8 - k : 156 - k], 2) for k in range(3))
print("moved by two, a copy one pixel on:", torch.equal(by_two[:, 1:], by_none[:, :-1]))
print(f"moved by one, against the map as it was: {change(by_one, by_none):.2f}")
print(f"moved by one, against it one pixel on:   {change(by_one[:, 1:], by_none[:, :-1]):.2f}")

# %% [markdown] id="stride-breaks-reading"
# After an odd shift the strided map is neither the same nor a moved copy: a stride of 2 keeps
# equivariance for even shifts only. Networks learn the rest from shifted pictures, or blur before
# they take every second pixel.

# %% [markdown] id="exercise-measure"
# ### Exercise 4.7: measure the invariance
#
# Move the input, pool both, compare. `x.roll(shift, dims=1)` moves to the right.


# %% id="answer-measure"
def pooled_change(x, window, shift):
    """Return how much the max-pooled map changes when x moves right by `shift` pixels.

    x: (H, W), no negative numbers. What leaves on the right comes back on the left (x.roll).
    Returns one number: the sum of |before - after|, divided by the sum of before and after.
    With x [[0, 1, 0, 0]], window 1 and shift 1 nothing is left in place: the answer is 1.
    """
    ### BEGIN SOLUTION
    before = ops.max_pool2d(x, window)
    after = ops.max_pool2d(x.roll(shift, dims=1), window)
    return (before - after).abs().sum() / (before + after).sum()
    ### END SOLUTION


# %% id="check-measure"
check("4.7", pooled_change)

# %% [markdown] id="price"
# Invariance has a price. Windows that forgive more also know less: two cats in one window are one
# peak, and after global pooling an ear may sit anywhere. Networks therefore pool a little and
# often, and convolve in between.

# %% [markdown] id="smaller"
# ## Two ways to make maps smaller
#
# A pool takes $C$ maps of $n \times n$ to $C$ maps of $\frac n2 \times \frac n2$. So does a convolution with
# stride 2, which may also change the number of maps. The pool costs nothing and learns nothing. The
# convolution learns how to shrink:

# %% id="shrinking"
maps = torch.randn(1, 64, 28, 28)
narrow, wide = nn.Conv2d(64, 128, 1, stride=2), nn.Conv2d(64, 128, 3, stride=2, padding=1)
for name, layer in {"2×2 pool": nn.MaxPool2d(2), "1×1 conv": narrow, "3×3 conv": wide}.items():
    count = sum(p.numel() for p in layer.parameters())
    print(f"{name} {tuple(layer(maps).shape)!s:17} {count:6,} parameters")

# %% [markdown] id="unread" slide="slide"
# All three halve the map. But a 1×1 convolution with stride 2 has a window of one pixel, and steps
# over the next. The gradient tells how many windows read each pixel: let every output have slope 1,
# and see what arrives.


# %% id="reads"
def reads(layer):
    """Return how many windows of the layer read each pixel of a 6×6 map."""
    x = torch.zeros(1, 1, 6, 6, requires_grad=True)
    layer(x).sum().backward()
    return x.grad[0, 0]


# %% id="reading-counts" slide="slide"
one, nine = torch.ones(1, 1, 1, 1), torch.ones(1, 1, 3, 3)
figures.reading_counts(
    {
        "2×2 sum, stride 2": reads(lambda x: F.avg_pool2d(x, 2, divisor_override=1)),
        "1×1 conv, stride 2": reads(lambda x: F.conv2d(x, one, stride=2)),
        "3×3 conv, stride 2": reads(lambda x: F.conv2d(x, nine, stride=2, padding=1)),
    }
)

# %% [markdown] id="reading-counts-reading"
# The 1×1 convolution reads one pixel in four and never looks at the other 75 %: whatever earlier
# layers computed there was computed for nothing. The 3×3 convolution with stride 2 reads them all,
# and some of them four times. So shrink with a window at least as large as the stride.
#
# The cat's peak lay in row 3. Erase that row: which layer notices?

# %% id="thrown-away" slide="slide"
erased = response.clone()
erased[3] = 0
for name, layer in {"1×1 conv": nn.Conv2d(1, 1, 1, stride=2), "2×2 pool": nn.MaxPool2d(2)}.items():
    outputs = [layer(map_[None, None]) for map_ in (response, erased)]
    print(f"{name}, stride 2, notices: {not torch.equal(*outputs)}")

# %% [markdown] id="thrown-away-reading"
# The strided 1×1 convolution never saw the cat: the peak is in row 3, and the layer reads even rows
# only. The pool keeps a peak wherever it falls.

# %% [markdown] id="exercise-twin"
# ### Exercise 4.8: a convolution that pools
#
# A strided convolution can do whatever average pooling does. Write its weight. What must it be, so that
# channels do not mix?


# %% id="answer-twin"
def averaging_weight(channels, window):
    """Return the weight with which a convolution of stride `window` is average pooling.

    Returns (channels, channels, window, window); output channel c sees input channel c alone.
    For one channel and a window of 1 it is [[[[1]]]]: a copy.
    """
    ### BEGIN SOLUTION
    weight = torch.zeros(channels, channels, window, window)
    for channel in range(channels):
        weight[channel, channel] = 1 / window**2
    return weight
    ### END SOLUTION


# %% id="check-twin"
check("4.8", averaging_weight)

# %% [markdown] id="twin-reading"
# So a strided convolution can learn to average, or something better for its task. It cannot learn
# the maximum, which is no sum of products. Both are in use: pools where the map is to be small and
# cheap, strided convolutions where the network may learn how.

# %% [markdown] id="exercise-expose"
# ### Exercise 4.9: expose the bug in max_pool2d
#
# Back to the first pool of this lesson. Somebody else's version agreed with PyTorch on every photograph
# that they tried, with every window and stride. It is wrong all the same.
#
# Find an input on which it shows, and answer with `(x, window, stride)`. Try as often as you like; the
# smaller the input, the better.


# %% id="program-expose"
def their_max_pool2d(x, window, stride):
    """Return the largest number of each window; windows lie `stride` pixels apart."""
    H, W = x.shape
    pooled = torch.zeros((H - window) // stride + 1, (W - window) // stride + 1)
    for i in range(pooled.shape[0]):
        for j in range(pooled.shape[1]):
            for a in range(window):
                for b in range(window):
                    pooled[i, j] = max(pooled[i, j], x[i * stride + a, j * stride + b])
    return pooled


# %% id="answer-expose"
### BEGIN SOLUTION
counterexample = (torch.tensor([[-1.0]]), 1, 1)
### END SOLUTION

# %% id="check-expose"
check("4.9", counterexample)

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. A pool keeps one number of each window: size $\lfloor (n + 2p - k)/s \rfloor + 1$, the stride
#    defaulting to the window, channels untouched, no weights.
# 2. The mean smooths; the max keeps what is bright and sharp. Global pooling leaves one number a
#    channel, for images of any size.
# 3. `ceil_mode` keeps the last window, `count_include_pad` counts zeros, `return_indices` names winners.
# 4. Backward, the max sends everything to the first winner, the mean shares equally.
# 5. Convolution follows a shift (equivariance); a pool forgives it up to a window's border (local
#    invariance). One pixel still changed the
#    pooled edges of a photograph by 0.11.
# 6. A strided 1×1 convolution leaves 75 % of the pixels unread; a pool or a 3×3 window reads all.
#
# Next: many channels in, many out, and the shape of a whole network. Lesson 5.
