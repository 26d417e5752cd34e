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
# 6. make maps smaller without leaving pixels unread.

# %% id="imports"
import torch
from torch import nn
from torch.nn import functional as F

from coursekit import data, figures, kernels
from coursekit.examples.board import board
from coursekit.examples.detectors import padded_and_strided, perceptron, three_filters
from coursekit.examples.drawings import drawing
from coursekit.examples.face_detector import change, scene
from coursekit.exercises import check, guess, own, picture, reveal, warm_up
from coursekit.explorer import Explorer

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="warm-up-intro" slide="skip"
# Three questions on earlier lessons, a minute each. Put your answers in place of the dots.

# %% id="warm-up" slide="skip"
warm_up(4, ..., ..., ...)

# %% [markdown] id="detector"
# ## A detector follows what it detects
#
# Lesson 2 found an X by three small features. Here one feature of 7×7 pixels is a cat's face. Where
# all 49 pixels agree the score is 49. Take 20 away, and replace what is negative by 0 (networks call
# this cut a *ReLU*): a face leaves 29, and everything else 0.
#
# Drawings are ink on paper. In maps and kernels purple is positive, orange negative, white zero.

# %% id="detect" slide="skip"
corr2d = own("2.2")
face = drawing("cat face")


def detect(image):
    """Return the score of the cat's face at each place, less 20, and 0 where that is negative."""
    return (corr2d(image, face) - 20).clamp(min=0)


# %% id="detector-figure"
here, there = scene(3, 4), scene(5, 9)
response, moved = detect(here), detect(there)
figures.detections(
    {"a cat, 14×18": here, "the cat elsewhere": there},
    {"a cat, 14×18": response, "the cat elsewhere": moved},
).by(corr2d)

# %% [markdown] id="equivariance" slide="slide"
# The cat moved by two rows and five columns, and so did the response: from (3, 4) to (5, 9).
# **Shift in, shift out** is called *equivariance* (some say covariance). Away from the borders every
# convolution of stride 1 has it, because it lays the same kernel on every place.
#
# $$\text{detect}(\text{shift}(x)) = \text{shift}(\text{detect}(x))$$
#
# Now compare the two maps pixel by pixel, without moving one back. In how many of their 8·12 = 96
# pixels do they differ?

# %% id="guess-differ"
guess("4.differ", ...)

# %% id="equivariance-measured"
reveal("4.differ")
print("moved by (2, 5), the response is the same:", torch.equal(moved[2:, 5:], response[:-2, :-5]))
print("pixels where the two responses differ:", (response != moved).sum().item())

# %% [markdown] id="differ-reading" slide="fragment"
# So few, and they are the only pixels that are not zero. A layer that reads this map pixel by pixel
# sees nothing that it knows.

# %% [markdown] id="question" slide="slide"
# We want a map that stays the same when the input moves a little: *invariance*.
#
# $$\text{answer}(\text{shift}(x)) = \text{answer}(x)$$

# %% [markdown] id="windows"
# ## One number for each window
#
# **Pooling** cuts a map into windows and keeps one number of each: the largest, the mean, or the
# sum. Of a window with 9, 1, 4 and 0 that is 9, 3.5 or 14.

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

# %% [markdown] id="three-pools-intro" slide="slide"
# From here on the lesson pools with your `max_pool2d`, once `check` finds it right; until then with
# the course's. PyTorch adds the mean and the sum, which is a mean divided by 1 instead of 4.

# %% id="three-pools"
max_pool2d = own("4.1", max_pool2d)
x = torch.tensor([[9.0, 1, 2, 3], [4, 0, 8, 5], [7, 2, 1, 0], [3, 6, 4, 5]])
batch = x[None, None]  # (1, 1, 4, 4): one image, one channel
mean, total = F.avg_pool2d(batch, 2)[0, 0], F.avg_pool2d(batch, 2, divisor_override=1)[0, 0]
figures.pooled_maps(x, 2, {"max": max_pool2d(x, 2, 2), "mean": mean, "sum": total}).by(max_pool2d)

# %% [markdown] id="three-pools-reading"
# A window of 2×2 in steps of 2 is the usual choice: half as high, half as wide, a quarter of the
# numbers. The maximum says how strong the feature is at its best place in the window; the mean, how
# strong it is on average.
#
# The sum is four times the mean, and the next layer's weights can undo that. A pool has none itself:

# %% id="torch-agrees" slide="skip"
print("PyTorch agrees:", torch.equal(F.max_pool2d(batch, 2)[0, 0], max_pool2d(x, 2, 2)))
print("weights in nn.MaxPool2d(2):", len(list(nn.MaxPool2d(2).parameters())))

# %% [markdown] id="stride"
# ## Side by side, or overlapping
#
# A convolution moves by one pixel unless told otherwise. A pool moves by its own window: the stride
# **defaults to the window**. With stride 1 the windows overlap, and the map of our 4×4 input has
# 3×3 pixels. How many of the nine are 8?

# %% id="guess-eights"
guess("4.eights", ...)

# %% id="stride-one"
reveal("4.eights")
one_apart = max_pool2d(x, 2, 1)
figures.pooled_maps(x, 2, {"max, stride 1": one_apart}, stride=1).by(max_pool2d)

# %% [markdown] id="stride-one-reading" slide="notes"
# One strong pixel wins in every window that it lies in, and the map is hardly smaller. Stride 1 is
# for smoothing, stride 2 for shrinking.

# %% [markdown] id="stride-one-size" slide="notes"
# The size is lesson 3's formula, $\lfloor (n + 2p - k)/s \rfloor + 1$:

# %% id="sizes" slide="skip"
pool = nn.MaxPool2d(2)
print(pool)
print("6×6, window 2          ", tuple(pool(torch.randn(1, 1, 6, 6)).shape))
print("6×6, window 2, stride 1", tuple(nn.MaxPool2d(2, stride=1)(torch.randn(1, 1, 6, 6)).shape))
print("6 channels of 32×32    ", tuple(nn.AvgPool2d(2)(torch.randn(1, 6, 32, 32)).shape))
print("7×7, padding 1         ", tuple(nn.MaxPool2d(2, padding=1)(torch.randn(1, 1, 7, 7)).shape))

# %% [markdown] id="sizes-reading" slide="skip"
# Six channels went in and six came out: a pool treats each map on its own. The last line takes 7 to
# 4, because padding makes it 9, and $\lfloor (9 - 2)/2 \rfloor + 1 = 4$.

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
# Four of the eight you know from lesson 3. The others decide what happens at an edge, what a mean is
# divided by, and whether the winners are named.
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
# After `padding` the two layers take them in different orders, so write their names.

# %% [markdown] id="ceil-mode" slide="slide"
# **ceil_mode.** Five pixels hold two windows of two, and one pixel is left over. Rounding down
# never reads it. How many of the 25 pixels of a 5×5 map are lost?

# %% id="guess-lost"
guess("4.lost", ...)

# %% id="leftovers"
reveal("4.lost")
figures.leftovers(torch.arange(25.0).reshape(5, 5), 2)

# %% [markdown] id="ceil-mode-reading"
# Among the lost is the largest number of all. With `ceil_mode=True` a window may hang over the edge,
# as long as it starts inside. Odd sizes come soon: 28 halves to 14, 14 to 7, and 7 leaves a row over.

# %% [markdown] id="return-indices" slide="skip"
# **return_indices.** The places of the winners, counted row by row: place 6 of a map four pixels
# wide is row 1, column 2. The gradient will need them on its way back.

# %% id="indices" slide="skip"
values, places = F.max_pool2d(batch, 2, return_indices=True)
for value, place in zip(values.flatten().tolist(), places.flatten().tolist(), strict=True):
    row, column = divmod(place, 4)
    print(f"{value:.0f} at place {place:2} = row {row}, column {column}")

# %% [markdown] id="count-include-pad" slide="slide"
# **count_include_pad.** Padding of a maximum is minus infinity, so it never wins. Padding of a mean
# is zero, and counts unless told otherwise. Take a 4×4 picture of ones, windows of 2×2 and a padding
# of 1. Which number comes out in the corners?

# %% id="guess-corner"
guess("4.corner", ...)

# %% id="border"
reveal("4.corner")
ones = torch.ones(4, 4)
counted = F.avg_pool2d(ones[None], 2, padding=1)[0]
figures.pooled_maps(ones, 2, {"mean, zeros counted": counted}, padding=1)

# %% [markdown] id="exercise-average"
# ### Exercise 4.3: average what is really there
#
# The border fades although the picture is even. Write the average that counts pixels only, as
# `count_include_pad=False` does. `zero_pad(x, rows, columns)` goes on from lesson 3.

# %% id="pad-goes-on"
zero_pad = own("3.2")
print(zero_pad(torch.tensor([[5.0, 6]]), 1, 0))


# %% id="answer-average"
def avg_pool2d(x, window, padding):
    """Return the mean of the pixels of x in each window; windows lie side by side.

    x: (H, W), gets `padding` rows and columns of room on each side, which do not count.
    Rows and columns of the padded map that do not fill a window are dropped.
    With x [[2, 4], [6, 8]], window 2 and padding 1 each window holds one pixel: the answer is x.
    """
    ### BEGIN SOLUTION
    room = zero_pad(x, padding, padding)
    real = zero_pad(torch.ones_like(x), padding, padding)
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

# %% id="average-goes-on" slide="skip"
avg_pool2d = own("4.3", avg_pool2d)
pixels_only = F.avg_pool2d(batch, 2, padding=1, count_include_pad=False)[0, 0]
print("of ones, in the corners:", avg_pool2d(ones, 2, 1)[0, 0].item())
print("PyTorch agrees on x:", torch.allclose(avg_pool2d(x, 2, 1), pixels_only))

# %% [markdown] id="smooth-or-sharp"
# ## The mean smooths, the max keeps what is sharp
#
# Below are the edges of a photograph, in gray as the photograph is, and what windows of 4×4 keep of
# them. Each pooled pixel is drawn as large as its window. Look at the thin lines.

# %% id="edges"
cat = data.photograph()
gx, gy = (corr2d(cat, kernels.kernel(name)) for name in ("sobel x", "sobel y"))
edges = (gx**2 + gy**2).sqrt()[:156, :156] / 2

# %% id="cat-pooled"
block = torch.ones(4, 4)
large, mean = max_pool2d(edges, 4, 4), avg_pool2d(edges, 4, 0)
figures.pictures(
    {
        "edges, 156×156": edges,
        "max 4×4 keeps lines: 39×39": torch.kron(large, block),
        "mean 4×4 fades them: 39×39": torch.kron(mean, block),
    },
    says="edges of the photograph: max pooling keeps lines bright, mean pooling lets them fade.",
    columns=3,
    inches=2.4,
).by(max_pool2d, avg_pool2d)

# %% [markdown] id="cat-pooled-reading" slide="notes"
# The rings of the eyes and the V of the nose stay bright under the max, and become as thick as a
# window. Under the mean they sink towards the gray of the fur around them.

# %% [markdown] id="line-question" slide="slide"
# A line of one pixel crosses a window of 4×4. If it is bright (1) on dark ground (0), the max is 1:
# the line is kept. What does the max leave of a dark line on bright ground? Guess **A**, the dark
# line; **B**, a gray between the two; **C**, nothing.

# %% id="guess-line"
guess("4.line", ...)

# %% id="line"
reveal("4.line")
line = torch.zeros(4, 4)
line[:, 1] = 1
for name, image in {"bright line on dark": line, "dark line on bright": 1 - line}.items():
    largest, mean = max_pool2d(image, 4, 4).item(), avg_pool2d(image, 4, 0).item()
    print(f"{name}: max {largest:.2f}, mean {mean:.2f}")

# %% [markdown] id="line-reading"
# The mean keeps a quarter of either line: 0 rises to 0.25, and 1 falls to 0.75. In feature maps a
# large number means "seen", so what the max loses is what was *not* seen. That is why it is the usual
# choice after a ReLU.

# %% [markdown] id="exercise-picture"
# ### Exercise 4.4: which picture did max pooling make?
#
# A drawing again, but white is 1 here and black 0.

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
# channel: the max asks whether the feature is anywhere, the mean how much of it there is.

# %% [markdown] id="exercise-global" slide="-"
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

# %% [markdown] id="global-layers" slide="slide"
# PyTorch has both as layers, named *adaptive* because they ask for the size of the output, here 1,
# and find the window themselves. Watch what happens to the size of the image.

# %% id="global-pools"
global_average = own("4.5", global_average)
for size in (7, 9):
    maps = torch.randn(64, size, size)  # 64 channels
    mean, largest = nn.AdaptiveAvgPool2d(1)(maps), nn.AdaptiveMaxPool2d(1)(maps)
    print(f"{tuple(maps.shape)} -> mean {tuple(mean.shape)}, max {tuple(largest.shape)}")
    print("global_average agrees:", torch.allclose(global_average(maps), mean[:, 0, 0], atol=1e-6))

# %% [markdown] id="global-reading"
# The layers keep two axes of 1. Any size of image gives 64 numbers, so one fully connected layer
# (`nn.Linear`) can tell ten classes apart at every size. And it is a small one:

# %% id="global-cost"
flat, pooled = nn.Linear(64 * 7 * 7, 10), nn.Linear(64, 10)
for name, layer in {"64 maps of 7×7, flattened": flat, "64 pooled numbers": pooled}.items():
    print(f"{name:25} -> 10 classes: {sum(p.numel() for p in layer.parameters()):6,} parameters")

# %% [markdown] id="backward"
# ## The way back
#
# A pool has nothing to learn, but gradients must pass it. Write down what the max of our map says,
# with $X$ for the input and $Y$ for the output. The 9 is at row 0, column 0 and the 8 at row 1,
# column 2:
#
# $$Y_{00} = X_{00}, \quad Y_{01} = X_{12}, \quad \ldots$$
#
# Each output *is* one pixel: slope 1. Every other pixel could change a little and the output would
# not: slope 0.

# %% [markdown] id="route-question" slide="slide"
# The layer above sends back $\partial L/\partial Y$: the rows 1, 2 and −3, 4. The −3 belongs to
# $Y_{10}$, the window with 7, 2, 3 and 6. Which pixel of $X$ does it reach? Guess its (row, column),
# counted from 0.

# %% id="guess-route"
guess("4.route", ...)

# %% id="autograd"
reveal("4.route")
grad_out = torch.tensor([[1.0, 2], [-3, 4]])
leaf = batch.clone().requires_grad_()
F.max_pool2d(leaf, 2).backward(grad_out[None, None])
print(leaf.grad[0, 0].int())

# %% [markdown] id="ties" slide="slide"
# Four equal pixels fill a window, and a gradient of 1 comes back. Who gets it? Guess **A**, each a
# quarter; **B**, each the whole; **C**, the first in reading order alone; **D**, the last alone.

# %% id="guess-tie"
guess("4.tie", ...)

# %% id="ties-measured"
reveal("4.tie")
even = torch.full((1, 1, 2, 2), 5.0, requires_grad=True)
F.max_pool2d(even, 2).backward(torch.ones(1, 1, 1, 1))
print("four equal pixels:  ", even.grad[0, 0].tolist())
leaf.grad = None
F.max_pool2d(leaf, 2, stride=1).backward(torch.ones(1, 1, 3, 3))
print("overlapping windows:", leaf.grad[0, 0].int().tolist())

# %% [markdown] id="ties-reading"
# After a ReLU ties are common: in a window of zeros the first zero wins, and the ReLU before the pool
# stops its gradient. Where windows overlap, gradients add up: with stride 1 the 8 won four windows
# and gets 4.

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

# %% [markdown] id="way-home" slide="slide"
# Watch each gradient find its way home. The dashed frame is the window, the small frame its winner.

# %% id="way-home-moving"
max_pool_backward = own("4.6", max_pool_backward)
figures.gradient_animation(x, grad_out, 2, by=max_pool_backward)

# %% [markdown] id="routes-intro" slide="slide"
# The mean has no winner. All four pixels of a window move it equally, so each gets a quarter of the
# gradient: −3 becomes −0.75 four times.

# %% id="routes"
figures.gradient_routes(x, grad_out, 2, by=max_pool_backward)

# %% id="autograd-agrees"
shares = grad_out.repeat_interleave(2, 0).repeat_interleave(2, 1) / 4
both = ((F.max_pool2d, max_pool_backward(x, grad_out, 2)), (F.avg_pool2d, shares))
for pool, expected in both:
    leaf.grad = None
    pool(leaf, 2).backward(grad_out[None, None])
    print(f"{pool.__name__}: autograd agrees: {torch.equal(leaf.grad[0, 0], expected)}")

# %% [markdown] id="explore-pools" slide="slide"
# Follow a gradient yourself: the blue line leads from an output to the pixel that wins. Set both
# strides to 1, step through the nine windows with Space or the arrow keys, and count the windows in
# which the line ends at the 8. Then change to average pooling: now lines lead to all four pixels.
#
# The explorer draws an image without negative numbers in gray, from black, 0, to white.

# %% id="explore-pools-window"
others = ("preset", "dilation", "draw", "predict")
Explorer(x, 2, mode="max", cursor=(0, 1), hide=others, by=max_pool2d)

# %% [markdown] id="invariance"
# ## Follow, then forgive
#
# Back to the cat. Its response is a single pixel that follows every step. Max-pool it with windows of
# 4×4; the peak lies in the first column of its window. Move the cat to the right, one pixel at a
# time. From which shift on does the pooled map change?

# %% id="guess-shift"
guess("4.shift", ...)

# %% [markdown] id="change"
# The curves below measure *change*: 0 if two maps are equal, 1 if they have nothing in common.
#
# $$\text{change} = \frac{\sum |\text{before} - \text{after}|}
# {\sum \text{before} + \sum \text{after}}$$

# %% id="shifts" slide="slide"
reveal("4.shift")
figures.shifted_detector(by=max_pool2d)

# %% [markdown] id="shifts-reading"
# The response is all new after one pixel. The pooled map is the very same as long as the peak stays in
# its window: **local invariance**.
#
# That start was a lucky one. From a window's last column, one pixel is enough to change everything.
# Over the four starts a one-pixel shift changes 0.25 on average: one case in four.

# %% [markdown] id="exercise-measure"
# ### Exercise 4.7: measure the invariance
#
# Move the input, pool both, compare. `x.roll(shift, dims=1)` moves to the right, and
# `max_pool2d(x, window, window)` pools.


# %% id="answer-measure"
def pooled_change(x, window, shift):
    """Return how much the max-pooled map changes when x moves right by `shift` pixels.

    x: (H, W), no negative numbers. What leaves on the right comes back on the left (x.roll).
    Returns one number: the sum of |before - after|, divided by the sum of before and after.
    With x [[0, 1, 0, 0]], window 1 and shift 1 nothing is left in place: the answer is 1.
    """
    ### BEGIN SOLUTION
    before = max_pool2d(x, window, window)
    after = max_pool2d(x.roll(shift, dims=1), window, window)
    return (before - after).abs().sum() / (before + after).sum()
    ### END SOLUTION


# %% id="check-measure"
check("4.7", pooled_change)

# %% [markdown] id="limit"
# ### The honest limit
#
# "Pooling makes a network translation invariant" is said often and is not true. A pool forgives a
# shift until something crosses the border between two windows. Real maps have peaks everywhere, so
# some of them always cross. Here the photograph's edges move by a single pixel:

# %% id="photograph-measured"
pooled_change = own("4.7", pooled_change)
after = edges.roll(1, dims=1)  # moved right by one pixel
print(f"no pooling:  change {change(edges, after):.2f}")
for window in (2, 4, 12, 156):
    print(f"max {window}×{window}: change {pooled_change(edges, window, 1):.2f}")

# %% id="other-pools"
print(f"every second pixel: change {change(edges[::2, ::2], after[::2, ::2]):.2f}")
print(f"mean 2×2:           change {change(avg_pool2d(edges, 2, 0), avg_pool2d(after, 2, 0)):.2f}")
same = change(global_average(edges[None]), global_average(after[None]))
print(f"global mean:        change {same:.2f}")

# %% [markdown] id="photograph-reading" slide="slide"
# The max over 2×2 halves the change, from 0.21 to 0.10, and over 4×4 halves it again; the mean over
# 2×2 forgives a little less. Only the two global pools, max and mean, come to 0, and they have
# forgotten the place altogether.
#
# Taking every second pixel forgives nothing: the window does it, not the stride.

# %% [markdown] id="stride-breaks" slide="slide"
# The stride even costs something. A shift by 2 moves a map that was pooled with stride 2 by exactly
# one pixel. And a shift by 1? Guess **A**, the pooled map stays the same; **B**, it becomes its own
# copy, one pixel on; **C**, neither.

# %% id="guess-odd"
guess("4.odd", ...)

# %% id="stride-breaks-measured"
reveal("4.odd")
by_none, by_one, by_two = (max_pool2d(edges[:148, 8 - k : 156 - k], 2, 2) for k in range(3))
print("moved by two, a copy one pixel on:", torch.equal(by_two[:, 1:], by_none[:, :-1]))
print(f"moved by one, against the map as it was: {change(by_one, by_none):.2f}")
print(f"moved by one, against it one pixel on:   {change(by_one[:, 1:], by_none[:, :-1]):.2f}")

# %% [markdown] id="stride-breaks-reading" slide="notes"
# A stride of 2 keeps equivariance for even shifts only. Networks learn the rest from shifted pictures,
# or blur before they skip.

# %% [markdown] id="price" slide="notes"
# Invariance has a price. Windows that forgive more also know less: two cats in one window are one
# peak, and after global pooling an ear may sit anywhere. Networks therefore pool a little and
# often, and convolve in between.

# %% [markdown] id="smaller"
# ## Two ways to make maps smaller
#
# A pool takes $C$ maps of $n \times n$ to $C$ maps of $\frac n2 \times \frac n2$. A convolution with
# stride 2 halves them too, and may change their number.
#
# For each map that it makes it has one kernel on each map that comes in, and adds up the results. Its
# weight therefore has four axes: (maps out, maps in, kernel height, kernel width). Lesson 5 builds it.

# %% id="shrinking"
maps = torch.randn(1, 64, 28, 28)
small, wide = nn.Conv2d(64, 128, 1, stride=2), nn.Conv2d(64, 128, 3, stride=2, padding=1)
for name, layer in {"2×2 pool": nn.MaxPool2d(2), "1×1 conv": small, "3×3 conv": wide}.items():
    count = sum(p.numel() for p in layer.parameters())
    print(f"{name} {tuple(layer(maps).shape)!s:17} {count:6,} parameters")

# %% [markdown] id="unread" slide="slide"
# The pool costs nothing and learns nothing; the convolutions learn how to shrink. But a kernel of 1×1
# is a window of one pixel, and with stride 2 it steps over the next. To see who reads what, change one
# pixel of an empty map at a time, and count the outputs that notice.


# %% id="reads"
def reads(layer):
    """Return how many outputs of the layer notice each pixel of a 6×6 map."""
    empty, counts = torch.zeros(6, 6), torch.zeros(6, 6)
    for place in range(36):
        x = empty.clone()
        x.view(-1)[place] = 1
        counts.view(-1)[place] = (layer(x) != layer(empty)).sum()
    return counts


# %% id="reading-counts" slide="slide"
strided_corr2d = own("3.4")
one, nine = torch.ones(1, 1), torch.ones(3, 3)
figures.reading_counts(
    {
        "2×2 max, stride 2": reads(lambda x: max_pool2d(x, 2, 2)),
        "1×1 kernel, stride 2": reads(lambda x: strided_corr2d(x, one, (2, 2))),
        "3×3 kernel, stride 2": reads(lambda x: strided_corr2d(zero_pad(x, 1, 1), nine, (2, 2))),
    }
).by(max_pool2d, strided_corr2d, zero_pad)

# %% [markdown] id="reading-counts-reading"
# The 1×1 kernel reads one pixel in four; whatever earlier layers computed in the other 75 % was
# computed for nothing. The 3×3 kernel with stride 2 reads them all, and some of them four times. So
# shrink with a window at least as large as the stride.

# %% [markdown] id="thrown-away-question" slide="slide"
# The cat's response has its only peak, 29, in row 3, column 4. What is the largest number that the
# 1×1 kernel with stride 2 (its weight is 1) leaves of it?

# %% id="guess-peak"
guess("4.peak", ...)

# %% id="thrown-away"
reveal("4.peak")
print("1×1 kernel, stride 2:", strided_corr2d(response, one, (2, 2)).max().item())
print("2×2 max, stride 2:   ", max_pool2d(response, 2, 2).max().item())

# %% [markdown] id="exercise-twin"
# ### Exercise 4.8: a convolution that pools
#
# A strided convolution can do whatever average pooling does. Write its weight. Which of its kernels
# must be zero, so that the maps do not mix?


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

# %% id="twins" slide="skip"
averaging_weight = own("4.8", averaging_weight)
two = torch.stack([x, x.T])  # (2, 4, 4): two maps
by_convolution = F.conv2d(two[None], averaging_weight(2, 2), stride=2)[0]
by_pool = torch.stack([avg_pool2d(map_, 2, 0) for map_ in two])
print("two maps, equal:", torch.allclose(by_convolution, by_pool))
kernel = averaging_weight(1, 4)[0, 0]  # (4, 4): one map, one kernel
by_kernel = strided_corr2d(edges, kernel, (4, 4))
print("the cat's edges, equal:", torch.allclose(by_kernel, avg_pool2d(edges, 4, 0), atol=1e-6))

# %% [markdown] id="twin-reading"
# So a strided convolution can learn to average, or something better for its task. It cannot learn
# the maximum, which is no sum of products. Both are in use: pools where the map is to be small and
# cheap, strided convolutions where the network may learn how.

# %% [markdown] id="exercise-expose"
# ### Exercise 4.9: expose the bug in max_pool2d
#
# Back to the first pool of this lesson. A friend has run this version on a hundred photographs, with all
# kinds of window and stride, and it always agreed with PyTorch.
#
# On what would it not? Answer with `(x, window, stride)`, as small as you can, and as often as you like.


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

# %% [markdown] id="board-intro"
# ## Does your detector survive?
#
# Lesson 3's detector took every second position, and missed what stood between two. The new one takes
# every position, and each window of 2×2 keeps its best score: the maps are 6×6, about as small as
# strided ones.
#
# Draw an X of your own on the pad, black on white. Then run the cells below it.

# %% id="board-pad" slide="skip"
parts = [kernels.kernel(name) for name in ("diagonal down", "diagonal up", "crossing")]
board_pad = Explorer(
    torch.full((13, 13), -1.0),
    parts[2],
    hide=("mode", "stride", "padding", "dilation", "size", "predict", "play", "preset"),
)
board_pad


# %% id="board-detector"
def sees_x(picture):
    """Return whether each part of an X matches somewhere, all but one pixel, after the pool."""
    padded = zero_pad(picture, 1, 1)  # (15, 15)
    maps = [max_pool2d(corr2d(padded, part), 2, 2) for part in parts]  # three of (6, 6)
    return all(scores.max() >= 7 for scores in maps)


# %% id="board" slide="slide"
figures.detector_board(
    {
        "lesson 1: one weight a pixel": perceptron(own("1.2")),
        "lesson 2: three filters": three_filters(corr2d),
        "lesson 3: padded, stride 2": padded_and_strided(zero_pad, strided_corr2d),
        "lesson 4: pooled": sees_x,
    },
    mine=board_pad.image,
    by=[corr2d, zero_pad, max_pool2d],
)

# %% id="board-places" slide="skip"
X = board()["X"]
places = [X.roll((i, j), (0, 1)) for i in range(-3, 4) for j in range(-3, 4)]
print("pooled, it finds the X at", sum(map(sees_x, places)), "of", len(places), "places")

# %% [markdown] id="board-reading"
# The pool finds again what the stride lost: the deformed, the shifted and the rotated X, at any of the
# 49 places where lesson 3 found it at 9. Its maps hold 36 numbers each; those of lesson 2 hold 121.
#
# But it sees no more than lesson 2: a thick X matches no thin part, and the parts of an X, strewn
# about, still pass for one.
#
# The rule asks whether each part is there, never where. In maps this small a second window of 3×3
# sees a whole X, and can ask. It must look at three maps at once: lesson 5.

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
#    invariance). One pixel still changed the pooled edges of a photograph by 0.10.
# 6. A 1×1 kernel with stride 2 leaves 75 % of the pixels unread; a pool or a 3×3 window reads all.
#
# Next: many channels in, many out, and the shape of a whole network. Lesson 5.
