# %% [markdown] id="title"
# # Perceptron and gradient descent
#
# Two kinds of point lie in a plane, and you see at once where one ends and the other begins.
# How does a machine find the line, if all it can do is to be wrong and change a few numbers?
#
# | | |
# |---|---|
# | Time | 75 minutes |
# | You need | a little Python, and what a derivative is; for tensors, axes, the logarithm and partial derivatives there is a page, `docs/primer.md` in the course's folder |
# | Exercises | nine, where they belong |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. compute the output of a neuron by hand, and say what its bias is for;
# 2. correct a perceptron by Rosenblatt's rule, and say when it stops;
# 3. descend a function step by step, and predict which learning rates converge, bounce or diverge;
# 4. say why start and rate decide together in which valley a descent ends;
# 5. derive the gradient of the logistic loss, and let PyTorch take the same steps;
# 6. show what one line can never do, and send an error back through a hidden layer by hand.

# %% id="imports"
import torch
from torch.nn import functional as F

from coursekit import data, descent, figures, models
from coursekit.examples import detectors, points
from coursekit.examples.board import board, copies
from coursekit.exercises import check, guess, own, picture, reveal
from coursekit.explorer import Explorer, sliders

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="opening-intro"
# ## Where this course ends
#
# Below is a pad of 13×13 pixels. Press *draw*, and draw an X with the mouse, as crooked as you like.
# (By keyboard: arrow keys, and Enter to set a pixel.) Then run the cell after it. It shows your X to
# the detector with which this course ends.
#
# The pad is a blackboard, so your ink is white; on paper, as in the table below, ink is dark. The
# right side repeats what you draw; lesson 2 says what else it can do.

# %% id="opening-pad"
later = ("mode", "stride", "padding", "dilation", "size", "predict", "play", "preset")
opening_pad = Explorer(torch.zeros(13, 13), [[1.0]], hide=later)
opening_pad

# %% id="opening" slide="slide"
figures.detector_board({"where the course ends": detectors.finished()}, mine=opening_pad.image)

# %% [markdown] id="opening-reading"
# An X below a drawing says that the detector sees one there. It is right about all twelve; where a
# detector is wrong, the cell is hatched. Each lesson ends with this table, and with a detector that
# is made of functions that you wrote.

# %% [markdown] id="tasks-intro"
# Networks of this kind do more than say what they see. They find things, name each pixel, and give
# a picture another look. The three pictures show the tasks. Plain code drew them, with places
# measured by hand; no network made them.

# %% id="tasks"
figures.vision_tasks(data.photograph(gray=False))

# %% [markdown] id="neuron"
# ## One weighted sum decides
#
# A neuron of a network multiplies each input by a weight, adds up, and adds a bias. An
# activation function $f$ turns the sum into an output:
#
# $$o = f\Bigl(\sum_{k=1}^{n} i_k W_k\Bigr)$$
#
# The bias hides in the sum: it is the weight of one more input that is always 1. From now on inputs
# are called $x$ and weights $w$. Follow the arrows below.

# %% id="neuron-figure"
figures.neuron(inputs=[2, -1, 0.5], weights=[1.5, 1, -2], bias=-0.5)

# %% [markdown] id="neuron-predict" slide="slide"
# The sum is 3 − 1 − 1 − 0.5 = 0.5. It is above 0, so this neuron says 1. Which output would it
# have with a bias of −1?
#
# Put your guess in place of the dots and run the cell. Guesses are not counted. The cell below
# answers, and says how yours did.

# %% id="guess-bias"
guess("1.bias", ...)

# %% id="neuron-code"
reveal("1.bias")
inputs, weights = torch.tensor([2, -1, 0.5]), torch.tensor([1.5, 1, -2])
for bias in (-0.5, -1.0):
    total = (inputs * weights).sum() + bias
    print(f"bias {bias:4}: sum {total:4.1f}, output {int(total > 0)}")

# %% [markdown] id="step-reading" slide="fragment"
# The output above is a *step*: 1 where the sum is above 0, else 0. It says only yes or no.

# %% [markdown] id="activations" slide="slide"
# A *sigmoid* says how surely, as a number between 0 and 1. With it, and with the bias written as
# $w_0$, the model reads
#
# $$\hat y = \sigma(\mathbf{x}^T\mathbf{w} + w_0), \qquad \sigma(z) = \frac{1}{1 + e^{-z}}$$

# %% id="sigmoid"
sums = torch.tensor([-4.0, -1.0, 0.0, 0.5, 4.0])
print("sum    ", sums.tolist())
print("step   ", (sums > 0).int().tolist())
print("sigmoid", [round(value, 3) for value in torch.sigmoid(sums).tolist()])

# %% [markdown] id="activations-reading"
# Both change sides at a sum of 0. The sigmoid of 0.5 is 0.622: a yes, and not a sure one.

# %% [markdown] id="exercise-sum" slide="-"
# ### Exercise 1.1: weigh and add
#
# Write the sum for a whole table of examples, one in each row.


# %% id="answer-sum" slide="skip"
def weighted_sum(x, weight, bias):
    """Return the weighted sum of each row's inputs, plus the bias.

    x: (N, D), one row for each example. weight: (D,). bias: a number. Returns (N,).
    With x [[1, 10], [2, 0]], weight [3, 1] and bias 5 the sums are [18, 11].
    """
    ### BEGIN SOLUTION
    products = x * weight
    return products.sum(dim=1) + bias
    ### END SOLUTION


# %% id="check-sum" slide="skip"
check("1.1", weighted_sum)

# %% [markdown] id="sum-goes-on" slide="skip"
# From here on the lesson adds up with your function, once `check` finds it right; until then with
# the course's. It will do so with every function that you write, and the figures say whose they
# used. Here is the neuron of the first picture again:

# %% id="sum-own" slide="skip"
weighted_sum = own("1.1", weighted_sum)
print("its sum:", weighted_sum(inputs[None], weights, -0.5))  # [None]: a table of one row

# %% [markdown] id="bias"
# ## Do you need the bias?
#
# With two inputs, all points whose sum is 0 lie on a line, and the neuron says 1 on one side of
# it. Without a bias the sum at the origin is 0 whatever the weights are, so every such line runs
# through the origin.
#
# The same two clouds stand below twice, the second time moved to the upper right. The cross marks
# the origin, (0, 0).

# %% id="two-clouds"
centred, labels = points.two_clouds()
shifted, _ = points.two_clouds(shift=2)
figures.regions(
    {"around the origin": (centred, labels, None), "shifted": (shifted, labels, None)},
    says="two clouds on either side of the origin; moved to the upper right, one of them "
    "surrounds the origin.",
)

# %% [markdown] id="rule-intro" slide="skip"
# Your function says of each point in the plane on which side it lies. We train three neurons; how
# training finds its weights is the rest of the lesson. In the picture that follows wrong points are
# ringed, and on the dotted side the neuron says 1.


# %% id="rule" slide="skip"
def rule(weight, bias):
    """Return the function from points (N, 2) to their sums (N,), above 0 where the neuron says 1."""
    return lambda places: weighted_sum(places, weight.float(), bias.float())


panels = {}
for name, x, with_bias in (
    ("around the origin, no bias", centred, False),
    ("shifted, no bias", shifted, False),
    ("shifted, with a bias", shifted, True),
):
    trained = descent.logistic_regression(x, labels, steps=300, bias=with_bias)
    panels[name] = (x, labels, rule(*trained.at(-1)))

# %% [markdown] id="bias-predict" slide="slide"
# Lay a ruler through the cross. Which clouds can a line through it separate? Guess **A**, only those
# around the origin; **B**, both pairs; or **C**, only the shifted pair. A letter is text, so in Python
# it stands in quotes.

# %% id="guess-origin"
guess("1.origin", ...)

# %% id="bias-lines"
reveal("1.origin")
says = "the line through the origin fails once the clouds have moved."
figures.regions(panels, says=says).by(weighted_sum)

# %% [markdown] id="bias-reading" slide="notes"
# The titles count what each line gets wrong. The weights turn the line; only the bias can move it
# away from the origin.

# %% [markdown] id="rosenblatt"
# ## Learn from mistakes
#
# Rosenblatt's rule of 1958 looks at one point at a time. Where the output is right, nothing
# changes. Where it is wrong, the weights move by the point itself, towards it or away from it:
#
# $$\mathbf{w} \leftarrow \mathbf{w} + \eta\,(y - o)\,\mathbf{x}$$
#
# Here $y$ is the label and $o$ the output, both 0 or 1, and $\eta$, the learning rate, says how far
# to move. To learn the bias in the same way, append a constant 1 to every point.

# %% id="rosenblatt-by-hand"
weight = torch.zeros(3)
for point, label in ((torch.tensor([1.0, 2, 1]), 0), (torch.tensor([3.0, 1, 1]), 1)) * 2:
    output = int(weight @ point > 0)
    print(f"sum {weight @ point:3.0f}, output {output}, label {label}", end="  →  ")
    weight = weight + (label - output) * point
    print("weights", weight.tolist())

# %% [markdown] id="rosenblatt-reading" slide="notes"
# The second point is missed and added: 3, 1, 1. Then the first one is called 1 by mistake and taken
# away, which leaves 2, −1, 0. Now both are right, and nothing moves any more.

# %% [markdown] id="exercise-update" slide="-"
# ### Exercise 1.2: learn from one mistake


# %% id="answer-update" slide="skip"
def perceptron_update(weight, x, label, rate):
    """Return the weights after Rosenblatt's rule has seen one point.

    weight, x: (D,), where x ends in the constant 1 of the bias. label: 0 or 1. Returns (D,).
    With weight [0, 0], x [4, 1], label 1 and rate 0.5 the sum 0 is not above 0: the answer is [2, 0.5].
    """
    ### BEGIN SOLUTION
    says_one = float(weight @ x > 0)
    return weight + rate * (label - says_one) * x
    ### END SOLUTION


# %% id="check-update" slide="skip"
check("1.2", perceptron_update)

# %% [markdown] id="perceptron-run" slide="slide"
# Your rule now goes over the shifted clouds, point by point and round after round. We keep the
# weights after each correction.

# %% id="update-own"
perceptron_update = own("1.2", perceptron_update)
rows = F.pad(shifted, (0, 1), value=1.0)  # (60, 3): each point ends in the constant 1
weight = torch.zeros(3)
corrected = [weight]
for _ in range(20):  # more rounds than it needs
    for x, label in zip(rows, labels.tolist(), strict=True):
        weight = perceptron_update(weight, x, label, 1.0)
        if (weight != corrected[-1]).any():
            corrected.append(weight)

# %% [markdown] id="corrections-predict" slide="slide"
# At the start 30 of the 60 points are wrong: the sum is 0 everywhere, so all of label 1 are. After
# the fourth correction a single point is wrong. How many corrections does it take, in all, until
# none is?

# %% id="guess-corrections"
guess("1.corrections", ...)

# %% id="perceptron-mistakes"
reveal("1.corrections")
wrong = [
    ((weighted_sum(shifted, weight[:2], weight[2]) > 0) != (labels > 0)).sum().item()
    for weight in corrected
]
print("wrong at the start:   ", wrong[0])
print("after each correction:", *wrong[1:])

# %% [markdown] id="perceptron-reading"
# The number does not fall steadily: each correction serves one point and forgets the others. Where
# some line separates the clouds, the rule is proven to end. Where none does, it goes on for ever.
#
# A better rule would know how wrong it is, and which change makes it less wrong.

# %% [markdown] id="descent"
# ## Downhill, one number at a time
#
# Training is a search for the lowest point of an error landscape. Begin with a landscape of one
# number, $f(x) = x^2 - 6x + 1$. The search starts somewhere, often at random. The derivative there
# says which way is up, and how steeply. Take a step, and look again.


# %% id="parabola"
def parabola(x):
    return x**2 - 6 * x + 1


# %% [markdown] id="exercise-derivative" slide="-"
# ### Exercise 1.3: the slope of a parabola


# %% id="answer-derivative"
def derivative(x):
    """Return the slope of x² - 6x + 1 at x, a number.

    derivative(5) is 4.
    """
    ### BEGIN SOLUTION
    return 2 * (x - 3)
    ### END SOLUTION


# %% id="check-derivative"
check("1.3", derivative)

# %% id="derivative-own"
derivative = own("1.3", derivative)
for x in (-12, 3, 18):
    print(f"the slope at {x:3} is {derivative(x):3.0f}")

# %% [markdown] id="exercise-step" slide="-"
# ### Exercise 1.4: one step downhill
#
# The length of a step is the learning rate times the slope. Which way does it go? The example in the
# docstring decides.


# %% id="answer-step" slide="skip"
def descent_step(x, rate):
    """Return where one step of gradient descent on x² - 6x + 1 leads from x.

    x: a number. rate: the learning rate. Returns a number.
    From 13 with rate 0.25 it leads to 8.
    """
    ### BEGIN SOLUTION
    uphill = derivative(x)
    return x - rate * uphill
    ### END SOLUTION


# %% id="check-step" slide="skip"
check("1.4", descent_step)

# %% [markdown] id="descent-predict" slide="slide"
# Start at 18, where the slope is 30. With a rate of 0.05 the first step is 0.05 · 30 = 1.5 to the
# left. How long is the second step?

# %% id="guess-second"
guess("1.second", ...)

# %% id="descent-loop"
reveal("1.second")
descent_step = own("1.4", descent_step)
x = 18
for step in range(1000):
    if step < 4:
        print(f"step {step}: x = {x:.4f}, slope {derivative(x):.4f}")
    x = descent_step(x, 0.05)
print(f"after 1000 steps: x = {x:.4f}")


# %% id="walk" slide="skip"
def walk(start, rate, steps):
    """Return every place on the way, the start first."""
    places = [float(start)]
    for _ in range(steps):
        places.append(float(descent_step(places[-1], rate)))
    return torch.tensor(places, dtype=torch.float64)


# %% [markdown] id="descent-reading" slide="slide"
# The slope fades as the ground gets flatter, and the steps with it. After 1000 steps $x$ is 3, where
# the slope is 0.
# In one line, $x \leftarrow x - \eta\,f'(x)$.
#
# The next picture moves. Watch the tangent tilt back as the star comes down.

# %% id="descent-moves"
says = "a star steps down a parabola from 18 to 3.71 in 29 ever shorter steps."
moving = figures.descent_animation(parabola, walk(18, 0.05, 29), between=(-14, 20), says=says)
moving

# %% [markdown] id="descent-still" slide="skip"
# Six of its frames, for paper:

# %% id="descent-filmstrip" slide="skip"
moving.filmstrip([0, 1, 2, 5, 10, 29])

# %% [markdown] id="rates"
# ## How long may a step be?
#
# At a rate of 0.05 the star creeps. Longer steps may arrive sooner. Try one by hand: the rate 1.0.

# %% [markdown] id="exercise-bounce" slide="-"
# ### Exercise 1.5: a thousand steps at rate 1
#
# Descent on $x^2 - 6x + 1$ starts at 18 with rate 1.0. Where is it after 1000 steps?

# %% id="answer-bounce"
### BEGIN SOLUTION
after_thousand = 18
### END SOLUTION

# %% id="check-bounce"
check("1.5", after_thousand)

# %% [markdown] id="rates-predict" slide="slide"
# Now four rates. Which of them comes to 3 in the fewest steps? Guess **A**, 0.05; **B**, 0.3; **C**,
# 1.0; or **D**, 1.1.
#
# In the answer each path begins at the black square, and a star marks the place after 100 steps.

# %% id="guess-quickest"
guess("1.quickest", ...)

# %% id="four-rates"
reveal("1.quickest")
rates = (0.05, 0.3, 1.0, 1.1)
paths = {f"rate {rate}": walk(18, rate, 100) for rate in rates}
figures.descents(parabola, paths, between=(-24, 30)).by(descent_step)

# %% [markdown] id="why-it-converges" slide="slide"
# The formula behind the four pictures fits in a line. The slope is $2(x - 3)$, so one step turns
# the error $x - 3$ into
#
# $$x' - 3 = (x - 3) - \eta \cdot 2(x - 3) = (1 - 2\eta)\,(x - 3)$$
#
# Every step multiplies the error by the same number, $1 - 2\eta$. It shrinks where that number lies
# between −1 and 1.

# %% id="factors"
for rate in rates:
    factor = 1 - 2 * rate
    print(f"rate {rate:4}: error times {factor:4.1f}, after 20 steps {15 * factor**20:.3g}")

# %% [markdown] id="error-intro" slide="slide"
# On a logarithmic scale, multiplying again and again by the same number draws a straight line. Look
# for the one line that is level, and for the one that rises.

# %% id="error-figure"
figures.errors(paths, target=3)

# %% [markdown] id="factors-reading"
# At 0.05 a step keeps nine tenths of the error, at 0.3 two fifths. At 1.0 the error changes its
# sign and nothing else. At 1.1 it grows by a fifth each time. A rate of 0.5 would be perfect: the
# factor is 0, and one step arrives.

# %% [markdown] id="random-starts" slide="skip"
# Nothing in the formula asks where the descent began. On this parabola the start does not matter,
# so it may as well be random. (On a curve that grows steeper than a parabola it does matter.)

# %% id="any-start" slide="skip"
for start in torch.empty(4).uniform_(-14, 20).tolist():
    print(f"from {start:6.2f} to {walk(start, 0.3, 100)[-1]:.2f}")

# %% [markdown] id="exercise-rate"
# ### Exercise 1.6: the largest rate that still converges
#
# Another parabola: $f(x) = 5x^2 - 20x + 7$. Below which rate does descent converge, from any
# start?

# %% id="answer-rate"
### BEGIN SOLUTION
largest_rate = 0.2
### END SOLUTION

# %% id="check-rate"
check("1.6", largest_rate)

# %% [markdown] id="valleys"
# ## Two valleys
#
# The landscapes of networks have more than one valley. The smallest model of that is
# $f(x) = x^4 - 2x^2 + 0.2x$, with a deep valley at −1.02 and a shallow one at 0.97.
#
# Two rates, 0.1 and 0.3, and two starts, −0.5 and −2, make four runs. How many of the four settle
# in the deep valley?

# %% id="guess-four"
guess("1.four", ...)

# %% id="four-runs" slide="slide"
reveal("1.four")
runs = {
    f"rate {rate}, start {name}": descent.descend(
        descent.two_valleys_slope, start, rate=rate, steps=400
    )
    for rate in (0.1, 0.3)
    for name, start in (("−0.5", -0.5), ("−2", -2.0))
}
figures.descents(descent.two_valleys, runs, between=(-2.1, 2.1), columns=2)

# %% [markdown] id="valleys-reading" slide="notes"
# The deep valley is the *global* minimum, the shallow one a *local* minimum. A run that bounces
# settles in neither: it visits the same few places for ever, here four of them.

# %% [markdown] id="crossing-intro" slide="slide"
# Watch the two runs at rate 0.1 once more, side by side. On steep ground the step is long: the
# square, which starts at −2, never sees the valley below it.

# %% id="crossing"
balls = {name: runs[f"rate 0.1, {name}"][:8] for name in ("start −0.5", "start −2")}
figures.rolling_balls(
    descent.two_valleys,
    balls,
    between=(-2.1, 2.1),
    says="a ball that starts at −0.5 rolls down into the deep valley; one that starts at −2, high "
    "on the wall, flies over the deep valley and the hill, and rolls into the shallow one.",
)

# %% [markdown] id="crossing-reading" slide="notes"
# So start and rate decide together where a descent ends.

# %% [markdown] id="largest-predict" slide="slide"
# The second derivative is called the *curvature*. The first parabola has the curvature 2 and the
# limit 1: the limit is 2 divided by the curvature. Near the bottom of a valley, every smooth curve
# is nearly a parabola, so the rule holds there too.
#
# At the bottom of the deep valley the curvature is 8.6. Which is the largest rate, to two digits,
# that settles from −0.5?

# %% id="guess-largest"
guess("1.largest", ...)

# %% id="largest-rates"
reveal("1.largest")
for rate in (0.22, 0.23, 0.24, 0.25):
    path = descent.descend(descent.two_valleys_slope, -0.5, rate=rate, steps=400)
    print(f"rate {rate}: {figures.ending(path)}")

# %% [markdown] id="sliders-intro" slide="skip"
# One of the four runs again, and under it two sliders with a picture of their own. Without a running
# kernel the sliders stay hidden.
#
# Leave the rate at 0.1, move the start along the left wall, and find the place where the run changes
# its valley:

# %% id="valley-figure" slide="skip"
sliders.valley_figure(rate=0.1, start=-2)

# %% id="valley-sliders" slide="skip"
sliders.valley_sliders()

# %% [markdown] id="sliders-reading" slide="skip"
# From −1.85 the run settles in the deep valley. From −1.9 to −2, where the slider ends, it flies
# over it.

# %% [markdown] id="exercise-valley"
# ### Exercise 1.7: which valley?
#
# Descent starts at 2 with rate 0.1. Where does it end? One step by hand is enough to know.
#
# - **A**: the shallow valley, at 0.97
# - **B**: the deep valley, at −1.02
# - **C**: the top of the hill between them
# - **D**: jumping to and fro between the valleys, for ever
# - **E**: running away from both valleys

# %% id="valley-question"
picture("1.7")

# %% id="answer-valley"
### BEGIN SOLUTION
letter_of_end = "B"
### END SOLUTION

# %% id="check-valley"
check("1.7", letter_of_end)

# %% [markdown] id="two-weights"
# ## Two weights, one rate
#
# With two weights the landscape is a surface, and the gradient holds one derivative for each. Let
# the loss be $L = \frac12(w_1^2 + 10\,w_2^2)$: ten times as curved along $w_2$ as along $w_1$. This
# happens when one input has larger numbers than the other.
#
# One rate has to serve both weights.


# %% id="bowl"
curvature = torch.tensor([1.0, 10.0], dtype=torch.float64)


def bowl(w):
    return (curvature * w**2).sum(dim=-1) / 2


def bowl_gradient(w):
    return curvature * w


# %% id="three-rates" slide="skip"
start = torch.tensor([-9.0, 4.0])
paths = {
    f"{name}: rate {rate}": descent.descend(bowl_gradient, start, rate=rate, steps=25)
    for name, rate in (("slow", 0.01), ("good", 0.17), ("divergent", 0.205))
}

# %% [markdown] id="contours-predict" slide="slide"
# As the rate grows, which weight stops converging first? Guess **A**, the first weight; **B**, the
# second; or **C**, both at the same rate.
#
# In the answer each line joins places of equal loss, and the star is the minimum. Three rates start
# at the same square.

# %% id="guess-steep"
guess("1.steep", ...)

# %% id="contours"
reveal("1.steep")
figures.loss_contours(bowl, paths)

# %% [markdown] id="contours-reading" slide="notes"
# Just below the limit the path zigzags across the valley while it moves along. Just above it one
# weight grows at each step, though the other would still converge. Inputs on the same scale make the
# valley round; that is one reason why images are scaled before training.

# %% [markdown] id="logistic"
# ## Descend on the loss of a neuron
#
# Counting mistakes gives no slope: move the line a little, and the count stays. So we measure how
# surely the neuron is wrong. With $\hat y = \sigma(z)$ and $z = \mathbf{x}^T\mathbf{w} + w_0$, the
# *logistic loss* of a point is
#
# $$\ell = -\,y\log\hat y - (1 - y)\log(1 - \hat y)$$
#
# It is near 0 for a sure and right answer, 0.693 for $\hat y = \frac12$, and grows without bound
# for sure and wrong ones. A single neuron trained on this loss is called *logistic regression*.

# %% [markdown] id="logistic-gradient"
# The derivative is a chain of three, and most of it cancels:
#
# $$\frac{\partial\ell}{\partial w_k}
#   = \underbrace{\frac{\hat y - y}{\hat y(1 - \hat y)}}_{\partial\ell/\partial\hat y}
#     \cdot \underbrace{\hat y(1 - \hat y)}_{\partial\hat y/\partial z}
#     \cdot \underbrace{x_k}_{\partial z/\partial w_k}
#   = (\hat y - y)\,x_k$$
#
# A step against it adds $\eta\,(y - \hat y)\,\mathbf{x}$: Rosenblatt's rule, with a soft output in
# place of the hard one. The loss of a data set is the mean over its points.

# %% [markdown] id="exercise-gradient" slide="-"
# ### Exercise 1.8: the gradient of the logistic loss


# %% id="answer-gradient" slide="skip"
def logistic_gradient(x, labels, weight):
    """Return the derivative of the mean logistic loss with respect to each weight.

    x: (N, D), where each row ends in the constant 1 of the bias. labels: (N,). weight: (D,).
    Returns (D,). With x [[6, 1]], labels [0] and weight [0, 0] it is [3, 0.5].
    """
    ### BEGIN SOLUTION
    surprises = torch.sigmoid(x @ weight) - labels
    return (surprises[:, None] * x).mean(dim=0)
    ### END SOLUTION


# %% id="check-gradient" slide="skip"
check("1.8", logistic_gradient)

# %% id="logistic-own"
logistic_gradient = own("1.8", logistic_gradient)
logistic = descent.descend(
    lambda weight: logistic_gradient(rows.double(), labels, weight),
    torch.zeros(3),
    rate=1.0,
    steps=1000,
)

# %% [markdown] id="moments" slide="slide"
# Here are both rules at four moments of training, on the shifted clouds. Compare how their lines
# travel.

# %% id="boundary-moments"
learned = {f"perceptron, correction {t}": corrected[t] for t in (1, 4, 8, 16)}
learned |= {f"logistic, step {t}": logistic[t] for t in (1, 3, 10, 1000)}
moments = {name: (shifted, labels, rule(w[:2], w[2])) for name, w in learned.items()}
says = "the perceptron's line leaps about, the logistic line glides."
figures.regions(moments, says=says, columns=4).by(perceptron_update, logistic_gradient)

# %% [markdown] id="moments-reading" slide="notes"
# The perceptron's line leaps: 24 wrong, 1, 30, 0. Then it stops at the first line that has no
# mistake, however close it passes. The logistic line glides, 24, 11, 2, 0, and goes on moving
# into the middle of the gap, since a surer answer costs less.

# %% [markdown] id="autograd"
# ## Let the machine take the derivative
#
# A network has millions of weights, and nobody takes each derivative by hand. PyTorch records what
# is computed and applies the chain rule backwards. First the parabola once more, with the slope
# from `backward`:

# %% id="descent-autograd"
x = torch.tensor(18.0, requires_grad=True)
for _ in range(1000):
    parabola(x).backward()  # adds the derivative to x.grad
    with torch.no_grad():
        x -= 0.05 * x.grad
    x.grad.zero_()  # or the next slope would be added to this one
print(f"autograd: {x.item():.4f}")

# %% [markdown] id="sgd-intro"
# The two lines of the step are the same in every training, so an optimiser does them. SGD stands
# for *stochastic* gradient descent; here nothing is random yet.

# %% id="descent-sgd"
x = torch.tensor(18.0, requires_grad=True)
optimizer = torch.optim.SGD([x], lr=0.05)
for _ in range(1000):
    optimizer.zero_grad()
    parabola(x).backward()
    optimizer.step()
print(f"torch.optim.SGD: {x.item():.4f}")

# %% [markdown] id="agree-intro" slide="skip"
# Both arrive at 3, as your steps did. A linear layer with two inputs, trained on PyTorch's own loss,
# must take the same steps as your gradient, too.

# %% id="agree-with-torch" slide="skip"
layer = torch.nn.Linear(2, 1, dtype=torch.float64)
torch.nn.init.zeros_(layer.weight), torch.nn.init.zeros_(layer.bias)
optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
for _ in range(1000):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(layer(shifted.double())[:, 0], labels.double()).backward()
    optimizer.step()
print("weights agree:", torch.allclose(layer.weight[0], logistic[-1, :2]))
print("biases agree: ", torch.allclose(layer.bias[0], logistic[-1, 2]))

# %% [markdown] id="agree-reading" slide="skip"
# It does: after a thousand steps the weights are the same. From here on PyTorch takes the derivatives.

# %% [markdown] id="xor"
# ## What one line cannot do
#
# Four corners of a square; the label is 1 where exactly one coordinate is 1. This is XOR. Take a
# ruler to it.

# %% id="xor-points"
x, labels = points.xor_clouds()
figures.regions(
    {"XOR": (x, labels, None)},
    says="four small clouds at the corners of a square; opposite corners share a label.",
)

# %% [markdown] id="exercise-xor" slide="-"
# ### Exercise 1.9: how far does one line get?
#
# At most how many of the four corners can one line get right?

# %% id="answer-xor"
### BEGIN SOLUTION
corners_right = 3
### END SOLUTION

# %% id="check-xor"
check("1.9", corners_right)

# %% [markdown] id="hidden-layer" slide="slide"
# What two lines can do: let one hidden neuron compute $h_1 = \max(0, x_1 + x_2)$ and another
# $h_2 = \max(0, x_1 + x_2 - 1)$, where $\max(0, z)$ is the activation *ReLU*. Then $h_1 - 2h_2$ is
# XOR. A network with such a layer in between is a *multilayer perceptron*, an MLP.

# %% id="xor-by-hand"
corners = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
hidden = torch.relu(torch.stack([corners.sum(1), corners.sum(1) - 1], dim=1))  # (4, 2)
print("hidden", hidden.tolist())
print("output", (hidden @ torch.tensor([1.0, -2.0])).tolist())

# %% [markdown] id="hidden-reading" slide="notes"
# In the corner (1, 1) both hidden neurons fire, and the second takes back what the first gives.

# %% [markdown] id="there-and-back"
# ## One number forward, its error back
#
# We chose these weights. A machine has to find them, and a hidden neuron has no label of its own that
# would say how wrong it is.
#
# Take the smallest network: two inputs, two hidden ReLUs, one output $o$, and no biases. The loss is
# $\frac12(o - y)^2$, so its derivative by the output is the error $o - y$ itself. Here are its numbers.

# %% id="smallest-network"
given, wanted = torch.tensor([2.0, 1.0]), 5
hidden_weight, output_weight = torch.tensor([[1.0, 1], [-1, 1]]), torch.tensor([2.0, 3])

# %% [markdown] id="back-predict" slide="slide"
# **Forward.** The inputs are 2 and 1. With the weights 1 and 1 the first hidden sum is 3, and ReLU
# lets it pass. With −1 and 1 the second is −1, and ReLU makes it 0. The output is 2 · 3 + 3 · 0 = 6,
# where 5 is wanted.
#
# **Backward.** The error is 1. What is the derivative of the loss by the weight between the first
# input and the first hidden neuron?

# %% id="guess-back"
guess("1.back", ...)

# %% id="by-hand"
reveal("1.back")
figures.propagation(given, hidden_weight, output_weight, wanted)

# %% [markdown] id="by-hand-reading" slide="notes"
# Two rules are enough. What goes back through a weight is multiplied by it, and a ReLU that gave 0
# lets nothing back.
#
# The derivative by a weight is what came back to its end, times what went in at its start:
# $1 \cdot 3 = 3$ for the output's first weight.

# %% [markdown] id="by-hand-others" slide="notes"
# Find the other five derivatives in the same way. Autograd has them too, for any number of layers:

# %% id="by-autograd" slide="skip"
hidden_weight.requires_grad_(), output_weight.requires_grad_()
hidden_weight.grad = output_weight.grad = None  # backward() adds to what is there
output = output_weight @ torch.relu(hidden_weight @ given)
((output - wanted) ** 2 / 2).backward()
print("by the hidden weights:", hidden_weight.grad.tolist())
print("by the output weights:", output_weight.grad.tolist())
with torch.no_grad():
    hidden = torch.relu((hidden_weight - 0.04 * hidden_weight.grad) @ given)
    print(f"after a step: {(output_weight - 0.04 * output_weight.grad) @ hidden:.2f}")

# %% [markdown] id="by-autograd-reading" slide="notes"
# One step at a rate of 0.04 brings the output from 6 to 4.89, where 5 is wanted.

# %% [markdown] id="training-process" slide="slide"
# With that, training goes round the same circle as all of this lesson:
#
# - **guess**: random weights; the *forward* pass computes the outputs,
# - **error**: the loss says how wrong they are,
# - **modify**: the *backward* pass computes all derivatives, and a step follows them,
# - **repeat**.
#
# Here it goes round on the four clouds of XOR:

# %% id="train-mlp" slide="slide"
torch.manual_seed(0)
mlp = models.MLP(2, 8, 1)  # two inputs, eight hidden neurons, one output
optimizer = torch.optim.SGD(mlp.parameters(), lr=0.5)
for step in range(301):
    sums = mlp(x)[:, 0]  # guess: the forward pass
    loss = F.binary_cross_entropy_with_logits(sums, labels.float())  # error
    optimizer.zero_grad()
    loss.backward()  # all derivatives: the backward pass
    if step % 100 == 0:
        print(f"step {step:3}: loss {loss:.2f}, wrong {((sums > 0) != (labels > 0)).sum()} of 80")
    optimizer.step()  # modify

# %% [markdown] id="regions-intro" slide="slide"
# After a hundred steps no point is wrong. Below, logistic regression as it was trained, the best that
# one line can do, and the MLP. Look at the shape of each border.

# %% id="xor-regions"
one_line = descent.logistic_regression(x, labels, steps=300)
figures.regions(
    {
        "one line, trained": (x, labels, one_line.decide()),
        "one line, the best": (x, labels, lambda p: p.sum(dim=1) - 0.5),
        "MLP, 8 hidden neurons": (x, labels, lambda p: mlp(p)[:, 0]),
    },
    says="one line cannot separate opposite corners; the MLP draws two borders and calls "
    "the band between them 1.",
)

# %% [markdown] id="regions-reading"
# No line does it. The best one still loses a corner, 20 of 80. Training does not even find that one:
# its loss prefers to be unsure about all points to being surely wrong about one corner. So its
# weights stay near 0, and 39 are wrong.
#
# The MLP draws two borders and calls the band between them 1: all 80 are right.

# %% [markdown] id="board-intro"
# ## Does your detector survive?
#
# A picture is a row of numbers too. Give the neuron one weight for each of the 13×13 pixels, and a
# bias. It learns from noisy copies: of an X, with the label 1, and of a plus, an O, a triangle and a
# diagonal, with the label 0. Six pixels of each copy are turned.

# %% id="board-copies" slide="skip"
drawings = board()
xs = copies(drawings["X"], 80, noise=6, seed=0)
names = ("plus", "O", "triangle", "diagonal")
others = [copies(drawings[name], 20, noise=6, seed=n) for n, name in enumerate(names, start=1)]
pictures = torch.cat([xs, *others]).flatten(1)  # (160, 169): a row for each picture
pictures = F.pad(pictures, (0, 1), value=1.0)  # (160, 170): and the bias's 1
labels = [1] * 80 + [0] * 80

# %% [markdown] id="board-learning" slide="slide"
# Your `perceptron_update` goes over them in a mixed order, twenty times. Now look at the weights that
# it leaves. From here on purple is positive and orange negative. One of the two strokes of the X is
# missing.

# %% id="board-training" slide="skip"
order = torch.randperm(160, generator=torch.Generator().manual_seed(0)).tolist()
weight = torch.zeros(170)
for place in 20 * order:
    weight = perceptron_update(weight, pictures[place], labels[place], 1.0)
shown = {"a noisy X": (1 - xs[0]) / 2, "a noisy O": (1 - others[1][0]) / 2}  # 0 is black
shown["the weights"] = weight[:169].reshape(13, 13)

# %% id="board-weights"
says = "two noisy copies, and the weights: purple along the stroke that rises, not the other."
figures.pictures(shown, signed=["the weights"], says=says).by(perceptron_update)

# %% [markdown] id="board-weights-reading" slide="notes"
# The stroke that falls tells this neuron nothing: the diagonal, which is no X, has it too. So the
# weights lean on the stroke that rises. Training finds what separates its examples, and no more.


# %% id="board-neuron" slide="skip"
def sees_x(picture):
    """Return whether the sum over all pixels of the picture is above 0."""
    return weighted_sum(picture.flatten()[None], weight[:169], weight[169]) > 0


# %% [markdown] id="board-pad-intro" slide="skip"
# Draw an X of your own, or something that is nearly one.

# %% id="board-pad" slide="skip"
board_pad = Explorer(torch.zeros(13, 13), [[1.0]], hide=later)
board_pad

# %% [markdown] id="board-predict" slide="slide"
# Which of these will the neuron miss? Guess **A**, the noisy X; **B**, the shifted X; or **C**, the X
# drawn with a thick pen.

# %% id="guess-board"
guess("1.board", ...)

# %% id="board"
reveal("1.board")
figures.detector_board(
    {"lesson 1: one weight a pixel": sees_x},
    mine=board_pad.image,
    by=[perceptron_update, weighted_sum],
)

# %% [markdown] id="board-reading"
# Noise and a thick pen leave most of the ink under its weights. The shifted, the rotated and the
# deformed X put theirs under the wrong ones, and are missed. To the neuron a pixel is a place, not
# a part of a shape.
#
# What it lacks is a way to look for the same stroke everywhere.

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. A neuron is a weighted sum and an activation. Its weights turn the border, its bias moves it.
# 2. Rosenblatt's rule adds a missed point or takes it away. It stops where a line separates the
#    points, and only there.
# 3. On $x^2 - 6x + 1$ a step multiplies the error by $1 - 2\eta$: rates below 1 converge, 1 bounces,
#    more diverge. On every parabola the limit is 2 divided by the curvature.
# 4. The steeper the ground, the longer the step, so start and rate decide together where a descent
#    ends.
# 5. The gradient of the logistic loss is the mean of $(\hat y - y)\,\mathbf{x}$, and
#    `backward` finds it without being told.
# 6. One line gets at most three corners of XOR right; a hidden layer gets all four. The error comes
#    back to it through the weights by which it went forward.
#
# Next: a window that looks for the same stroke everywhere. Lesson 2.
