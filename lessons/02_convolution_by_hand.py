# %% [markdown] id="title"
# # Convolution by hand
#
# Two pictures of the same letter differ in many pixels, and you read both without effort.
# How could a program?
#
# | | |
# |---|---|
# | Time | 65 minutes, and 20 for *The two gradients of a convolution*, which can wait for another day |
# | You need | lesson 1: one step of gradient descent |
# | Exercises | nine, where they belong |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. compute a feature map by hand, and say its size before you compute it;
# 2. write a correlation in a few lines, and a true convolution from it;
# 3. choose a kernel for a purpose, and read the signed map that it makes;
# 4. say how convolution and correlation differ, and why a network does not care;
# 5. learn a kernel by gradient descent, and derive the two gradients that this takes.

# %% id="imports"
import scipy.signal
import torch
from torch.nn import functional as F

from coursekit import data, figures, kernels, ops
from coursekit.book import load_book
from coursekit.examples.detectors import perceptron
from coursekit.examples.drawings import drawing
from coursekit.exercises import check, guess, own, picture, reveal, warm_up
from coursekit.explorer import Explorer

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="warm-up-intro"
# Three questions on lesson 1, one minute each. Answer them in one line, in place of the dots.

# %% id="warm-up"
warm_up(2, ..., ..., ...)

# %% [markdown] id="image-is-matrix"
# ## An image is a matrix, and computers are literal
#
# A gray image is a matrix (H, W) with one number for each pixel. In these drawings 1 is ink, shown
# in black, and −1 is paper.

# %% id="two-letters"
letter, twin = drawing("X"), drawing("deformed X")
figures.matrices(
    {"an X, 9×9": letter, "a deformed X, 9×9": twin},
    says="two drawings that a person reads as an X.",
    kinds=["ink"],
    pixel=0.33,
)

# %% [markdown] id="predict-shifted"
# A simple program compares two pictures place by place. Move the X on the left by one pixel to the
# right: how many of its 13 pixels of ink then lie on ink of the X as it was?

# %% id="guess-shifted"
guess("2.shifted", ...)

# %% id="count-differences" slide="slide"
reveal("2.shifted")
others = {
    "shifted": letter.roll(1, dims=1),
    "deformed": twin,
    "shrunk": drawing("shrunk X"),
    "rotated": drawing("rotated X"),
}
for name, other in others.items():
    print(f"{name:9} {((letter == 1) & (other == 1)).sum():2} of 13 pixels of ink in place")

# %% [markdown] id="literal"
# What all of these letters share is not where their ink lies. It is local: strokes that fall, strokes
# that rise, and a crossing.

# %% [markdown] id="features"
# ## Three features find the X
#
# Each feature below is a small picture of 3×3 pixels. Lay it on a part of the image, multiply
# pixel by pixel, and add up. Pixels that agree give 1, pixels that differ −1, so the score is 9 for
# a perfect match and 7 where eight of nine pixels agree.

# %% id="three-features"
features = {name: kernels.kernel(name) for name in ("diagonal down", "diagonal up", "crossing")}
figures.matrices(features, says="the three features, 3×3 each.", kinds=["ink"])

# %% [markdown] id="score-maps"
# The scores of all places make a map: purple above zero, orange below and white near it, here and in all
# lessons. Below, each title names the best score of its map, and a frame shows where it is.

# %% [markdown] id="predict-scores"
# Lay the crossing on the X, on the deformed X and on a plus. In which of them does it find a place
# where all nine pixels agree? Guess **A**, in the X alone; **B**, in both letters; or **C**, in both
# letters and the plus.

# %% id="guess-scores"
guess("2.crossing", ...)

# %% id="match-maps" slide="slide"
reveal("2.crossing")
plus = drawing("plus")
figures.match_maps({"X": letter, "deformed X": twin, "plus": plus}, features)

# %% [markdown] id="match-reading"
# A program that asks "do all three reach 7?" can tell letters from a plus, although
# it compares nothing but pixels.

# %% [markdown] id="dense-question"
# ## Why not connect every pixel with every unit?
#
# A fully connected layer could find letters too. Count what it would cost on an ordinary
# photograph: one megapixel in three colours, and a layer of 1000 hidden units.

# %% id="dense-cost"
pixels, hidden_units = 3 * 1_000_000, 1000
print(f"fully connected: {pixels * hidden_units:,} weights")
print(f"one 3×3 window for each of 3 colours: {3 * 3 * 3} weights make one feature map")

# %% [markdown] id="dense-motion-intro" slide="slide"
# Two steps lead from the first line to the second. Watch them on the X, with a unit for each of its
# 81 pixels. Left are the weights of one unit, with dots where the X has ink; right are the weights
# of all units, one row each. Equal colours are equal weights.

# %% id="dense-motion"
figures.dense_to_kernel(letter)

# %% [markdown] id="dense-motion-reading"
# First every weight is a number of its own. Then all units use the same weights, moved along with
# the unit: the matrix gets stripes. At last the weights far from the unit are erased. Nine remain,
# and they are a kernel.

# %% [markdown] id="dense-equations" slide="slide"
# The same in symbols. With a hidden layer $H$ that is a picture too, fully connected means
#
# $$H_{ij} = u_{ij} + \sum_{k,l} W_{ijkl}\, X_{kl}
#          = u_{ij} + \sum_{a,b} V_{ijab}\, X_{i+a,\,j+b}$$
#
# where the second form only renames: $k = i + a$, $l = j + b$.

# %% [markdown] id="translation-invariance"
# **Translation invariance.** A detector should answer alike wherever its pattern lies, so neither
# $V$ nor $u$ may depend on the place $(i, j)$. **Locality.** To judge what is at $(i, j)$, it looks
# no further than $\Delta$ pixels. What remains is a convolutional layer, with the kernel $V$ and the
# bias $u$:
#
# $$H_{ij} = u + \sum_{a=-\Delta}^{\Delta}\ \sum_{b=-\Delta}^{\Delta} V_{ab}\, X_{i+a,\,j+b}$$

# %% [markdown] id="equivariance" slide="notes"
# Strictly this is *equivariance*: shift the pattern and its answer shifts with it. Lesson 4 measures
# it. Here the window is centred on $(i, j)$ and is $2\Delta + 1$ wide; our code counts from its top
# left corner, which only shifts the map.

# %% [markdown] id="sliding-window"
# ## The sliding window
#
# Lay the kernel on the top left corner of the input. Multiply each pair of numbers that lie on
# each other, and add the products. The sum is one pixel of the feature map. Then move on by one.
#
# From here on pictures hold gray values: 0 is black, and larger is brighter. Kernels are purple and
# orange, as maps are.

# %% id="first-window"
x = torch.tensor(
    [[1.0, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
kernel = torch.tensor([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])
figures.matrices(
    {"input 5×5": x, "kernel 3×3": kernel},
    says="an input of zeros and ones, and a kernel with ones in its corners and its middle.",
    kinds=["gray", "signed"],
)

# %% [markdown] id="predict-first-sum"
# Lay the kernel on the **bottom** left corner, on rows 2 to 4 and columns 0 to 2. What is the sum?

# %% id="guess-first-sum"
guess("2.first-sum", ...)

# %% id="one-window"
reveal("2.first-sum")
figures.correlation(x, kernel, at=(2, 0))

# %% [markdown] id="arange-example" slide="skip"
# Numbers that are not ones make each product visible. Four windows of 2×2, four sums:

# %% id="arange-windows" slide="skip"
numbers, weights = torch.arange(9).reshape(3, 3), torch.arange(4).reshape(2, 2)
for row in range(2):
    for column in range(2):
        window = numbers[row : row + 2, column : column + 2]
        terms = zip(window.flatten().tolist(), weights.flatten().tolist(), strict=True)
        print(" + ".join(f"{a}·{b}" for a, b in terms), "=", (window * weights).sum().item())

# %% [markdown] id="explore-predict" slide="slide"
# Your turn, with the answers hidden. Click a pixel, go on with the arrow keys, and type what comes
# out. A wrong answer uncovers the four products.

# %% id="explore-predict-window"
later = ("mode", "stride", "padding", "dilation", "size")  # controls for lessons 3 and 4
small = torch.tensor([[0.0, 2, 1, 0], [1, 3, 0, 2], [2, 1, 1, 0], [0, 1, 2, 3]])
Explorer(small, [[1, -1], [0, 2]], predict=True, hide=(*later, "draw", "preset"))

# %% [markdown] id="exercise-shape"
# ### Exercise 2.1: how big is the feature map?
#
# A window of 3×3 had three positions down and three across on 5×5 pixels. Now an image of 6×8 pixels
# meets a kernel of 3×2. Write the shape (height, width) of the feature map. Your first answer is
# locked in before the reveal.

# %% id="answer-shape"
### BEGIN SOLUTION
shape = (4, 7)
### END SOLUTION

# %% id="check-shape"
check("2.1", shape)

# %% [markdown] id="size-rule"
# The kernel of $k$ pixels starts at the first pixel and stops when its end meets the end of the
# input of $n$ pixels: one position, and one more for each of the $n - k$ pixels that remain. Height
# and width follow the rule separately.
#
# $$n_{out} = n - k + 1$$

# %% [markdown] id="exercise-corr2d"
# ### Exercise 2.2: slide the window
#
# Write the correlation for any image and any kernel that fits into it. Two loops are fine.


# %% id="answer-corr2d"
def corr2d(x, kernel):
    """Return the sums of window times kernel, at every position where the kernel fits.

    x: (H, W). kernel: (kH, kW). Returns (H - kH + 1, W - kW + 1).
    corr2d of [[0, 1, 2]] and [[10, 1]] is [[1, 12]]: 0·10 + 1·1, then 1·10 + 2·1.
    """
    ### BEGIN SOLUTION
    H, W = x.shape
    kH, kW = kernel.shape
    feature_map = torch.zeros(H - kH + 1, W - kW + 1)
    for row in range(H - kH + 1):
        for column in range(W - kW + 1):
            feature_map[row, column] = (x[row : row + kH, column : column + kW] * kernel).sum()
    return feature_map
    ### END SOLUTION


# %% id="check-corr2d"
check("2.2", corr2d)

# %% [markdown] id="ours-and-torch" slide="slide"
# From here on the lesson slides windows with your function, once `check` finds it right; until then
# with the course's. PyTorch's `conv2d` agrees with both. So does the book's own code.

# %% id="agree-with-torch"
corr2d = own("2.2", corr2d)
batch = numbers.float()[None, None]  # (1, 1, 3, 3): one image, one channel
print("corr2d  ", corr2d(numbers, weights).int().tolist())
print("torch   ", F.conv2d(batch, weights.float()[None, None])[0, 0].int().tolist())
if book := load_book():
    print("the book", book.corr2d(numbers, weights).int().tolist())

# %% [markdown] id="all-windows-intro" slide="skip"
# All nine windows on the 5×5 input, and the sum that your function makes of each:

# %% id="all-windows" slide="skip"
figures.filmstrip(x, kernel, by=corr2d)

# %% [markdown] id="other-letters" slide="slide"
# It reads letters too. These three are an X moved, shrunk and turned; watch the best scores in the
# titles.

# %% id="match-others"
moved = {name: others[name] for name in ("shifted", "shrunk", "rotated")}
figures.match_maps(moved, features, by=corr2d)

# %% [markdown] id="other-letters-reading"
# All nine titles say 7 or 9: with your one function and three small pictures, the shifted, the shrunk
# and the rotated X are all found.

# %% [markdown] id="ladder"
# ## One ladder from a line to a convolution
#
# All layers so far compute sums of products. From rung to rung the weights change:
#
# | | one number of the output | weights |
# |---|---|---|
# | a line | $y = wx + b$ | one |
# | a dot product: one unit | $y = \sum_k w_k x_k + b$ | one for each input |
# | a matrix product: a layer of units | $y_i = \sum_k W_{ik} x_k + b_i$ | a row for each unit |
# | a convolution | $y_i = \sum_a w_a x_{i+a} + b$ | the same few for all units |
#
# So a convolution is a matrix product in which all rows hold the same weights, each row moved on by
# one place:

# %% id="ladder-in-numbers"
signal, weights = torch.tensor([1.0, 3, 2, 2, 5]), torch.tensor([-1.0, 1])
W = torch.tensor([[-1.0, 1, 0, 0, 0], [0, -1, 1, 0, 0], [0, 0, -1, 1, 0], [0, 0, 0, -1, 1]])
print("a line:            5·3 + 1 =", 5 * 3 + 1)
print("a dot product:    ", (weights @ signal[:2]).item())
print("a matrix product: ", (W @ signal).tolist())
print("a convolution:    ", corr2d(signal[None], weights[None])[0].tolist())

# %% [markdown] id="filter-bank"
# ## A bank of filters
#
# A kernel is a tool: its nine numbers decide what it shows. Below, each kernel stands beside what
# it makes of the same photograph. Maps of kernels that sum to zero are purple and orange; the others
# are pictures again, in gray.

# %% id="bank"
cat = data.photograph()
bank = ("identity", "edges, corners only", "edges, four neighbours", "edges, eight neighbours",
        "sharpen", "box blur", "gaussian blur")  # fmt: skip
figures.feature_maps(
    cat,
    {name: kernels.kernel(name) for name in bank},
    says="seven kernels and what each makes of the photograph of a cat: "
    "copies, blurred and sharpened copies, and drawings of its edges.",
    by=corr2d,
)

# %% [markdown] id="bank-reading" slide="skip"
# Kernels that sum to one keep the brightness: a copy, a blur, a sharper copy. Kernels that sum to
# zero answer nothing where the image is even, so that only changes remain.

# %% id="sums" slide="skip"
for name in bank:
    print(f"{name:25} sums to {kernels.kernel(name).sum():.0f}")

# %% [markdown] id="explore-bank" slide="slide"
# In the kernel below the weight in the middle goes from 5 to 4. What remains of the picture? Guess
# **A**, the whole cat, darker; **B**, its edges alone; or **C**, a blurred cat. Then type the 4.

# %% id="guess-middle"
guess("2.middle", ...)

# %% id="explore-bank-cat"
small_cat, sharpen = F.avg_pool2d(cat[None], 5)[0], kernels.kernel("sharpen")  # (32, 32), (3, 3)
Explorer(small_cat, sharpen, cursor=(10, 6), hide=(*later, "draw", "predict"), by=corr2d)

# %% id="explore-bank-answer" slide="skip"
reveal("2.middle")

# %% [markdown] id="explore-bank-reading" slide="notes"
# With a 5 the weights sum to one, and the map is a picture again, in gray. With a 4 they sum to zero, and
# the explorer turns to purple and orange. Each weight that you type is in Python as well, as `.kernel`
# of an explorer with a name.

# %% [markdown] id="exercise-choice"
# ### Exercise 2.3: which filter made this picture?
#
# One kernel of the five made the picture on the right. Which one? Two of them are new to you; what
# they do can be read from their numbers.

# %% id="mystery"
picture("2.3")

# %% id="answer-choice"
### BEGIN SOLUTION
letter_of_filter = "D"
### END SOLUTION

# %% id="check-choice"
check("2.3", letter_of_filter)

# %% [markdown] id="edges"
# ## Edges are where gray values change
#
# The kernel $[-1, 0, 1]$ gives right neighbour − left neighbour. Begin with a clean edge, seven gray
# values in one row: 1, 1, 1, 3, 5, 5, 5. Which five numbers does the kernel make of them? Guess them
# in brackets.

# %% id="guess-step"
guess("2.step", ...)

# %% id="clean-step"
reveal("2.step")
clean = torch.tensor([1.0, 1, 1, 3, 5, 5, 5])
figures.row_profile(clean, corr2d(clean[None], kernels.kernel("difference x"))[0]).by(corr2d)

# %% [markdown] id="clean-step-reading" slide="fragment"
# The difference is a derivative: zero where the row is even, largest where it is steepest.

# %% [markdown] id="row-of-the-cat" slide="slide"
# A row of a photograph is noisy, but the rule holds. The row below is steepest where it falls onto the
# dark rim of an eye; its deepest valley is the pupil of that eye.

# %% id="row-profile"
row = cat[66]
difference = corr2d(row[None], kernels.kernel("difference x"))[0]
figures.row_profile(row, difference, picture=cat, at=66).by(corr2d)

# %% [markdown] id="edges-two-ways" slide="skip"
# Laid across, $[-1, 0, 1]$ finds changes from left to right; stood upright, changes from top to
# bottom. So the first draws the sides of the nose, which are upright, and the second the eyelids,
# which are level.

# %% id="differences" slide="skip"
across, down = (corr2d(cat, kernels.kernel(f"difference {axis}")) for axis in "xy")
figures.pictures(
    {"the photograph": cat, "difference x": across, "difference y": down},
    signed=("difference x", "difference y"),
    says="the difference across is strong along the sides of the nose, the one down along "
    "the eyelids.",
).by(corr2d)

# %% [markdown] id="sobel" slide="slide"
# Single differences pick up noise, so Sobel's kernels average over three rows, the middle one counted
# twice: Sobel x has the rows $[-1, 0, 1]$, $[-2, 0, 2]$ and $[-1, 0, 1]$. A picture steps from 100 to
# 200. What does Sobel x answer on the step?

# %% id="guess-sobel-step"
guess("2.sobel-step", ...)

# %% id="step-100-200"
reveal("2.sobel-step")
step = torch.tensor([[100.0, 100, 200, 200]] * 4)
print("Sobel y", corr2d(step, kernels.kernel("sobel y")).tolist())
figures.correlation(step, kernels.kernel("sobel x"), at=(0, 0), by=corr2d)

# %% [markdown] id="explore-pad" slide="slide"
# On this pad, draw a level line and an upright one: press *draw* and use the mouse, or the arrow keys
# and Enter. Which of the two will Sobel x not show, except for its ends? Guess first: **A**, the
# level line, or **B**, the upright one.

# %% id="guess-level"
guess("2.level", ...)

# %% id="explore-pad-blank"
pad = Explorer(
    torch.zeros(28, 28), kernels.kernel("sobel x"), hide=(*later, "predict", "play"), by=corr2d
)
pad

# %% id="explore-pad-answer" slide="skip"
reveal("2.level")

# %% [markdown] id="explore-pad-reading" slide="notes"
# One line appears twice, purple where it begins and orange where it ends. Of the other only its ends
# are left.

# %% [markdown] id="explore-pad-across" slide="notes"
# Now choose *sobel y* on the pad. Which of the two lines is missing this time?

# %% [markdown] id="exercise-magnitude"
# ### Exercise 2.4: how steep is the edge?
#
# Sobel x and Sobel y give two numbers for each pixel: the change across and the change down. An edge
# may run in any direction. Join the two into one number, how steep the picture is at that pixel.


# %% id="answer-magnitude"
def gradient_magnitude(gx, gy):
    """Return the length of the gradient at each pixel.

    gx, gy: (H, W), the changes across and down. Returns (H, W).
    gradient_magnitude of [[3]] and [[-4]] is [[5]].
    """
    ### BEGIN SOLUTION
    return (gx**2 + gy**2).sqrt()
    ### END SOLUTION


# %% id="check-magnitude"
check("2.4", gradient_magnitude)

# %% [markdown] id="cheap-predict" slide="slide"
# The two changes are the legs of a right triangle, so the length is $G = \sqrt{G_x^2 + G_y^2}$. Where
# square roots are costly, programs take $|G_x| + |G_y|$ instead.
#
# What does the cheap version do to an edge that runs diagonally? It draws it **A**, fainter; **B**,
# the same; or **C**, brighter.

# %% id="guess-diagonal"
guess("2.diagonal", ...)

# %% id="both-magnitudes" slide="skip"
gradient_magnitude = own("2.4", gradient_magnitude)
gx, gy = corr2d(cat, kernels.kernel("sobel x")), corr2d(cat, kernels.kernel("sobel y"))
root, cheap = gradient_magnitude(gx, gy), gx.abs() + gy.abs()

# %% id="magnitudes" slide="slide"
reveal("2.diagonal")
figures.pictures(
    {"Sobel x": gx, "Sobel y": gy, "length / 2": root / 2, "cheap / 2": cheap / 2},
    signed=("Sobel x", "Sobel y"),
    says="changes across, changes down, and both joined in two ways, halved for display, that look "
    "nearly alike; the cheap version is brighter on diagonal edges.",
).by(corr2d, gradient_magnitude)

# %% id="ratio" slide="skip"
ratio = (cheap / root)[root > 0.1]
print(f"cheap / length: from {ratio.min():.2f} to {ratio.max():.2f}")

# %% [markdown] id="ratio-reading" slide="notes"
# The cheap version is never smaller, and at most $\sqrt 2$ times as large, on diagonals. It is
# the same drawing with some lines too bright.

# %% [markdown] id="three-families" slide="skip"
# Sobel is one answer of three to the same question. Prewitt's kernels count all three rows alike;
# Roberts' compare the two diagonals of a 2×2 window. Here they are on one eye of the cat.

# %% id="families-in-numbers" slide="skip"
eye = cat[36:92, 6:62]
pairs = ("prewitt x", "prewitt y", "roberts down", "roberts up")
figures.feature_maps(
    eye,
    {name: kernels.kernel(name) for name in pairs},
    says="Prewitt's kernels, across and down, and Roberts', along both diagonals, beside their maps.",
    by=corr2d,
)

# %% id="families" slide="skip"
families = {
    "Sobel": ("sobel x", "sobel y", 4),
    "Prewitt": ("prewitt x", "prewitt y", 3),
    "Roberts": ("roberts down", "roberts up", 1),
}
maps = {}
for name, (first, second, weight) in families.items():
    pair = [corr2d(eye, kernels.kernel(k)) / weight for k in (first, second)]
    maps[name] = 2 * gradient_magnitude(*pair)
figures.pictures(
    maps, columns=3, says="lengths of the gradient; Sobel and Prewitt look alike, Roberts is finer."
).by(corr2d, gradient_magnitude)

# %% [markdown] id="families-reading" slide="skip"
# Divided by their weight, Sobel and Prewitt draw nearly the same lines. Roberts compares pixels
# one step apart instead of two: thinner lines, more of the noise.

# %% [markdown] id="correlation-convolution"
# ## Correlation, convolution, and a half turn
#
# What deep learning calls convolution, mathematics calls correlation. One picture tells them apart:
# 5×5 zeros with a single one in the middle. Slide over it, as it is, the kernel with the rows 1 2 3,
# 4 5 6 and 7 8 9. Which number stands in the upper left corner of the map?

# %% id="guess-impulse"
guess("2.impulse", ...)

# %% id="single-one" slide="skip"
impulse = torch.zeros(5, 5)
impulse[2, 2] = 1
numbered = torch.arange(1.0, 10).reshape(3, 3)

# %% id="impulse"
reveal("2.impulse")
figures.correlation(impulse, numbered, at=(0, 0), by=corr2d)

# %% [markdown] id="flip-reason" slide="notes"
# As the window moves right, the 1 moves left inside it, so the kernel's last weight comes first: the
# map is the kernel, turned by half a turn.

# %% [markdown] id="exercise-convolve"
# ### Exercise 2.5: turn the kernel
#
# Mathematics wants the single one to draw the kernel as it is, and calls that convolution. You have
# your `corr2d`. What must happen to the kernel first?


# %% id="answer-convolve"
def convolve2d(x, kernel):
    """Return the convolution of x with the kernel, where the kernel fits.

    x: (H, W). kernel: (kH, kW). Returns (H - kH + 1, W - kW + 1).
    convolve2d of [[0, 1, 2]] and [[10, 1]] is [[10, 21]]: 0·1 + 1·10, then 1·1 + 2·10.
    """
    ### BEGIN SOLUTION
    half_turn = kernel.flip(0, 1)
    return corr2d(x, half_turn)
    ### END SOLUTION


# %% id="check-convolve"
check("2.5", convolve2d)

# %% [markdown] id="symmetric-intro" slide="skip"
# Two half turns cancel. And a kernel that looks the same after half a turn cannot tell the two
# operations apart:

# %% id="symmetric" slide="skip"
convolve2d = own("2.5", convolve2d)
print("on the single one:", convolve2d(impulse, numbered).int().tolist())
for name in ("gaussian blur", "edges, four neighbours", "sobel x"):
    tool = kernels.kernel(name)
    same = torch.allclose(corr2d(eye, tool), convolve2d(eye, tool), atol=1e-5)
    print(f"{name:23} correlation equals convolution: {same}")

# %% [markdown] id="symmetric-reading" slide="notes"
# Sobel x can: half a turn changes its sign, so convolution gives minus the correlation.

# %% [markdown] id="modes" slide="skip"
# SciPy names three sizes of output. *valid* stops at the borders, as we did: $n - k + 1$. *same*
# keeps $n$. *full* lets the kernel touch the image by one pixel: $n + k - 1$. Lesson 3 makes room
# for the last two by padding.

# %% id="scipy-modes" slide="skip"
for mode in ("valid", "same", "full"):
    ours = scipy.signal.convolve2d(impulse, numbered, mode=mode)
    print(f"{mode:5} {ours.shape}")
theirs = torch.from_numpy(scipy.signal.convolve2d(eye, numbered, mode="valid"))
print("valid agrees with ours:", torch.allclose(convolve2d(eye, numbered), theirs, atol=1e-4))

# %% [markdown] id="learned"
# ## Learned, not made by hand
#
# Engineers designed the kernels above. A network starts with random ones and improves them by
# gradient descent. Here is the smallest case: a white picture with a black band, and the map of its edges
# that the kernel (1, −1) makes. Can we find the kernel from the two pictures alone?

# %% id="band" tags=["shown"]
image = torch.ones(6, 8)
image[:, 2:6] = 0
edges = corr2d(image, torch.tensor([[1.0, -1.0]]))
figures.matrices(
    {"input 6×8": image, "wanted output 6×7": edges},
    says="the input has a black band; the wanted output is 1 where it begins, -1 where it ends.",
    kinds=["gray", "signed"],
    pixel=0.3,
)

# %% [markdown] id="learning-rule"
# The loss is the sum of squared errors $\sum (\hat Y - Y)^2$. Its derivative with respect to one
# weight of the kernel adds up, over all positions, twice the error times the pixel under that
# weight.

# %% [markdown] id="exercise-step"
# ### Exercise 2.6: one step of learning
#
# Predict, take the error, find the derivative for each weight, and step against it. You need no new
# operation for the gradient: you have a function that adds up products over all positions.


# %% id="answer-step"
def learning_step(x, y, kernel, rate):
    """Return the kernel after one step of gradient descent on the sum of squared errors.

    x: (H, W). y: the wanted output (H - kH + 1, W - kW + 1). kernel: (kH, kW). Returns (kH, kW).
    With x [[1]], y [[3]], kernel [[1]], rate 0.25: the error is -2, the gradient -4, the answer [[2]].
    """
    ### BEGIN SOLUTION
    error = corr2d(x, kernel) - y
    gradient = corr2d(x, 2 * error)
    return kernel - rate * gradient
    ### END SOLUTION


# %% id="check-step"
check("2.6", learning_step)

# %% [markdown] id="learning-predict" slide="slide"
# The gradient is a correlation too, of the input with twice the error. Now take twenty of your steps,
# from a random kernel. Watch the loss, and the two weights.

# %% id="own-step" slide="skip"
learning_step = own("2.6", learning_step)

# %% id="learning-loop"
start, rate = torch.randn(1, 2), 0.02
kernel, losses, moments = start, [], {}
for step in range(21):
    losses.append(((corr2d(image, kernel) - edges) ** 2).sum().item())
    if step in (0, 2, 20):
        moments[f"step {step}"] = kernel
    kernel = learning_step(image, edges, kernel, rate)  # (1, 2)
figures.learning(losses, moments).by(learning_step)

# %% [markdown] id="learning-reading" slide="notes"
# After twenty steps the kernel is (1, −1) to two digits. Nobody told it what an edge is.
#
# The steepest curvature of this loss is 60, so by lesson 1 the limit is 2 / 60 = 0.033. Set the
# rate to 0.04 and run the cell again.

# %% [markdown] id="training-intro" slide="slide"
# The same training for any way to slide a kernel, with autograd for the gradients:


# %% id="training"
def trained(slide, kernel):
    """Return the kernel (1, 2) after forty steps towards the wanted map."""
    for _ in range(40):
        kernel = kernel.detach().requires_grad_()
        ((slide(image, kernel) - edges) ** 2).sum().backward()
        kernel = kernel - rate * kernel.grad
    return kernel.detach()


# %% [markdown] id="why-no-matter"
# Train twice from the same start: with `corr2d`, and with `convolve2d`, which turns the kernel before
# it slides. The first ends at (1, −1). Where does the second end? Guess **A**, at (1, −1) again;
# **B**, at (−1, 1); or **C**, nowhere: its loss stays large.

# %% id="guess-flipped"
guess("2.flipped", ...)

# %% id="flipped-training" slide="slide"
reveal("2.flipped")
as_it_is, turned = trained(corr2d, start), trained(convolve2d, start)
print("slid as it is:", as_it_is.round(decimals=3).tolist())
print("slid turned:  ", turned.round(decimals=3).tolist())
same = torch.allclose(corr2d(image, as_it_is), convolve2d(image, turned), atol=1e-4)
print("the same map:", same)

# %% [markdown] id="flipped-reading"
# Two kernels, one the other turned, and one map. That is why deep learning may say convolution and
# compute correlation: its kernels are learned, and training turns them as needed.

# %% [markdown] id="two-gradients"
# ## The two gradients of a convolution
#
# In a network the loss $L$ sits further up, and what arrives from above is $\partial L / \partial
# Y$. Write out the smallest case, an input of 3×3 and a kernel of 2×2:
#
# $$\begin{aligned}
# y_{11} &= k_{11}x_{11} + k_{12}x_{12} + k_{21}x_{21} + k_{22}x_{22} \\
# y_{12} &= k_{11}x_{12} + k_{12}x_{13} + k_{21}x_{22} + k_{22}x_{23} \\
# y_{21} &= k_{11}x_{21} + k_{12}x_{22} + k_{21}x_{31} + k_{22}x_{32} \\
# y_{22} &= k_{11}x_{22} + k_{12}x_{23} + k_{21}x_{32} + k_{22}x_{33}
# \end{aligned}$$

# %% [markdown] id="exercise-grad-kernel"
# ### Exercise 2.7: the gradient for the kernel
#
# Read down the column of $k_{11}$ above. It multiplied $x_{11}, x_{12}, x_{21}, x_{22}$, so with
# $g = \partial L / \partial Y$,
#
# $$\frac{\partial L}{\partial k_{11}} = g_{11}x_{11} + g_{12}x_{12} + g_{21}x_{21} + g_{22}x_{22}$$
#
# Read the other three columns in the same way, and write what gives all of them at once.


# %% id="answer-grad-kernel"
def grad_kernel(x, grad_y):
    """Return dL/dK for y = corr2d(x, kernel).

    x: (H, W). grad_y: dL/dY, (H - kH + 1, W - kW + 1). Returns (kH, kW).
    grad_kernel of [[1, 2, 3]] and [[1, 10]] is [[21, 32]]: 1·1 + 2·10, then 2·1 + 3·10.
    """
    ### BEGIN SOLUTION
    # Each weight saw one window of x: slide grad_y over x and add up.
    return corr2d(x, grad_y)
    ### END SOLUTION


# %% id="check-grad-kernel"
check("2.7", grad_kernel)


# %% [markdown] id="gradient-kernel" slide="notes"
# Each weight met one window of the input, so $\partial L / \partial K$ is the correlation of $X$ with
# $g$, of 2×2, since $3 - 2 + 1 = 2$.

# %% [markdown] id="exercise-grad-input"
# ### Exercise 2.8: the gradient for the image
#
# The corner $x_{11}$ stands in one equation, the middle $x_{22}$ in all four:
#
# $$\frac{\partial L}{\partial x_{11}} = g_{11}k_{11} \qquad
# \frac{\partial L}{\partial x_{22}} = g_{11}k_{22} + g_{12}k_{21} + g_{21}k_{12} + g_{22}k_{11}$$
#
# In which order do the weights come? `ops.pad2d(g, (rows, columns))` makes room with zeros.


# %% id="answer-grad-input"
def grad_input(grad_y, kernel):
    """Return dL/dX for y = corr2d(x, kernel).

    grad_y: dL/dY, (H - kH + 1, W - kW + 1). kernel: (kH, kW). Returns (H, W).
    grad_input of [[1, 10]] and [[2, 3]] is [[2, 23, 30]]: 1·2, then 1·3 + 10·2, then 10·3.
    """
    ### BEGIN SOLUTION
    kH, kW = kernel.shape
    with_room = ops.pad2d(grad_y, (kH - 1, kW - 1))
    return corr2d(with_room, kernel.flip(0, 1))
    ### END SOLUTION


# %% id="check-grad-input"
check("2.8", grad_input)


# %% [markdown] id="gradient-input" slide="slide"
# The weights come in reverse order: this is a true convolution. Corners take part once, so $g$ needs
# room on all sides: $\partial L / \partial X$ is the *full* convolution of $g$ with $K$, of 3×3, since
# $2 + 2 - 1 = 3$.
#
# Autograd is the judge of both, and SciPy of the second. All three lines must say True.

# %% id="autograd"
grad_kernel = own("2.7", grad_kernel)
grad_input = own("2.8", grad_input)
x, kernel = torch.randn(3, 3, requires_grad=True), torch.randn(2, 2, requires_grad=True)
y = corr2d(x, kernel)
g = torch.randn_like(y)
y.backward(g)
with torch.no_grad():
    print("dL/dK:", torch.allclose(kernel.grad, grad_kernel(x, g), atol=1e-6))
    print("dL/dX:", torch.allclose(x.grad, grad_input(g, kernel), atol=1e-6))
    theirs = torch.from_numpy(scipy.signal.convolve2d(g, kernel, mode="full"))
    print("SciPy:", torch.allclose(grad_input(g, kernel), theirs, atol=1e-6))

# %% [markdown] id="exercise-expose"
# ### Exercise 2.9: expose the bug in corr2d
#
# Somebody else wrote `corr2d` too. They tried it with every blur that they knew and with kernels of
# ones, and it agreed with PyTorch each time. It is wrong all the same.
#
# Find an input on which it shows, and answer with `(x, kernel)`. Try as often as you like; the smaller
# the input, the better.


# %% id="program-expose"
def their_corr2d(x, kernel):
    """Return the sums of window times kernel, at every position where the kernel fits."""
    (H, W), (kH, kW) = x.shape, kernel.shape
    result = torch.zeros(H - kH + 1, W - kW + 1)
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for a in range(kH):
                for b in range(kW):
                    result[i, j] += x[i + a, j + b] * kernel[kH - 1 - a, kW - 1 - b]
    return result


# %% id="answer-expose"
### BEGIN SOLUTION
counterexample = (torch.tensor([[0.0, 1]]), torch.tensor([[0.0, 1]]))
### END SOLUTION

# %% id="check-expose"
check("2.9", counterexample)

# %% [markdown] id="board-intro"
# ## Does your detector survive?
#
# Three filters and one rule make a detector: it sees an X where all three parts reach a score of 7
# somewhere. Draw an X of your own on the pad, or something that is nearly one, in black
# ink on white paper. Then run the cell below it.

# %% id="board-pad"
board_pad = Explorer(
    torch.full((13, 13), -1.0),
    features["crossing"],
    hide=(*later, "predict", "play", "preset"),
    by=corr2d,
)
board_pad


# %% id="board" slide="slide"
def sees_x(picture):
    """Return whether each of the three parts matches the picture somewhere, all but one pixel."""
    return all(corr2d(picture, part).max() >= 7 for part in features.values())


figures.detector_board(
    {"lesson 1: one weight a pixel": perceptron(own("1.2")), "lesson 2: three filters": sees_x},
    mine=board_pad.image,
    by=[corr2d],
)

# %% [markdown] id="board-reading"
# The window finds the parts wherever they lie, so the shifted, the deformed and the rotated X are no
# trouble any more. The thick X is: its strokes match none of the thin parts. And the parts of an X,
# strewn about, pass for one: the rule never asks where they are.
#
# Nor is it cheap: 121 positions for each part, and still no window is centred on a pixel of the
# border. Lesson 3 sets both, border and step, and asks the board again.

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. A feature map is a sum of products at each position of a window; $n$ pixels and $k$ weights
#    leave $n - k + 1$ positions, along each axis.
# 2. Correlation slides the kernel as it is, convolution turns it by half a turn first.
# 3. Kernels that sum to one copy, blur or sharpen; kernels that sum to zero show changes.
# 4. A learned kernel does not care which of the two slides it: training turns it as needed.
# 5. $\partial L/\partial K$ is a correlation of the input with the gradient from above;
#    $\partial L/\partial X$ is a full convolution of that gradient with the kernel.
#
# Next: what happens at the borders, and how to take larger steps. Lesson 3.
