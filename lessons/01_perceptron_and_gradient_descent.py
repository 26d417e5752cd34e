# %% [markdown] id="title"
# # Perceptron and gradient descent
#
# Two kinds of point lie in a plane, and you see at once where one ends and the other begins.
# How does a machine find the line, if all it can do is to be wrong and change a few numbers?
#
# | | |
# |---|---|
# | Time | 70 minutes |
# | You need | a little Python, and what a derivative is |
# | Exercises | nine, where they belong |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. compute the output of a neuron by hand, and say what its bias is for;
# 2. correct a perceptron by Rosenblatt's rule, and say when it stops;
# 3. descend a function step by step, and predict which learning rates converge, bounce or diverge;
# 4. say why start and rate decide together in which valley a descent ends;
# 5. derive the gradient of the logistic loss, and let PyTorch take the same steps;
# 6. show what one line can never do, and what a hidden layer adds.

# %% id="imports"
import torch
from torch.nn import functional as F

from coursekit import descent, figures, models
from coursekit.examples import points
from coursekit.exercises import check, picture
from coursekit.explorer import sliders

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

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

# %% id="neuron-code"
inputs, weights = torch.tensor([2, -1, 0.5]), torch.tensor([1.5, 1, -2])
for bias in (-0.5, -1.0):
    total = (inputs * weights).sum() + bias
    print(f"bias {bias:4}: sum {total:4.1f}, output {int(total > 0)}")

# %% [markdown] id="activations" slide="slide"
# The output above is a *step*: 1 where the sum is above 0, else 0. It says only yes or no. A
# *sigmoid* says how surely, as a number between 0 and 1. With it, and with the bias written as
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

# %% [markdown] id="exercise-sum"
# ### Exercise 1.1: weigh and add
#
# Write the sum for a whole table of examples, one in each row.


# %% id="answer-sum"
def weighted_sum(x, weight, bias):
    """Return the weighted sum of each row's inputs, plus the bias.

    x: (N, D), one row for each example. weight: (D,). bias: a number. Returns (N,).
    With x [[1, 10], [2, 0]], weight [3, 1] and bias 5 the sums are [18, 11].
    """
    ### BEGIN SOLUTION
    products = x * weight
    return products.sum(dim=1) + bias
    ### END SOLUTION


# %% id="check-sum"
check("1.1", weighted_sum)

# %% [markdown] id="bias"
# ## Do you need the bias?
#
# With two inputs, all points whose sum is 0 lie on a line, and the neuron says 1 on one side of
# it. Without a bias the sum at the origin is 0 whatever the weights are, so every such line runs
# through the origin.
#
# The same two clouds stand below twice, the second time moved to the upper right. Lay a ruler
# through the cross at (0, 0): can it separate them?

# %% id="two-clouds"
centred, labels = points.two_clouds()
shifted, _ = points.two_clouds(shift=2)
figures.regions(
    {"around the origin": (centred, labels, None), "shifted": (shifted, labels, None)},
    says="two clouds on either side of the origin; moved to the upper right, one of them "
    "surrounds the origin.",
)

# %% [markdown] id="bias-fit" slide="slide"
# Now the lines that training finds; how it finds them is the rest of the lesson. Wrong points
# are ringed, and the dotted side is where the neuron says 1.

# %% id="bias-lines"
panels = {}
for name, x, bias in (
    ("around the origin, no bias", centred, False),
    ("shifted, no bias", shifted, False),
    ("shifted, with a bias", shifted, True),
):
    trained = descent.logistic_regression(x, labels, steps=300, bias=bias)
    panels[name] = (x, labels, trained.decide())
figures.regions(panels, says="the line through the origin fails once the clouds have moved.")

# %% [markdown] id="bias-reading" slide="notes"
# Around the origin no bias is needed. Once the clouds have moved, the line through the
# origin that training finds gets 16 of 60 wrong, and a bias makes it 0 again. The weights turn the line; only the
# bias can move it away from the origin.

# %% [markdown] id="rosenblatt"
# ## Learn from mistakes
#
# Rosenblatt's rule of 1958 looks at one point at a time. Where the output is right, nothing
# changes. Where it is wrong, the weights move by the point itself, towards it or away from it:
#
# $$\mathbf{w} \leftarrow \mathbf{w} + \eta\,(y - o)\,\mathbf{x}$$
#
# Here $y$ is the label and $o$ the output, both 0 or 1, and $\eta$, the learning rate, says how far
# to move. To learn the bias alike, append a constant 1 to every point.

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

# %% [markdown] id="exercise-update"
# ### Exercise 1.2: learn from one mistake


# %% id="answer-update"
def perceptron_update(weight, x, label, rate):
    """Return the weights after Rosenblatt's rule has seen one point.

    weight, x: (D,), where x ends in the constant 1 of the bias. label: 0 or 1. Returns (D,).
    With weight [0, 0], x [4, 1], label 1 and rate 0.5 the sum 0 is not above 0: the answer is [2, 0.5].
    """
    ### BEGIN SOLUTION
    says_one = float(weight @ x > 0)
    return weight + rate * (label - says_one) * x
    ### END SOLUTION


# %% id="check-update"
check("1.2", perceptron_update)

# %% [markdown] id="perceptron-run" slide="slide"
# On the shifted clouds, watch the number of wrong points after each correction. Does it fall
# steadily?

# %% id="perceptron-mistakes"
corrected = descent.perceptron(shifted, labels)
wrong = [
    descent.mistakes(shifted.double(), labels, *corrected.at(moment))
    for moment in range(len(corrected))
]
print("wrong at the start:   ", wrong[0])
print("after each correction:", *wrong[1:])

# %% [markdown] id="perceptron-reading"
# It does not. After four corrections one point is wrong, after eight there are thirty: each
# correction serves one point and forgets the others. Where some line separates the clouds the
# rule is proven to end. Where none does, it goes on for ever.
#
# A better learner needs to know how wrong it is, and in which direction less wrong lies.

# %% [markdown] id="descent"
# ## Downhill, one number at a time
#
# Training is a search for the lowest point of an error landscape. Begin with a landscape of one
# number, $f(x) = x^2 - 6x + 1$.
#
# 1. Start somewhere, often at random.
# 2. Take the derivative: it says which way is up, and how steeply.
# 3. Go the other way, by the learning rate times the derivative.
# 4. Repeat.

# %% [markdown] id="exercise-derivative"
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

# %% [markdown] id="descent-predict" slide="slide"
# Start at 18, where the slope is 30. With a rate of 0.05 the first step is 0.05 · 30 = 1.5 to the
# left. Will the second step be longer or shorter?


# %% id="parabola"
def parabola(x):
    return x**2 - 6 * x + 1


def slope(x):
    return 2 * x - 6


# %% id="descent-loop"
x = 18
for step in range(1000):
    if step < 4:
        print(f"step {step}: x = {x:.4f}, slope {slope(x):.4f}")
    x = x - 0.05 * slope(x)
print(f"after 1000 steps: x = {x:.4f}")

# %% [markdown] id="descent-reading" slide="slide"
# Shorter: 1.5, then 1.35, then 1.215. The slope fades as the ground gets flatter, and the steps
# with it. After 1000 steps $x$ is 3, where the slope is 0.
#
# The next picture moves. Watch the tangent tilt back as the star comes down.


# %% id="descent-moves"
path = descent.descend(slope, 18, rate=0.05, steps=29)
says = "a star steps down a parabola from 18 to 3.71 in 29 ever shorter steps."
moving = figures.descent_animation(parabola, path, between=(-14, 20), says=says)
moving

# %% [markdown] id="descent-still" slide="slide"
# Six of its frames, for paper:

# %% id="descent-filmstrip"
moving.filmstrip([0, 1, 2, 5, 10, 29])

# %% [markdown] id="exercise-step"
# ### Exercise 1.4: one step downhill


# %% id="answer-step"
def descent_step(x, rate):
    """Return where one step of gradient descent on x² - 6x + 1 leads from x.

    x: a number. rate: the learning rate. Returns a number.
    From 13 with rate 0.25 it leads to 8.
    """
    ### BEGIN SOLUTION
    uphill = 2 * x - 6
    return x - rate * uphill
    ### END SOLUTION


# %% id="check-step"
check("1.4", descent_step)

# %% [markdown] id="rates"
# ## How long may a step be?
#
# Four rates: 0.05, 0.3, 1.0 and 1.1. One of them creeps, one is quick, one bounces to and fro for
# ever, and one runs away. Which is which? Write your guess down; the exercise asks about the
# third.

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

# %% [markdown] id="four-rates-intro" slide="slide"
# Now all four. Each path begins at the black square; a star marks the place after 100 steps
# (rate 1.1 has left the picture; at 1.0 the star covers the square).

# %% id="four-rates"
rates = (0.05, 0.3, 1.0, 1.1)
paths = {f"rate {rate}": descent.descend(slope, 18, rate=rate, steps=100) for rate in rates}
figures.descents(parabola, paths, between=(-24, 30))

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
# On a logarithmic scale, multiplying again and again by the same number draws a straight line.
# Which line falls fastest, and which does not fall?

# %% id="error-figure"
figures.errors(paths, target=3)

# %% [markdown] id="factors-reading"
# At 0.05 a step keeps nine tenths of the error, at 0.3 two fifths. At 1.0 the error changes its
# sign and nothing else. At 1.1 it grows by a fifth each time. A rate of 0.5 would be perfect: the
# factor is 0, and one step arrives.

# %% [markdown] id="random-starts" slide="slide"
# Nothing in the formula asks where the descent began. On a single valley the start does not
# matter, so it may as well be random:

# %% id="any-start"
for start in torch.empty(4).uniform_(-14, 20).tolist():
    end = descent.descend(slope, start, rate=0.3, steps=100)[-1]
    print(f"from {start:6.2f} to {end:.2f}")

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
# Two rates and two starts make four runs. Predict each: deep, shallow, neither?

# %% id="four-ways"
runs = {
    f"rate {rate}, start {name}": descent.descend(
        descent.two_valleys_slope, start, rate=rate, steps=400
    )
    for rate in (0.1, 0.3)
    for name, start in (("−0.5", -0.5), ("−2", -2.0))
}

# %% [markdown] id="four-runs-intro" slide="slide"
# Square to star again; each title says how the run ends.

# %% id="four-runs"
figures.descents(descent.two_valleys, runs, between=(-2.1, 2.1), columns=2)

# %% [markdown] id="valleys-reading" slide="notes"
# Four runs, four ends. From −0.5 a small rate settles in the deep valley, the global minimum. From
# −2 the wall is so steep that the first step flies over the deep valley and the run settles in the
# shallow one, a local minimum.
#
# With a rate of 0.3 the first run visits the same four places for ever, between −1.20 and −0.61,
# and the second leaves the picture at once. On steep ground the step is long, so start and rate
# decide together.

# %% [markdown] id="sliders-intro" slide="slide"
# The second derivative is called the *curvature*. The first parabola has curvature 2 and the limit
# 1: the limit is 2 divided by the curvature. At the bottom of the deep valley the curvature is 8.6.
# Which is the largest rate that settles from −0.5? Predict, then move the slider.
#
# Below is one of the four runs, and under it two sliders that redraw it. With the rate at 0.1, from
# where on the left wall does a run miss the deep valley?
#
# Without a running kernel the sliders stay hidden, and the figure above them is all there is.

# %% id="valley-figure"
sliders.valley_figure(rate=0.1, start=-2)

# %% id="valley-sliders"
sliders.valley_sliders()

# %% [markdown] id="sliders-reading" slide="fragment"
# 2 / 8.6 is 0.233, and so 0.23 settles and 0.24 does not. At rate 0.1, runs that start at −1.9 or
# further left miss the deep valley.

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
# Seen alone, $w_1$ converges below a rate of 2 and $w_2$ below 0.2. One rate has to serve both.


# %% id="bowl"
curvature = torch.tensor([1.0, 10.0], dtype=torch.float64)


def bowl(w):
    return (curvature * w**2).sum(dim=-1) / 2


def bowl_gradient(w):
    return curvature * w


# %% [markdown] id="contours-predict" slide="slide"
# Each line below joins places of equal loss; the star is the minimum. Three rates start at the
# same square. Which of the two weights will go wrong first?

# %% id="contours"
start = torch.tensor([-9.0, 4.0])
paths = {
    f"{name}: rate {rate}": descent.descend(bowl_gradient, start, rate=rate, steps=25)
    for name, rate in (("slow", 0.01), ("good", 0.17), ("divergent", 0.205))
}
figures.loss_contours(bowl, paths)

# %% [markdown] id="contours-reading" slide="notes"
# The steepest direction sets the limit, 2 / 10. Just below it the path zigzags across the valley
# while it moves along. Above it $w_2$ grows at each step, though $w_1$ would still converge. Inputs
# on the same scale make the valley round; that is one reason why images are scaled before training.

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

# %% [markdown] id="logistic-gradient" slide="slide"
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

# %% [markdown] id="exercise-gradient"
# ### Exercise 1.8: the gradient of the logistic loss


# %% id="answer-gradient"
def logistic_gradient(x, labels, weight):
    """Return the derivative of the mean logistic loss with respect to each weight.

    x: (N, D), where each row ends in the constant 1 of the bias. labels: (N,). weight: (D,).
    Returns (D,). With x [[6, 1]], labels [0] and weight [0, 0] it is [3, 0.5].
    """
    ### BEGIN SOLUTION
    surprises = torch.sigmoid(x @ weight) - labels
    return (surprises[:, None] * x).mean(dim=0)
    ### END SOLUTION


# %% id="check-gradient"
check("1.8", logistic_gradient)

# %% [markdown] id="moments" slide="slide"
# Here are both learners at four moments of their training, on the shifted clouds. Compare how
# their lines travel.

# %% id="boundary-moments"
logistic = descent.logistic_regression(shifted, labels, rate=1.0, steps=1000)
moments = {
    f"perceptron, correction {t}": (shifted, labels, corrected.decide(t)) for t in (1, 4, 8, 16)
} | {f"logistic, step {t}": (shifted, labels, logistic.decide(t)) for t in (1, 3, 10, 1000)}
figures.regions(
    moments, says="the perceptron's line leaps about, the logistic line glides.", columns=4
)

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

# %% [markdown] id="agree-intro" slide="slide"
# Both arrive at 3, as our loop did. And logistic regression? A linear layer with two inputs, trained on
# PyTorch's own loss, must take exactly the same steps.

# %% id="agree-with-torch"
layer = torch.nn.Linear(2, 1, dtype=torch.float64)
torch.nn.init.zeros_(layer.weight), torch.nn.init.zeros_(layer.bias)
optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
for _ in range(1000):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(layer(shifted.double())[:, 0], labels.double()).backward()
    optimizer.step()
weight, bias = logistic.at(-1)
print("weights agree:", torch.allclose(layer.weight[0], weight))
print("biases agree: ", torch.allclose(layer.bias[0], bias))

# %% [markdown] id="agree-reading" slide="notes"
# They do: after a thousand steps the weights are the same. From here on
# PyTorch does the differentiating.

# %% [markdown] id="xor"
# ## What one line cannot do
#
# Four corners of a square; the label is 1 where exactly one coordinate is 1. This is XOR. Try a
# ruler before you answer.

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

# %% [markdown] id="training-process" slide="slide"
# In the corner (1, 1) both hidden neurons fire, and the second takes back what the first gives.
# To find such weights, training goes round the same circle as all of this lesson:
#
# - **guess**: random weights; the *forward* pass computes the outputs,
# - **error**: the loss says how wrong they are,
# - **modify**: the *backward* pass computes all derivatives, and a step follows them,
# - **repeat**.

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
# No line does it. Trained, it gets 39 of 80 wrong, hardly better than a coin; the best line still
# loses a corner, 20 of 80. The MLP draws two borders and calls the band between them 1: all 80 are
# right.

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. A neuron is a weighted sum and an activation. Its weights turn the border, its bias moves it.
# 2. Rosenblatt's rule adds a missed point or takes it away. It stops where a line separates the
#    points, and only there.
# 3. On $x^2 - 6x + 1$ a step multiplies the error by $1 - 2\eta$: rates below 1 converge, 1 bounces,
#    more diverge. In general the limit is 2 divided by the curvature.
# 4. The steeper the ground, the longer the step, so start and rate decide together where a descent
#    ends.
# 5. The gradient of the logistic loss is the mean of $(\hat y - y)\,\mathbf{x}$, and
#    `backward` finds it without being told.
# 6. One line gets at most three corners of XOR right; a hidden layer gets all four.
#
# Next: what to do with inputs that are pictures. Lesson 2.
