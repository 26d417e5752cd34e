# %% [markdown] id="title"
# # Padding, stride and dilation
#
# A convolution eats the border of its input. What does that cost a deep network, how do you stop
# it, and how do you know the shape of any layer's output before you run it?
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

import scipy.signal
import torch
from torch import nn
from torch.nn import functional as F

from coursekit import data, figures, kernels, shapes
from coursekit.examples.board import board
from coursekit.examples.detectors import perceptron, three_filters
from coursekit.exercises import check, guess, own, reveal, warm_up
from coursekit.explorer import Explorer
from coursekit.shapes import Layer

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="warm-up-intro" slide="skip"
# Three questions on earlier lessons first, a minute each. Put your answers in place of the dots and
# run the cell again.

# %% id="warm-up" slide="skip"
warm_up(3, ..., ..., ...)

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
# Here they are, as your `corr2d` of lesson 2 makes them (the course's, where yours is not written
# yet). Each layer copies the middle of its window and does nothing else, so that all that changes
# is the border. Look for the last frame in which you still see an eye.

# %% id="vanish"
corr2d = own("2.2")
cat = data.photograph()
thumbnail = F.avg_pool2d(cat[None], 5)[0]  # (32, 32)
figures.vanishing_borders(thumbnail, kernel=5, layers=7, by=corr2d)

# %% [markdown] id="vanish-reading"
# Layer 5 still has a dark sliver of the right eye, layer 6 nothing of either. What layer 7 hands on
# is 16 pixels of fur between them, and an eighth layer would not fit. Larger kernels are worse:
# three layers of 11×11 take 30 of the 32 rows.

# %% [markdown] id="corner-question" slide="slide"
# The border suffers twice. A window of 3×3 slides over a 6×6 image. How many windows read the pixel
# in a corner, and how many a pixel in the middle? Guess both numbers, such as `(2, 5)`.

# %% id="guess-reads"
guess("3.reads", ...)

# %% id="readers"
reveal("3.reads")
readers = torch.zeros(6, 6)
for row in range(4):
    for column in range(4):
        readers[row : row + 3, column : column + 3] += 1  # the pixels that this window reads
figures.matrices(
    {"corners once, the middle 9 times": readers},
    says="how many windows of 3×3 read each pixel: a corner 1, the middle 9.",
    kinds=["ink"],
    pixel=0.28,
)

# %% [markdown] id="corner-reading" slide="notes"
# In the first layer alone, a corner counts for that much less than the middle.

# %% [markdown] id="padding"
# ## Padding makes room for the window
#
# Add $p$ rows of zeros above and $p$ below, $p$ columns left and right, and the window has room to
# stand on the border. The input now has $n + 2p$ pixels along each axis.
#
# Below, $p = 1$ makes five of three. In this lesson numbers and drawings are dark on white, and
# photographs gray. Kernels and maps are purple above zero and orange below. Padding is hatched.

# %% id="pad-example"
x, kernel = torch.arange(9.0).reshape(3, 3), torch.arange(4.0).reshape(2, 2)
figures.padded_correlation(x, kernel, padding=1)

# %% [markdown] id="pad-reading"
# The four sums of lesson 2, 19 25 37 43, are still there, in the middle of the map. Around them
# stand twelve windows that lie partly on zeros. The map of a 3×3 input is now 4×4:
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
# $k - 1$ in total. *full* adds $k - 1$ on each side, so that the first window touches the image
# with one pixel.
#
# How many rows has each map, for $n = 8$ and $k = 3$? Guess three numbers: valid, same, full.

# %% id="guess-named"
guess("3.named", ...)

# %% id="named-sizes"
reveal("3.named")
zero_pad = own("3.2", zero_pad)
eight, blur = torch.rand(8, 8), torch.ones(3, 3) / 9
for name, p in (("valid", 0), ("same", 1), ("full", 2)):
    ours = corr2d(zero_pad(eight, p, p), blur)
    theirs = torch.from_numpy(scipy.signal.convolve2d(eight, blur, mode=name))
    agree = torch.allclose(ours, theirs, atol=1e-6)
    print(f"{name:5} p = {p}: {tuple(ours.shape)}  agrees with SciPy: {agree}")

# %% [markdown] id="named-reading" slide="notes"
# The maps come from your `corr2d` on what your `zero_pad` made, once both are right. (A box blur
# looks the same after half a turn, so SciPy's true convolution gives the same.) In lesson 2 the
# gradient for the input needed *full*.

# %% [markdown] id="even-kernels" slide="slide"
# An odd kernel shares out $k - 1$ evenly: for $k = 5$ two rows above, two below. `nn.Conv2d` takes
# one number $p$ for both sides. Which one keeps 10 rows under an even kernel, $k = 4$? Guess **A**,
# $p = 1$; **B**, $p = 2$; or **C**, neither.

# %% id="guess-even"
guess("3.even", ...)

# %% id="even-sizes"
reveal("3.even")
ten = torch.rand(10, 10)
for p in (1, 2):
    rows = corr2d(zero_pad(ten, p, p), torch.ones(4, 4)).shape[0]
    print(f"n = 10, k = 4, p = {p} on both sides: {rows} rows")

# %% [markdown] id="even-reading"
# Kernels are odd nearly everywhere, and this is why.

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

# %% [markdown] id="same-at-work" slide="skip"
# With your pair of numbers the rows stay ten, whatever the kernel. `F.pad` takes an amount for
# each side: left, right, above, below.

# %% id="same-sizes" slide="skip"
same_padding = own("3.3", same_padding)
for k in (2, 3, 4, 5, 8):
    above, below = same_padding(k)
    rows = corr2d(F.pad(ten, (0, 0, above, below)), torch.ones(k, 1)).shape[0]
    print(f"k = {k}: {above} above, {below} below, {rows} rows")

# %% [markdown] id="torch-same" slide="skip"
# PyTorch works this out for you, as `padding="same"`. It puts the larger share below, so that with
# an even kernel its map is shifted by one pixel against the book's. A kernel of four ones counts
# the pixels that each window sees.

# %% id="torch-same-shift" slide="skip"
warnings.filterwarnings("ignore", message="Using padding='same' with even kernel lengths")
ones, kernel = torch.ones(1, 1, 1, 6), torch.ones(1, 1, 1, 4)
print("two before, one after:", F.conv2d(F.pad(ones, (2, 1)), kernel).flatten().int().tolist())
print('padding="same":       ', F.conv2d(ones, kernel, padding="same").flatten().int().tolist())

# %% [markdown] id="torch-same-reading" slide="skip"
# Behind two zeros there is room for two pixels, behind one zero for three. (PyTorch warns that an
# even kernel costs it a copy of the input; the first line of the cell silences that.)

# %% [markdown] id="modes"
# ## What to pad with
#
# Padding keeps the size. Does it keep the picture? Here are the seven layers once more, with
# $p = 2$, and this time each takes the mean of its 25 pixels. Look at the border.

# %% id="dark-border"
blurred = thumbnail
for _ in range(7):
    blurred = corr2d(zero_pad(blurred, 2, 2), torch.ones(5, 5) / 25)  # (32, 32) again
figures.pictures(
    {"input 32×32": thumbnail, "seven layers later: 32×32": blurred},
    says="the blurred cat is as large as the cat, and dark all around.",
    columns=2,
    inches=2.4,
).by(corr2d, zero_pad)

# %% [markdown] id="dark-border-reading" slide="slide"
# Nothing is lost, and darkness creeps in from all sides: each layer mixes zeros, which are black,
# into the border. Zeros are the default and not the only choice. `nn.Conv2d` knows four modes;
# here is one row of four numbers, padded by two in each.

# %% id="modes-row"
row = torch.tensor([[[1.0, 2, 3, 4]]])
for mode in ("constant", "reflect", "replicate", "circular"):
    print(f"{mode:9}", F.pad(row, (2, 2), mode=mode).flatten().int().tolist())

# %% [markdown] id="modes-named"
# PyTorch's `pad` calls zeros *constant*. *reflect* mirrors without repeating the last pixel,
# *replicate* repeats it, *circular* goes on at the other end.

# %% [markdown] id="modes-predict" slide="slide"
# An edge detector looks for steps in gray value. On a part of the photograph, which mode makes the
# strongest edge that is not in the picture? Guess **A**, zeros; **B**, reflect; **C**, replicate;
# or **D**, circular.

# %% id="guess-modes"
guess("3.modes", ...)

# %% id="modes-picture"
reveal("3.modes")
modes = ("zeros", "reflect", "replicate", "circular")
figures.padding_modes(cat[40:88, 20:68], padding=8, modes=modes, by=corr2d)

# %% [markdown] id="modes-reading" slide="notes"
# The titles give Sobel's magnitude along the frame, on average. Circular joins opposite sides that
# have nothing in common.
#
# Most networks pad with zeros. They learn to live with the frame, and even to use it, since it tells
# them where the border is.

# %% [markdown] id="stride"
# ## Stride: larger steps
#
# The window may move by more than one pixel. A **stride** of $s$ moves it by $s$, and the map gets
# about $s$ times smaller along each axis. A window of 3×3 will walk over this square with a stride of 2,
# and count the ink.

# %% id="square"
square = torch.ones(8, 8)
square[1:-1, 1:-1] = 0
figures.matrices(
    {"8×8, 28 pixels of ink": square}, says="a drawn square.", kinds=["ink"], pixel=0.28
)

# %% [markdown] id="stride-question" slide="slide"
# How many of the 28 pixels of ink will no window ever read? Guess a number.

# %% id="guess-unread"
guess("3.unread", ...)

# %% id="stride-moving"
reveal("3.unread")
moving = figures.strided_animation(square, torch.ones(3, 3), stride=2, padding=0)
moving

# %% [markdown] id="stride-reading" slide="notes"
# The window starts in columns 0, 2 and 4, and in the same rows. A start in column 6 would leave the
# image, so the walk ends, and the last row and column stay unread. A square went in. What the next
# layer gets to see is a corner.

# %% [markdown] id="stride-on-paper" slide="skip"
# The same on paper, at four of the nine positions:

# %% id="stride-frames" slide="skip"
moving.filmstrip([0, 3, 4, 8], columns=2)

# %% [markdown] id="stride-pair" slide="skip"
# Height and width may have a step each. Take the padded image from above, with the numbers 0 to 8,
# and the kernel 0 1 / 2 3. Move it by 3 down and 2 across, with $p = 1$. What are the four sums?
# Guess four numbers, row by row.

# %% id="guess-pair" slide="skip"
guess("3.pair", ...)

# %% id="stride-stills" slide="skip"
reveal("3.pair")
figures.strided_filmstrip(
    torch.arange(9.0).reshape(3, 3), torch.arange(4.0).reshape(2, 2), stride=(3, 2), padding=1
)

# %% [markdown] id="stride-sub" slide="skip"
# $0$, $1 \cdot 2 + 2 \cdot 3 = 8$, $6 \cdot 1 = 6$, and $7 \cdot 0 + 8 \cdot 1 = 8$.

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

# %% [markdown] id="stride-nothing-new" slide="skip"
# A stride computes nothing new. It leaves positions out: with stride 2 the map is every second row
# and column of the map with stride 1. Your two functions must agree on that, here for the image of
# lesson 2.

# %% id="stride-skips" slide="skip"
strided_corr2d = own("3.4", strided_corr2d)
binary = torch.tensor(
    [[1.0, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
cross = torch.tensor([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])
everywhere, every_second = corr2d(binary, cross), strided_corr2d(binary, cross, (2, 2))
print("stride 1", everywhere.int().tolist())
print("stride 2", every_second.int().tolist(), torch.equal(every_second, everywhere[::2, ::2]))

# %% [markdown] id="stride-cat" slide="slide"
# On the photograph: upright edges by Sobel's kernel, at three strides. Each map leaves out positions
# of the one before; the last keeps one in sixteen. Look how much of the cat it keeps.

# %% id="stride-pictures"
sobel = kernels.kernel("sobel x")
edges = {f"stride {s}": strided_corr2d(cat, sobel, (s, s)) for s in (1, 2, 4)}
figures.pictures(
    edges,
    signed=list(edges),
    says="the same edges in three maps, each with half the rows and columns of the one before.",
    columns=3,
    inches=2.8,
).by(strided_corr2d)

# %% [markdown] id="stride-cat-reading" slide="notes"
# With a stride of 4 the map has 40×40 pixels. The eyes and the sides of the nose are still there; the
# hairs are gone.

# %% [markdown] id="floor"
# ## The floor drops rows
#
# The window has $n + 2p - k$ pixels of room. If a step of $s$ does not divide it, the last step is
# not taken, and what lies behind the last window is never read. The formula says it with a floor:
#
# $$n_{out} = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# For the square: $n = 8$, $k = 3$, $s = 2$. These are the pixels that each window reads.

# %% id="floor-taps" slide="skip"
print("windows:", shapes.taps(8, 3, stride=2))
print("pixels behind the last window:", shapes.left_over(8, 3, stride=2))
print("with p = 1:", shapes.taps(8, 3, stride=2, padding=1))

# %% [markdown] id="floor-picture"
# The same two settings as pictures. Dots are windows, blue squares the pixels of the first one,
# lines padding, crosses what lies behind the last window.

# %% id="floor-plan"
figures.window_settings(8, 3, strides=(2,), paddings=(0, 1), dilations=(1,), pixel=0.2)

# %% [markdown] id="floor-reading"
# Without padding pixel 7 has no part in the output. With $p = 1$ every pixel is read; −1 is
# padding, and so is all that is left behind. No error tells you. A network that must see the last
# row needs sizes that fit, or padding.
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
# A dark pixel may belong to a hair or to the rim of an eye, and its eight neighbours cannot tell which.
# A kernel of 9×9 could, but needs 81 products at each place where 3×3 needs 9. Layers with a stride
# see further too, but leave a smaller map.
#
# For a wider view at the same cost and on a map of the same scale, spread the nine weights out.
# **Dilation** $d$ is the distance from one weight, or tap, to the next: 1 is the ordinary kernel, 2
# leaves one pixel out between taps.

# %% [markdown] id="dilation-question" slide="slide"
# How many pixels, in a row, does a kernel of 3 cover with $d = 4$? Count those between its taps too.

# %% id="guess-covers"
guess("3.covers", ...)

# %% id="dilation-plan"
reveal("3.covers")
figures.window_settings(9, 3, strides=(1,), paddings=(0,), dilations=(1, 2, 4), pixel=0.2)

# %% [markdown] id="dilation-cover"
# The blue squares are the taps of the first window. $k$ taps have $k - 1$ gaps between them, each
# $d$ long, so the window covers
#
# $$d(k - 1) + 1$$
#
# pixels. Nine weights look at 3×3, at 5×5, or at 9×9.

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

# %% [markdown] id="dilated-look" slide="skip"
# Nine weights, side by side and then two pixels apart. A library does not multiply with the zeros
# between them: PyTorch steps over them, and must get the same map as your functions.

# %% id="dilated-kernel" slide="skip"
dilate = own("3.6", dilate)
numbered = torch.arange(1.0, 10).reshape(3, 3)
figures.matrices(
    {"d = 1: covers 3×3": dilate(numbered, 1), "d = 2: covers 5×5": dilate(numbered, 2)},
    says="nine weights, side by side and then two pixels apart with zeros between them.",
).by(dilate)

# %% id="dilation-agrees" slide="skip"
stepped = F.conv2d(cat[None, None], numbered[None, None], dilation=2)[0, 0]
written_out = corr2d(cat, dilate(numbered, 2))
print(tuple(stepped.shape), "equal:", torch.allclose(stepped, written_out, atol=1e-3))

# %% [markdown] id="dilated-cat" slide="slide"
# Sobel's nine weights look at 3×3, at 9×9 and at 17×17 pixels of the cat. Look at the hairs, and then
# at the eyes.

# %% id="dilated-pictures"
wide = {f"d = {d}: covers {2 * d + 1}": corr2d(cat, dilate(sobel, d)) for d in (1, 4, 8)}
figures.pictures(
    wide,
    signed=list(wide),
    says="with d = 1 fine hairs, with d = 4 the rims of the eyes, with d = 8 broad shapes.",
    columns=3,
    inches=2.6,
).by(corr2d, dilate)

# %% [markdown] id="dilated-reading"
# Hairs first, then the rims of the eyes, then light and shade on the whole face: three scales, at nine
# products a pixel each. The wide windows lose more of the border; padding would have kept it.

# %% [markdown] id="formula"
# ## One formula
#
# You have all its pieces. The padded input has $n + 2p$ pixels. The window covers $d(k - 1) + 1$ of
# them, and the rest is its room. It stands once, and once more for every whole step in that room.

# %% [markdown] id="exercise-size" slide="-"
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

# %% [markdown] id="formula-written" slide="slide"
# In one line, as it stands in PyTorch's documentation:
#
# $$n_{out} = \left\lfloor \frac{n + 2p - d(k-1) - 1}{s} \right\rfloor + 1$$
#
# Here it is for all $s \in \{1, 2, 3\}$, $p \in \{0, 1\}$ and $d \in \{1, 2\}$, with a 3×3 kernel on
# 8×8 pixels. The sizes come from your function, and the pictures show why.

# %% id="formula-sizes" slide="skip"
output_size = own("3.7", output_size)
for d in (1, 2):
    sizes = {(s, p): output_size(8, 3, s, p, d) for s in (1, 2, 3) for p in (0, 1)}
    print(f"d = {d}:", ",  ".join(f"s = {s}, p = {p}: {size}" for (s, p), size in sizes.items()))

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
# window. (A map with nothing below zero is gray here.)
#
# Set the padding to 1: which crosses stay? Then go back to $p = 0$ and set the dilation to 3: how
# large is the map?

# %% id="explore-settings-window"
eights = torch.arange(64.0).reshape(8, 8)
Explorer(eights, torch.ones(3, 3), stride=3, hide=("mode", "preset", "draw", "predict"), by=corr2d)

# %% [markdown] id="explore-settings-reading"
# With $p = 1$ one row and one column stay crossed, and both are padding. With $d = 3$ the window
# covers 7 of 8 pixels: no room for a step of 3, and the map is 1×1.

# %% [markdown] id="special-cases" slide="skip"
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

# %% [markdown] id="special-cases-predict" slide="skip"
# Each is only as good as its right column. Here are five of them for one layer, with $n = 33$,
# $k = 3$, $p = 1$ and $s = 2$. Two must fail.

# %% id="special-cases-check" slide="skip"
n, k, p, s = 33, 3, 1, 2
print("output_size             ", output_size(n, k, s, p, 1))
print("⌊(n − k + p_h + s)/s⌋   ", (n - k + 2 * p + s) // s)
print("⌊(n + s − 1)/s⌋         ", (n + s - 1) // s)
print("(n − k)/s + 1           ", (n - k) / s + 1)
print("n/s                     ", n / s)

# %% [markdown] id="special-cases-reading" slide="skip"
# $(n - k)/s + 1$ knows of no padding, and 2 does not divide 33. A formula that you find in a book is
# right once you know what it takes for granted.

# %% [markdown] id="seven" slide="skip"
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
# Pooling is lesson 4; its window moves by its own size. Your `output_size` fills the table for an
# image of 12×15 and a window of 3×5. Look at the rows *strided* and *dilated*.

# %% id="seven-computed" slide="skip"
x, kernel = torch.rand(1, 1, 12, 15), torch.rand(1, 1, 3, 5)
settings = {  # stride, padding, dilation: down, then across
    "valid": ((1, 0, 1), (1, 0, 1)),
    "same": ((1, 1, 1), (1, 2, 1)),
    "full": ((1, 2, 1), (1, 4, 1)),
    "strided by 2": ((2, 0, 1), (2, 0, 1)),
    "dilated by 2": ((1, 0, 2), (1, 0, 2)),
    "pooling": ((3, 0, 1), (5, 0, 1)),
}
for name, (down, across) in settings.items():
    size = output_size(12, 3, *down), output_size(15, 5, *across)
    torchs = F.conv2d(x, kernel, None, *zip(down, across, strict=True)).shape[-2:]
    print(f"{name:13}{size}  PyTorch agrees: {size == tuple(torchs)}")

# %% [markdown] id="seven-reading" slide="skip"
# Strided is $\lfloor 9/2 \rfloor + 1 = 5$ by $\lfloor 10/2 \rfloor + 1 = 6$, not 6×7.5. Dilated is
# 8×7, not 12×15. Padding mends both: $p = 1$ and $s = 2$ halve an even side under $k = 3$, and a
# total of $d(k - 1)$ keeps the size under dilation.

# %% [markdown] id="conv2d"
# ## nn.Conv2d, one argument at a time
#
# A layer is a convolution that owns its weights. Its arguments are what this lesson is about, and a
# few more:
#
# `nn.Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1,
# bias=True, padding_mode="zeros")`

# %% [markdown] id="channels"
# What goes in and what comes out has the shape (N, C, H, W): images, channels, height, width. N passes
# through. A filter looks at all channels at once and makes one map, so C becomes `out_channels`. H and
# W follow the formula.

# %% [markdown] id="conv2d-table" slide="skip"
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

# %% [markdown] id="exercise-plain" slide="slide"
# ### Exercise 3.8: three colours
#
# Twenty photographs in three colours, (20, 3, 256, 256), meet 28 filters: `nn.Conv2d(3, 28, 3)`. Write
# the four numbers of the output's shape.

# %% id="answer-plain"
### BEGIN SOLUTION
colours = (20, 28, 254, 254)
### END SOLUTION

# %% id="check-plain"
check("3.8", colours)

# %% [markdown] id="exercise-two-channels" slide="-"
# ### Exercise 3.9: two channels
#
# Now twenty satellite pictures in two channels, (20, 2, 50, 50). The layer must be another one,
# `nn.Conv2d(2, 28, 3, stride=1)`: its filters are made for two channels.

# %% id="answer-two-channels"
### BEGIN SOLUTION
two_channels = (20, 28, 48, 48)
### END SOLUTION

# %% id="check-two-channels"
check("3.9", two_channels)

# %% [markdown] id="exercise-stride-two" slide="slide"
# ### Exercise 3.10: a stride of 2
#
# Now a `stride`, on pictures that are not square, (20, 3, 50, 100): `nn.Conv2d(3, 33, 3, stride=2)`.
# Mind the floor.

# %% id="answer-stride-two"
### BEGIN SOLUTION
stride_two = (20, 33, 24, 49)
### END SOLUTION

# %% id="check-stride-two"
check("3.10", stride_two)

# %% [markdown] id="exercise-rectangle" slide="-"
# ### Exercise 3.11: a rectangular kernel
#
# A pair is (height, width): H follows the first number of each, W the second. The pictures are the same,
# (20, 3, 50, 100), the layer is `nn.Conv2d(3, 33, (3, 4), stride=(3, 1), padding=(4, 2))`.

# %% id="answer-rectangle"
### BEGIN SOLUTION
rectangle = (20, 33, 19, 101)
### END SOLUTION

# %% id="check-rectangle"
check("3.11", rectangle)

# %% [markdown] id="exercise-dilated" slide="slide"
# ### Exercise 3.12: a dilated kernel
#
# Everything at once, on (20, 3, 50, 100):
# `nn.Conv2d(3, 33, (3, 5), stride=(3, 1), padding=(4, 2), dilation=(3, 1))`.

# %% id="answer-dilated"
### BEGIN SOLUTION
dilated = (20, 33, 18, 100)
### END SOLUTION

# %% id="check-dilated"
check("3.12", dilated)

# %% [markdown] id="shapes-by-code" slide="skip"
# From now on your `output_size` does this work: once for the height, once for the width. PyTorch is
# asked too.


# %% id="shape-after" slide="skip"
def shape_after(layer, shape):
    """Return the shape of what the layer makes of an input (N, C, H, W)."""
    N, _, *sizes = shape
    axes = zip(sizes, layer.kernel_size, layer.stride, layer.padding, layer.dilation, strict=True)
    return N, layer.out_channels, *(output_size(*axis) for axis in axes)


# %% id="shapes-compared" slide="skip"
wide_pictures, pairs = (20, 3, 50, 100), {"stride": (3, 1), "padding": (4, 2)}
for layer, shape in (
    (nn.Conv2d(3, 28, 3), (20, 3, 256, 256)),
    (nn.Conv2d(2, 28, 3), (20, 2, 50, 50)),
    (nn.Conv2d(3, 33, 3, stride=2), wide_pictures),
    (nn.Conv2d(3, 33, (3, 4), **pairs), wide_pictures),
    (nn.Conv2d(3, 33, (3, 5), dilation=(3, 1), **pairs), wide_pictures),
):
    said, real = shape_after(layer, shape), tuple(layer(torch.zeros(shape)).shape)
    print(f"{shape} → {said}  PyTorch agrees: {said == real}")

# %% [markdown] id="exercise-stack" slide="-"
# ### Exercise 3.13: two layers
#
# What one layer makes, the next one takes. Four colour images (4, 3, 32, 32) go through
# `nn.Conv2d(3, 6, 5)`, and what comes out goes through `nn.Conv2d(6, 10, 3)`.

# %% id="answer-stack"
### BEGIN SOLUTION
two_layers = (4, 10, 26, 26)
### END SOLUTION

# %% id="check-stack"
check("3.13", two_layers)

# %% id="stack-by-code" slide="skip"
hidden = shape_after(nn.Conv2d(3, 6, 5), (4, 3, 32, 32))
print(hidden, "→", shape_after(nn.Conv2d(6, 10, 3), hidden))

# %% [markdown] id="conv2d-same-stride" slide="skip"
# Two settings that PyTorch will not combine are `padding="same"` and a stride above 1: with steps no
# padding keeps the size. Read what it says.

# %% id="conv2d-refuses" slide="skip"
try:
    nn.Conv2d(1, 6, 3, stride=2, padding="same")
except ValueError as error:
    print("ValueError:", error)

# %% [markdown] id="common"
# ## Settings that you will meet every day
#
# Four choices of $(k, p, s)$ make up most of the networks that you will read: (3, 1, 1), (5, 2, 1) and
# (1, 0, 1) keep the size, and (3, 1, 2) halves it. What does this last one make of 33 pixels? Guess a
# number.

# %% id="guess-halve"
guess("3.halve", ...)

# %% id="common-settings"
reveal("3.halve")
for k, p, s in ((3, 1, 1), (5, 2, 1), (1, 0, 1), (3, 1, 2)):
    sizes = [f"{n} → {output_size(n, k, s, p, 1)}" for n in (32, 33, 224)]
    print(f"k = {k}, p = {p}, s = {s}:  " + ",  ".join(sizes))

# %% [markdown] id="common-reading"
# With $p = (k - 1)/2$ and $s = 1$ nothing changes, whatever the size. (3, 1, 2) halves, and rounds
# up. A kernel of 1×1 needs no padding, as it has no border to lose.

# %% [markdown] id="field"
# ## How far one output sees
#
# One output of a 3×3 layer depends on 3×3 pixels. Stack a second layer on it: its outputs depend
# on 3×3 of those, which together look at 5×5 pixels. That is its **receptive field**. A third layer
# makes it 7×7.

# %% [markdown] id="field-question" slide="slide"
# Give the lower two of the three layers a stride of 2. How many pixels, in a row, does one output of the
# third layer see then? Guess a number.

# %% id="guess-sees"
guess("3.sees", ...)

# %% id="field-stacks"
reveal("3.sees")
figures.receptive_fields(
    {
        "stride 1": [Layer(3), Layer(3), Layer(3)],
        "stride 2 in the lower two": [Layer(3, stride=2), Layer(3, stride=2), Layer(3)],
        "dilation 1, 2, 4": [Layer(3), Layer(3, dilation=2), Layer(3, dilation=4)],
    }
)

# %% [markdown] id="field-steps" slide="notes"
# Neighbours behind a stride of 2 lie two pixels apart in the input, behind two such layers four. The
# third stack sees as far, and keeps its resolution.

# %% [markdown] id="field-try" slide="notes"
# Set all three dilations of the third stack to 2 and run its cell again: the field is 13 wide, and every
# second pixel in it is never read.

# %% [markdown] id="field-measured" slide="skip"
# The gradient of one output is zero at every pixel that it cannot see, so the field can be measured.
# Two 3×3 layers of ones:

# %% id="field-gradient" slide="skip"
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

# %% [markdown] id="field-reading" slide="skip"
# The field is 5×5, as was said. It is not even: nine paths lead from the middle pixel to the output,
# one from a corner. A stack sees its centre best.
#
# Two 3×3 layers see as far as one 5×5 layer with 18 weights in place of 25, and have room for a
# non-linearity between them. Three see 7×7 with 27 in place of 49.

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

# %% [markdown] id="field-rule" slide="slide"
# As a formula: a layer adds $d(k - 1)$ steps, and a step is the product of the strides below it.
#
# $$r_{l} = r_{l-1} + d_l (k_l - 1) \prod_{i < l} s_i, \qquad r_0 = 1$$
#
# Your function measures five networks. The last is LeNet, of lesson 6, with its four windows.

# %% id="field-networks"
receptive_field = own("3.14", receptive_field)
stacks = {  # kernel, stride, dilation of each layer
    "two 3×3": [(3, 1, 1)] * 2,
    "three 3×3": [(3, 1, 1)] * 3,
    "5×5, then 3×3": [(5, 1, 1), (3, 1, 1)],
    "seven 5×5": [(5, 1, 1)] * 7,
    "LeNet's four": [(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)],
}
for name, layers in stacks.items():
    print(f"{name:14} sees {receptive_field(layers)} pixels")

# %% [markdown] id="field-seven" slide="notes"
# A layer's own stride widens the view of the layers above it, and not its own.
#
# The seven layers of the first figure see 29 pixels: 32 − 29 + 1 = 4 is the size that they left.
# Padding would have kept the size, and it changes nothing about the field.

# %% [markdown] id="exercise-expose"
# ### Exercise 3.15: expose the bug in receptive_field
#
# This program is right about all five networks of the list above, and wrong about others.
#
# Answer with a list of layers for which its number is false. You have any number of tries; with how few
# layers can you do it?


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

# %% [markdown] id="board-intro"
# ## Does your detector survive?
#
# Give the detector of lesson 2 what this lesson has taught: zeros around the picture, so that a window
# can stand on the border, and a stride of 2, which saves three quarters of the work. Draw an X of your
# own, black on white, wherever you like, and run the cell below.

# %% id="board-pad"
parts = {name: kernels.kernel(name) for name in ("diagonal down", "diagonal up", "crossing")}
board_pad = Explorer(
    torch.full((13, 13), -1.0),
    parts["crossing"],
    stride=2,
    padding=1,
    hide=("mode", "dilation", "size", "predict", "play", "preset"),
)
board_pad


# %% id="board" slide="slide"
def sees_x(picture):
    """Return whether each part matches somewhere, of every second position, all but one pixel."""
    padded = zero_pad(picture, 1, 1)  # (15, 15)
    return all(strided_corr2d(padded, part, (2, 2)).max() >= 7 for part in parts.values())


figures.detector_board(
    {
        "lesson 1: one weight a pixel": perceptron(own("1.2")),
        "lesson 2: three filters": three_filters(corr2d),
        "lesson 3: padded, stride 2": sees_x,
    },
    mine=board_pad.image,
    by=[zero_pad, strided_corr2d],
)

# %% [markdown] id="board-question" slide="slide"
# The X can lie at 49 places on this paper, and lesson 2 finds it at each. At how many does the new
# detector? Guess a number.

# %% id="guess-places"
guess("3.places", ...)


# %% id="board-search" slide="skip"
def places(sees):
    """Return 1 for each place (7, 7) at which the X is seen, and 0 for the others."""
    X, steps = board()["X"], range(-3, 4)
    return torch.tensor([[float(sees(X.roll((i, j), (0, 1)))) for j in steps] for i in steps])


print("lesson 2 finds it at", int(places(three_filters(corr2d)).sum()), "of 49 places")

# %% id="board-places"
reveal("3.places")
found = {"lesson 3: places at which it is found": places(sees_x)}
said = "where on the paper the X is seen: 1 where it is, 0 where it is not."
figures.matrices(found, says=said, kinds=["ink"], pixel=0.22).by(strided_corr2d)

# %% [markdown] id="board-reading" slide="slide"
# The stride has broken it. A part of the X that falls between two steps is not seen, so the shifted,
# the deformed and the rotated X are lost. It rejects the strewn parts by luck alone: it steps over
# them. The padding changes nothing on this board, and of the three only the first reads the thick X.
#
# We want a small map that forgets no strong match. Lesson 4 makes one: it keeps the best score of each
# neighbourhood in place of every second score.

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
