# %% [markdown] id="title"
# # Padding, stride and dilation
#
# A convolution eats the border of its input. What does that cost a deep network, how do you stop
# it, and how do you say the shape of any layer's output before you run it?
#
# | | |
# |---|---|
# | Time | 75 minutes |
# | You need | lesson 2: the sliding window and $n - k + 1$ |
# | Exercises | fifteen, of which eight are quick predictions |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. say what a layer without padding does to borders, and pad so that the size is kept;
# 2. choose a padding mode, and say what it does to the edge of a picture;
# 3. say which rows and columns a stride drops, and what dilation widens;
# 4. predict the output shape of any `nn.Conv2d`, from one formula;
# 5. compute how far into the input one output of a stack can see.

# %% id="imports"
import warnings
from itertools import product

import scipy.signal
import torch
from torch import nn
from torch.nn import functional as F

from coursekit import data, figures, ops, shapes
from coursekit.exercises import check
from coursekit.explorer import Explorer
from coursekit.shapes import Layer

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="borders"
# ## Borders vanish
#
# A window of $k$ pixels has $n - k + 1$ positions on $n$ pixels. Each layer therefore loses
# $k - 1$ rows and as many columns. One layer loses little. What do seven lose?

# %% [markdown] id="exercise-vanish" slide="-"
# ### Exercise 3.1: what seven layers leave
#
# An image of 32×32 goes through seven layers with a kernel of 5×5 each. Write the shape (height,
# width) of the last map. Your first answer is locked in before the reveal.

# %% id="answer-vanish"
### BEGIN SOLUTION
last_map = (4, 4)
### END SOLUTION

# %% id="check-vanish"
check("3.1", last_map)

# %% [markdown] id="vanish-look" slide="slide"
# The layers below copy the middle of their window and do nothing else, so all that changes is
# what the border loses. Look for the last layer in which you still see an eye.

# %% id="vanish"
cat = data.photograph()
thumbnail = F.avg_pool2d(cat[None], 5)[0]  # (32, 32)
figures.vanishing_borders(thumbnail, kernel=5, layers=7)

# %% [markdown] id="vanish-reading"
# Layer 5 keeps a sliver of an eye, layer 7 a patch of nose. An eighth layer would not fit. Larger
# kernels are worse: three layers of 11×11 take 30 of the 32 rows.

# %% [markdown] id="corner-question" slide="slide"
# The border suffers twice. Count for each pixel of a 6×6 image how many windows of 3×3 read it.
# How often is a corner read, how often the middle?

# %% id="readers"
image = torch.zeros(6, 6, requires_grad=True)
ops.corr2d(image, torch.ones(3, 3)).sum().backward()
readers = image.grad  # each window that reads a pixel adds 1 to its gradient
figures.matrices(
    {"corners once, the middle 9 times": readers},
    says="how many windows of 3×3 read each pixel: a corner 1, the middle 9.",
    kinds=["ink"],
)

# %% [markdown] id="corner-reading"
# What lies in a corner has one ninth of the influence of what lies in the middle, in the first
# layer alone.

# %% [markdown] id="padding"
# ## Padding makes room for the window
#
# Add $p$ rows of zeros above and $p$ below, $p$ columns left and right, and the window gets room
# to stand on the border. The input now has $n + 2p$ pixels along each axis: with $p = 1$,
# the three below become $3 + 2 \cdot 1 = 5$, and four would become 6.

# %% id="pad-example"
x, kernel = torch.arange(9.0).reshape(3, 3), torch.arange(4.0).reshape(2, 2)
figures.padded_correlation(x, kernel, padding=1)

# %% [markdown] id="pad-reading"
# The four sums of lesson 2, 19 25 37 43, are still there, in the middle of the map. Around them are
# twelve windows that lie partly on the hatched zeros. The 3×3 input has become 4×4:
#
# $$n_{out} = n + 2p - k + 1 = 3 + 2 - 2 + 1$$

# %% [markdown] id="exercise-pad"
# ### Exercise 3.2: zeros around an image


# %% id="answer-pad"
def zero_pad(x, rows, columns):
    """Return x with zeros around it: rows above and below, columns left and right.

    x: (H, W). Returns (H + 2 * rows, W + 2 * columns).
    zero_pad of [[5], [6]] with rows 1 and columns 0 is [[0], [5], [6], [0]].
    """
    ### BEGIN SOLUTION
    H, W = x.shape
    with_border = torch.zeros(H + 2 * rows, W + 2 * columns)
    with_border[rows : rows + H, columns : columns + W] = x
    return with_border
    ### END SOLUTION


# %% id="check-pad"
check("3.2", zero_pad)

# %% [markdown] id="three-names"
# ## Valid, same, full
#
# Three amounts have names. *valid* adds nothing: every window lies on real pixels. *same* adds
# $k - 1$ in total and keeps the size. *full* adds $k - 1$ on each side, so that the first window
# touches the image with one pixel.
#
# Predict the three sizes for $n = 8$ and $k = 3$ before you run the cell.

# %% id="named-sizes"
eight, blur = torch.rand(8, 8), torch.ones(3, 3) / 9
for name, p in (("valid", 0), ("same", 1), ("full", shapes.full_padding(3))):
    ours = ops.convolve2d(ops.pad2d(eight, p), blur)
    theirs = torch.from_numpy(scipy.signal.convolve2d(eight, blur, mode=name))
    agree = torch.allclose(ours, theirs, atol=1e-6)
    print(f"{name:5} p = {p}: {tuple(ours.shape)}  agrees with SciPy: {agree}")

# %% [markdown] id="named-reading"
# $8 - 2 = 6$, $8$, and $8 + 2 = 10$. In lesson 2 the gradient for the input needed *full*.

# %% [markdown] id="even-kernels" slide="slide"
# An odd kernel splits $k - 1$ evenly: for $k = 5$ two rows above, two below. An even kernel
# cannot: for $k = 4$ there are three rows to share. The book's rule rounds up above and down below:
# $\lceil (k-1)/2 \rceil$ on top, $\lfloor (k-1)/2 \rfloor$ at the bottom. PyTorch's *same* does the
# opposite, as you will see.
#
# `nn.Conv2d` has one number for both sides. What does $k = 4$ do with $p = 1$, what with $p = 2$?

# %% id="even-sizes"
for p in (1, 2):
    print(f"n = 10, k = 4, p = {p} on both sides: {shapes.output_size(10, 4, padding=p)}")
above, below = shapes.same_padding(4)
ten = F.pad(torch.rand(1, 1, 10, 10), (above, below, above, below))
print(f"{above} above, {below} below: {F.conv2d(ten, torch.ones(1, 1, 4, 4)).shape[-1]}")

# %% [markdown] id="even-reading"
# One short, one too many, and right with two above and one below. This is why kernels are odd
# nearly everywhere.

# %% [markdown] id="exercise-same"
# ### Exercise 3.3: keep the size, for any kernel


# %% id="answer-same"
def same_padding(k):
    """Return (above, below): rows of padding that keep the height under a kernel of k rows.

    Where the two cannot be equal, the larger one is above.
    same_padding(7) is (3, 3).
    """
    ### BEGIN SOLUTION
    rows_in_total = k - 1
    smaller_half = rows_in_total // 2
    return rows_in_total - smaller_half, smaller_half
    ### END SOLUTION


# %% id="check-same"
check("3.3", same_padding)

# %% [markdown] id="torch-same"
# PyTorch can work this out for you: `padding="same"`. It rounds the other way, so with an even
# kernel its map is shifted by one pixel. A kernel of four ones on six ones counts the pixels that
# each window sees. Which of the two lines starts with the smaller count?

# %% id="torch-same-shift"
warnings.filterwarnings("ignore", message="Using padding='same' with even kernel lengths")
ones, kernel = torch.ones(1, 1, 1, 6), torch.ones(1, 1, 1, 4)
print("two before, one after:", F.conv2d(F.pad(ones, (2, 1)), kernel).flatten().int().tolist())
print('padding="same":       ', F.conv2d(ones, kernel, padding="same").flatten().int().tolist())

# %% [markdown] id="torch-same-reading"
# Two zeros before leave room for two pixels, one zero for three. (PyTorch warns that an even
# kernel costs it a copy of the input; the first line of the cell silences that.)

# %% [markdown] id="modes"
# ## What to pad with
#
# Zeros are the default and not the only choice. `nn.Conv2d` knows four modes. Read one row of four
# numbers, padded by two, and say in words what each mode does.

# %% id="modes-row"
row = torch.tensor([[[1.0, 2, 3, 4]]])
for mode in ("constant", "reflect", "replicate", "circular"):
    print(f"{mode:9}", F.pad(row, (2, 2), mode=mode).flatten().int().tolist())

# %% [markdown] id="modes-predict"
# PyTorch's `pad` calls zeros *constant*. *reflect* mirrors without repeating the last pixel,
# *replicate* repeats it, *circular* goes on at the other end.
#
# Now a part of the photograph, padded by eight pixels. An edge detector looks for steps in gray
# value. In which mode will it find a frame that is not in the picture?

# %% id="modes-picture" slide="slide"
modes = ("zeros", "reflect", "replicate", "circular")
figures.padding_modes(cat[40:88, 20:68], padding=8, modes=modes)

# %% [markdown] id="modes-reading"
# Zeros draw a black frame, the strongest edge of the whole picture. Averaged along the frame, with
# gray values from 0 to 1, Sobel's magnitude is 1.91, where reflect and replicate have 0.26. Circular
# joins opposite sides that have nothing in common: 0.56.
#
# Networks take zeros nevertheless. They learn to live with the frame, and even to use it, since it
# tells them where the border is.

# %% [markdown] id="stride"
# ## Stride: larger steps
#
# The window may move by more than one pixel. A **stride** of $s$ moves it by $s$, and the map
# gets about $s$ times smaller along each axis. Here is the image of lesson 2 with padding 1 and
# stride 2, and the kernel 1 0 1 / 0 1 0 / 1 0 1. Watch which columns the window starts in.

# %% id="stride-moving"
binary = torch.tensor(
    [[1.0, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
cross = torch.tensor([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])
moving = figures.strided_animation(binary, cross, stride=2, padding=1)
moving

# %% [markdown] id="stride-reading" slide="skip"
# It starts in columns 0, 2 and 4 of the padded image, and in the same rows: nine positions, a map
# of 3×3. On paper, four of the nine:

# %% id="stride-frames" slide="skip"
moving.filmstrip([0, 3, 4, 8], columns=2)

# %% [markdown] id="stride-pair" slide="slide"
# Height and width may have steps of their own. Below the step is 3 down and 2 across, and the
# kernel is 0 1 / 2 3. Work out the four sums before you read them off the titles.

# %% id="stride-stills"
figures.strided_filmstrip(
    torch.arange(9.0).reshape(3, 3), torch.arange(4.0).reshape(2, 2), stride=(3, 2), padding=1
)

# %% [markdown] id="stride-sub" slide="slide"
# $0$, $1 \cdot 2 + 2 \cdot 3 = 8$, $6 \cdot 1 = 6$, and $7 \cdot 0 + 8 \cdot 1 = 8$.
#
# A stride computes nothing new. It leaves positions out: with stride 2 the map is every second row
# and column of the map with stride 1.

# %% id="stride-skips"
everywhere = ops.corr2d(binary, cross).int()
every_second = ops.conv2d(binary[None, None], cross[None, None], stride=2)[0, 0].int()
print("stride 1", everywhere.tolist())
print("stride 2", every_second.tolist(), torch.equal(every_second, everywhere[::2, ::2]))

# %% [markdown] id="exercise-stride"
# ### Exercise 3.4: larger steps


# %% id="answer-stride"
def strided_corr2d(x, kernel, stride):
    """Return the sums of window times kernel, where the window moves by stride = (sH, sW).

    x: (H, W). kernel: (kH, kW). Returns ((H - kH) // sH + 1, (W - kW) // sW + 1).
    With x [[1, 2, 3, 4, 5]], kernel [[1, 10]] and stride (1, 2) the windows start at 0 and 2:
    [[21, 43]].
    """
    ### BEGIN SOLUTION
    (H, W), (kH, kW), (sH, sW) = x.shape, kernel.shape, stride
    feature_map = torch.zeros((H - kH) // sH + 1, (W - kW) // sW + 1)
    for row in range(feature_map.shape[0]):
        for column in range(feature_map.shape[1]):
            top, left = row * sH, column * sW
            feature_map[row, column] = (x[top : top + kH, left : left + kW] * kernel).sum()
    return feature_map
    ### END SOLUTION


# %% id="check-stride"
check("3.4", strided_corr2d)

# %% [markdown] id="floor"
# ## The floor drops rows
#
# The window has $n + 2p - k$ pixels of room. If a step of $s$ does not divide it, the last step is
# not taken, and what lies behind the last window is never read. The formula says it with a floor:
#
# $$n_{out} = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# Here are the pixels that each window reads, on 8 pixels with $k = 3$ and $s = 3$:

# %% id="floor-taps"
print("windows:", shapes.taps(8, 3, stride=3))
print("pixels behind the last window:", shapes.left_over(8, 3, stride=3))
print("with p = 1:", shapes.taps(8, 3, stride=3, padding=1))

# %% [markdown] id="floor-picture" slide="slide"
# The same two settings as pictures. Dots are windows, blue squares the pixels of the first one,
# lines padding, crosses what lies behind the last window.

# %% id="floor-plan"
figures.window_settings(8, 3, strides=(3,), paddings=(0, 1), dilations=(1,), pixel=0.2)

# %% [markdown] id="floor-reading"
# Pixels 6 and 7 have no part in the output. With $p = 1$ every pixel is read; −1 is padding, and
# all that is left behind is padding too. No error tells you. A network that must see the last row
# needs sizes that fit, or padding.
#
# A stride longer than the kernel leaves gaps between the windows as well.

# %% [markdown] id="exercise-dropped"
# ### Exercise 3.5: rows that no window reads
#
# An image has 20 rows, the kernel 5, the stride is 4, and there is no padding. How many rows does
# no window read?

# %% id="answer-dropped"
### BEGIN SOLUTION
unread_rows = 3
### END SOLUTION

# %% id="check-dropped"
check("3.5", unread_rows)

# %% [markdown] id="dilation"
# ## Dilation: room between the taps
#
# A kernel's weights may lie apart. **Dilation** $d$ is the distance from tap to tap: 1 is the
# ordinary kernel, 2 leaves one pixel out between taps. The count of weights stays. How many pixels
# does a kernel of 3 cover with $d = 2$?

# %% [markdown] id="dilation-cover"
# $k$ taps have $k - 1$ gaps between them, each $d$ long, so the window covers
#
# $$d(k - 1) + 1$$
#
# pixels: $2 \cdot 2 + 1 = 5$.

# %% [markdown] id="exercise-dilate"
# ### Exercise 3.6: a kernel with room between its taps


# %% id="answer-dilate"
def dilate(kernel, dilation):
    """Return the kernel with its taps `dilation` pixels apart and zeros between them.

    kernel: (kH, kW). Returns (dilation * (kH - 1) + 1, dilation * (kW - 1) + 1).
    dilate([[4], [7]], 3) is [[4], [0], [0], [7]].
    """
    ### BEGIN SOLUTION
    kH, kW = kernel.shape
    apart = torch.zeros(dilation * (kH - 1) + 1, dilation * (kW - 1) + 1)
    apart[::dilation, ::dilation] = kernel
    return apart
    ### END SOLUTION


# %% id="check-dilate"
check("3.6", dilate)

# %% [markdown] id="dilated-look" slide="slide"
# Nine weights, side by side and then two pixels apart:

# %% id="dilated-kernel"
kernel = torch.arange(1.0, 10).reshape(3, 3)
spread = torch.zeros(5, 5)
spread[0::2, 0::2] = kernel
figures.matrices(
    {"d = 1: covers 3×3": kernel, "d = 2: covers 5×5": spread},
    says="nine weights, side by side and then two pixels apart with zeros between them.",
)

# %% [markdown] id="dilation-steps"
# Nobody multiplies with those zeros. PyTorch steps over them; the result is the same, at the price
# of nine products instead of 25.

# %% id="dilation-agrees"
batch = cat[None, None]  # (1, 1, 160, 160)
stepped = F.conv2d(batch, kernel[None, None], dilation=2)
written_out = F.conv2d(batch, spread[None, None])
print(tuple(stepped.shape), "equal:", torch.allclose(stepped, written_out, atol=1e-4))

# %% [markdown] id="formula"
# ## One formula
#
# Put the pieces together: the padded length, less what the window covers, is its room. It stands
# once, and once more for every whole step in that room.
#
# $$n_{out} = \left\lfloor \frac{n + 2p - d(k-1) - 1}{s} \right\rfloor + 1$$
#
# Below, every combination of $s \in \{1, 2, 3\}$, $p \in \{0, 1\}$ and $d \in \{1, 2\}$ for a 3×3
# kernel on 8×8 pixels. Dots are windows, blue squares the taps of the first one, lines padding,
# crosses what lies behind the last window. Cover the titles and predict three of them.

# %% id="settings"
figures.window_settings(8, 3, strides=(1, 2, 3), paddings=(0, 1), dilations=(1, 2))

# %% [markdown] id="settings-reading" slide="notes"
# Seven of the twelve leave something behind the last window; without dilation and with $p = 1$ it is
# only padding.
#
# Crosses do not show the gaps between taps: with $s = 2$, $d = 2$ and $p = 0$ every tap falls on an
# even pixel, and rows 1, 3, 5 and 7 are never read.

# %% [markdown] id="explore-settings" slide="slide"
# Change the settings yourself; the formula below the maps follows. Crossed pixels lie behind the last
# window. Two predictions first: will a padding of 1 make all crosses go? And with $p = 0$, how large
# is the map for a dilation of 3?

# %% id="explore-settings-window"
eights = torch.arange(64.0).reshape(8, 8)
Explorer(eights, torch.ones(3, 3), stride=3, hide=("mode", "preset", "draw", "predict"))

# %% [markdown] id="explore-settings-reading"
# With $p = 1$ one row and one column stay crossed, and both are padding. With $d = 3$ the window
# covers 7 of 8 pixels: no room for a step of 3, and the map is 1×1.

# %% [markdown] id="special-cases" slide="slide"
# You will meet this formula in other clothes. All are the same one:
#
# | written as | where | it is the formula with |
# |---|---|---|
# | $n - k + 1$ | lesson 2 | $p = 0, s = 1, d = 1$ |
# | $(n - k)/s + 1$ | with steps that fit | $p = 0, d = 1$ |
# | $\lfloor (n + 2p - k)/s \rfloor + 1$ | most courses | $d = 1$ |
# | $\lfloor (n - k + p_h + s)/s \rfloor$ | the book; $p_h$ is the **total** | $d = 1, p_h = 2p$ |
# | $\lfloor (n + s - 1)/s \rfloor$ | the book, $p_h = k - 1$ | same padding |
# | $n/s$ | the same, where $s$ divides $n$ | same padding |
#
# The fourth hides the $+1$ as $s/s$. The fifth is $n/s$ rounded up.

# %% id="special-cases-check" slide="skip"
sizes = {
    (n, k, s, p): shapes.output_size(n, k, stride=s, padding=p)
    for n, k, s, p in product(range(5, 40), (1, 3, 5), (1, 2, 3), (0, 1, 2))
}
same = {(n, k, s, p): size for (n, k, s, p), size in sizes.items() if 2 * p == k - 1}


def right(formula, sizes):
    return f"right in {sum(formula(*case) == sizes[case] for case in sizes)} of {len(sizes)}"


print("⌊(n + 2p − k)/s⌋ + 1 ", right(lambda n, k, s, p: (n + 2 * p - k) // s + 1, sizes))
print("⌊(n − k + p_h + s)/s⌋", right(lambda n, k, s, p: (n - k + 2 * p + s) // s, sizes))
print("same: ⌊(n + s − 1)/s⌋", right(lambda n, k, s, p: (n + s - 1) // s, same))

# %% [markdown] id="special-cases-reading" slide="notes"
# The first two hold in all 945 cases. The third was asked only where the padding is *same*, and
# holds there.

# %% [markdown] id="seven" slide="slide"
# ### Seven operations, one table
#
# An image of $m \times n$, a kernel or a pooling window of $a \times b$. You may find this table
# with $m/s \times n/s$ for a strided and $m \times n$ for a dilated convolution. Both are true with
# the right padding only. Without padding, except in the rows *same* and *full*:
#
# | operation | rows | columns |
# |---|---|---|
# | valid | $m - a + 1$ | $n - b + 1$ |
# | same | $m$ | $n$ |
# | full | $m + a - 1$ | $n + b - 1$ |
# | strided by $s$ | $\lfloor (m - a)/s \rfloor + 1$ | $\lfloor (n - b)/s \rfloor + 1$ |
# | dilated by $d$ | $m - d(a - 1)$ | $n - d(b - 1)$ |
# | max pooling | $\lfloor m/a \rfloor$ | $\lfloor n/b \rfloor$ |
# | average pooling | $\lfloor m/a \rfloor$ | $\lfloor n/b \rfloor$ |

# %% [markdown] id="seven-predict" slide="skip"
# Pooling is lesson 4; its window moves by its own size. PyTorch fills the table for an image of
# 12×15 and a window of 3×5, with $s = 2$ and $d = 2$. Predict the strided row first.

# %% id="seven-computed" slide="skip"
x, kernel = torch.rand(1, 1, 12, 15), torch.rand(1, 1, 3, 5)
results = {
    "valid": F.conv2d(x, kernel),
    "same": F.conv2d(x, kernel, padding="same"),
    "full": F.conv2d(x, kernel, padding=(2, 4)),
    "strided": F.conv2d(x, kernel, stride=2),
    "dilated": F.conv2d(x, kernel, dilation=2),
    "max pooling": F.max_pool2d(x, (3, 5)),
    "average pooling": F.avg_pool2d(x, (3, 5)),
}
print("\n".join(f"{name:16}{tuple(y.shape[-2:])}" for name, y in results.items()))

# %% [markdown] id="seven-reading" slide="notes"
# Strided is $\lfloor 9/2 \rfloor + 1 = 5$ by $\lfloor 10/2 \rfloor + 1 = 6$, not 6×7.5. Dilated is
# 8×7, not 12×15. Padding mends both: $p = 1$ and $s = 2$ halve an even side under $k = 3$, and a
# total of $d(k - 1)$ keeps the size under dilation.

# %% [markdown] id="exercise-size"
# ### Exercise 3.7: the one formula


# %% id="answer-size"
def output_size(n, kernel, stride, padding, dilation):
    """Return how many positions a window takes along an axis of n pixels.

    kernel: its number of taps. padding: zeros at each end.
    output_size(6, kernel=2, stride=3, padding=0, dilation=1) is 2: it stands at 0 and 3.
    """
    ### BEGIN SOLUTION
    covers = dilation * (kernel - 1) + 1
    room = n + 2 * padding - covers
    return room // stride + 1
    ### END SOLUTION


# %% id="check-size"
check("3.7", output_size)

# %% [markdown] id="conv2d"
# ## nn.Conv2d and its parameters
#
# A layer is a convolution that owns its weights. Its arguments are what this lesson was about, and
# a few more.

# %% id="conv2d-arguments"
layer = nn.Conv2d(1, 6, (3, 3), stride=1, padding=1, padding_mode="zeros")
print(layer)
print("stride", layer.stride, "padding", layer.padding, "dilation", layer.dilation)
print("groups", layer.groups, "padding_mode", layer.padding_mode)
print("bias, one for each filter:", tuple(layer.bias.shape))

# %% [markdown] id="conv2d-table" slide="slide"
# `nn.Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1,
# bias=True, padding_mode="zeros")`
#
# | argument | what it is |
# |---|---|
# | `in_channels` | channels of the input: 3 for colour |
# | `out_channels` | number of filters, and of feature maps |
# | `kernel_size` | a number or a pair (height, width) |
# | `stride` | the step, a number or a pair |
# | `padding` | on **each** side, a number or a pair; or `"same"`, `"valid"` |
# | `dilation` | distance from tap to tap |
# | `groups` | splits the channels into groups that do not mix (lesson 5) |
# | `bias` | whether each filter adds a learned number |
# | `padding_mode` | `"zeros"`, `"reflect"`, `"replicate"`, `"circular"` |
#
# `device` and `dtype` say where the weights live and of which type they are.

# %% [markdown] id="conv2d-same-stride" slide="notes"
# The layer above makes (1, 6, 10, 10) of (1, 1, 10, 10): six maps of the same size. Two settings
# that PyTorch will not combine are `padding="same"` and a stride above 1. Read what it says:

# %% id="conv2d-refuses" slide="skip"
print(tuple(layer(torch.rand(1, 1, 10, 10)).shape))
try:
    nn.Conv2d(1, 6, 3, stride=2, padding="same")
except ValueError as error:
    print("ValueError:", error)

# %% [markdown] id="predictions"
# ## Predict, then look
#
# A shape is (N, C, H, W): images, channels, height, width. N passes through, C becomes
# `out_channels`, H and W follow the formula, H with the first number of each pair, W with the
# second. Write six
# shapes, four numbers each. The check reveals the answer, and your first one stays on record.

# %% [markdown] id="exercise-plain" slide="-"
# ### Exercise 3.8: three colours
#
# `nn.Conv2d(3, 28, 3)` on an input of shape (20, 3, 256, 256).

# %% id="answer-plain"
### BEGIN SOLUTION
colours = (20, 28, 254, 254)
### END SOLUTION

# %% id="check-plain"
check("3.8", colours)

# %% [markdown] id="exercise-two-channels"
# ### Exercise 3.9: two channels
#
# `nn.Conv2d(2, 28, 3, stride=1)` on (20, 2, 50, 50).

# %% id="answer-two-channels"
### BEGIN SOLUTION
two_channels = (20, 28, 48, 48)
### END SOLUTION

# %% id="check-two-channels"
check("3.9", two_channels)

# %% [markdown] id="exercise-stride-two" slide="-"
# ### Exercise 3.10: a stride of 2
#
# `nn.Conv2d(3, 33, 3, stride=2)` on (20, 3, 50, 100).

# %% id="answer-stride-two"
### BEGIN SOLUTION
stride_two = (20, 33, 24, 49)
### END SOLUTION

# %% id="check-stride-two"
check("3.10", stride_two)

# %% [markdown] id="exercise-rectangle"
# ### Exercise 3.11: a rectangular kernel
#
# `nn.Conv2d(3, 33, (3, 4), stride=(3, 1), padding=(4, 2))` on (20, 3, 50, 100).

# %% id="answer-rectangle"
### BEGIN SOLUTION
rectangle = (20, 33, 19, 101)
### END SOLUTION

# %% id="check-rectangle"
check("3.11", rectangle)

# %% [markdown] id="exercise-dilated" slide="-"
# ### Exercise 3.12: a dilated kernel
#
# `nn.Conv2d(3, 33, (3, 5), stride=(3, 1), padding=(4, 2), dilation=(3, 1))` on (20, 3, 50, 100).

# %% id="answer-dilated"
### BEGIN SOLUTION
dilated = (20, 33, 18, 100)
### END SOLUTION

# %% id="check-dilated"
check("3.12", dilated)

# %% [markdown] id="exercise-stack"
# ### Exercise 3.13: two layers
#
# Four colour images (4, 3, 32, 32) go through `nn.Conv2d(3, 6, 5)`, and what comes out goes
# through `nn.Conv2d(6, 10, 3)`.

# %% id="answer-stack"
### BEGIN SOLUTION
two_layers = (4, 10, 26, 26)
### END SOLUTION

# %% id="check-stack"
check("3.13", two_layers)

# %% [markdown] id="ask-torch"
# Ask PyTorch about any of them: `nn.Conv2d(...)(torch.zeros(...)).shape`. The formula meets it
# below on 20 pixels, in every combination of small settings.

# %% id="formula-and-torch"
agreed = []
for k, s, p, d in product((1, 2, 3, 4, 5), (1, 2, 3), (0, 1, 2), (1, 2, 3)):
    real = F.conv1d(torch.zeros(1, 1, 20), torch.zeros(1, 1, k), stride=s, padding=p, dilation=d)
    predicted = shapes.output_size(20, k, stride=s, padding=p, dilation=d)
    agreed.append(real.shape[-1] == predicted)
print(sum(agreed), "of", len(agreed), "sizes as predicted")

# %% [markdown] id="common"
# ## Settings that you will meet every day
#
# Four choices of $(k, p, s)$ make up most of the networks that you will read. Which three keep the
# size, and what does the fourth do to an odd one?

# %% id="common-settings"
for k, p, s in ((3, 1, 1), (5, 2, 1), (1, 0, 1), (3, 1, 2)):
    sizes = [f"{n} → {shapes.output_size(n, k, stride=s, padding=p)}" for n in (32, 33, 224)]
    print(f"k = {k}, p = {p}, s = {s}:  " + ",  ".join(sizes))

# %% [markdown] id="common-reading"
# With $p = (k - 1)/2$ and $s = 1$ nothing changes, whatever the size. (3, 1, 2) halves, and rounds
# up. A kernel of 1×1 needs no padding, as it has no border to lose.

# %% [markdown] id="field"
# ## How far one output sees
#
# One output of a 3×3 layer depends on 3×3 pixels. Stack a second layer on it: its outputs depend
# on 3×3 of those, which together look at 5×5 pixels. That is its **receptive field**.
#
# Three stacks of three layers with $k = 3$ each, seen from the side. Why do the second and the
# third see about twice as far (15 against 7)?

# %% id="field-stacks" slide="slide"
figures.receptive_fields(
    {
        "stride 1": [Layer(3), Layer(3), Layer(3)],
        "stride 2 in the lower two": [Layer(3, stride=2), Layer(3, stride=2), Layer(3)],
        "dilation 1, 2, 4": [Layer(3), Layer(3, dilation=2), Layer(3, dilation=4)],
    }
)

# %% [markdown] id="field-rule"
# Neighbours behind a stride of 2 lie two pixels apart in the input, behind two such layers four.
# A layer adds $d(k - 1)$ of those steps:
#
# $$r_{l} = r_{l-1} + d_l (k_l - 1) \prod_{i < l} s_i, \qquad r_0 = 1$$
#
# The second stack grows by $2$, $2 \cdot 2$, $2 \cdot 4$ to 15. So does the third, and keeps its
# resolution. A layer's own stride does not widen its view; it widens that of all layers above.
#
# Set all three dilations of the third stack to 2 and run its cell again: how wide is the field,
# and which of its pixels does nobody read?

# %% [markdown] id="field-measured" slide="slide"
# Do not take our word for it. The gradient of one output is zero at every pixel that it cannot
# see. Two 3×3 layers of ones:

# %% id="field-gradient"
image = torch.zeros(1, 1, 9, 9, requires_grad=True)
ones = torch.ones(1, 1, 3, 3)
out = F.conv2d(F.conv2d(image, ones), ones)  # (1, 1, 5, 5)
out[0, 0, 2, 2].backward()
figures.matrices(
    {"the middle output depends on 5×5 of 9×9 pixels": image.grad[0, 0]},
    says="the gradient fills 5×5 pixels; it is 9 in their middle and 1 in their corners.",
    kinds=["ink"],
    pixel=0.3,
)

# %% [markdown] id="field-reading" slide="notes"
# The field is 5×5, as the formula says. It is not even: nine paths lead from the middle pixel to
# the output, one from a corner. A stack sees its centre best.
#
# Two 3×3 layers see as far as one 5×5 layer with 18 weights in place of 25, and have room for a
# non-linearity between them. Three see 7×7 with 27 in place of 49.
#
# LeNet, the network of lesson 6, begins with four layers with a window: two convolutions, each
# followed by a pooling (lesson 4).

# %% id="field-networks" slide="slide"
stacks = {
    "two 3×3": [Layer(3)] * 2,
    "three 3×3": [Layer(3)] * 3,
    "5×5, then 3×3": [Layer(5), Layer(3)],
    "seven 5×5": [Layer(5)] * 7,
    "LeNet's four": [Layer(5, padding=2), Layer(2, stride=2), Layer(5), Layer(2, stride=2)],
}
for name, layers in stacks.items():
    print(f"{name:14} sees {shapes.receptive_field(layers)} pixels")

# %% [markdown] id="field-seven"
# The seven layers of the first figure see 29 pixels: 32 − 29 + 1 = 4 is the size that they left.
# Padding would have kept the size, and it changes nothing about the field.

# %% [markdown] id="exercise-field"
# ### Exercise 3.14: how far one output sees


# %% id="answer-field"
def receptive_field(layers):
    """Return how many pixels of the input, side by side, one output of the stack can see.

    layers: a list of (kernel, stride, dilation), from the input upwards; one axis.
    receptive_field([(2, 2, 1), (2, 1, 1)]) is 4: two windows side by side, two pixels each.
    """
    ### BEGIN SOLUTION
    sees, step = 1, 1
    for kernel, stride, dilation in layers:
        sees += dilation * (kernel - 1) * step
        step *= stride
    return sees
    ### END SOLUTION


# %% id="check-field"
check("3.14", receptive_field)

# %% [markdown] id="exercise-expose"
# ### Exercise 3.15: expose the bug in receptive_field
#
# Somebody else's program gives the right number for all five networks in the list above. It is wrong
# all the same.
#
# Find layers for which it shows, and answer with the list of them. Try as often as you like; the fewer
# layers, the better.


# %% id="program-expose"
def their_receptive_field(layers):
    """Return how many pixels of the input, side by side, one output of the stack can see."""
    field, step = 1, 1
    for kernel, stride, dilation in layers:
        field += dilation * (kernel - 1) * step
        step += stride - 1
    return field


# %% id="answer-expose"
### BEGIN SOLUTION
counterexample = [(1, 2, 1), (1, 2, 1), (2, 1, 1)]
### END SOLUTION

# %% id="check-expose"
check("3.15", counterexample)

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. Without padding each layer loses $k - 1$ rows and columns: seven layers of 5×5 turn 32×32 into
#    4×4. A total of $k - 1$ keeps the size; under an even $k$ the book puts the larger half above,
#    PyTorch's *same* below.
# 2. Zeros draw a frame around the picture, reflect and replicate do not, circular joins the sides.
# 3. Stride leaves out positions, and the floor drops what lies behind the last window. Dilation
#    makes $k$ taps cover $d(k - 1) + 1$ pixels, and leaves gaps between them.
# 4. $\lfloor (n + 2p - d(k - 1) - 1)/s \rfloor + 1$, along each axis: every other formula for a
#    size is a special case.
# 5. A layer widens the field by $d(k - 1)$ steps, and a step is the product of the strides below.
#
# Next: how to make maps smaller on purpose, and what that makes invariant. Lesson 4.
