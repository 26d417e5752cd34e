# %% [markdown] id="title"
# # LeNet on Fashion-MNIST
#
# A network of 61,706 parameters, whose forerunner read cheques in the nineties, tells shirts from shoes
# after seconds of training on a laptop. Trained as a well-known book trains it, the same network knows
# nothing after its first pass over 60,000 images. Why?
#
# | | |
# |---|---|
# | Time | 75 minutes, and the open challenge, 6.10, for another day |
# | You need | lessons 1 to 5 |
# | Exercises | eleven, where they belong |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. turn logits into probabilities and a loss that stay numbers, whatever the size of the logits;
# 2. write a whole training program: data set, loader, loop, weights in a file;
# 3. build LeNet from its table of shapes and parameters;
# 4. explain from the gradients of its layers why a network sits still, and mend it;
# 5. say what the optimiser, its rate and the batch size do, and what each does when it is wrong;
# 6. recognise overfitting, stop in time, and judge a remedy by seeds and spread;
# 7. read a confusion matrix, look inside the network, and use it on a picture of your own;
# 8. ask a network in the right mode, and say how two machines train one.

# %% id="imports"
import tempfile
import textwrap
from pathlib import Path
from statistics import median

import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset, TensorDataset

from coursekit import data, figures, models, studies, training
from coursekit.book import load_book
from coursekit.data.garment import garment_photo
from coursekit.examples import detectors, strokes
from coursekit.exercises import check, guess, own, reveal, warm_up
from coursekit.exercises.lesson6.confusion import SHOWN
from coursekit.explorer import Explorer
from coursekit.studies import book_lenet, panel, regularisation

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="warm-up-intro" slide="skip"
# Three questions on earlier lessons, one minute each. Put your answers in place of the dots, and run
# the cell again.

# %% id="warm-up" slide="skip"
warm_up(6, ..., ..., ...)

# %% [markdown] id="data"
# ## Ten kinds of garment
#
# Fashion-MNIST holds photographs of garments, 28×28 pixels, gray, in ten classes. Where the data
# set is on your machine or can be downloaded, the lesson uses it. Otherwise it uses a stand-in that
# was drawn for this course. The title over the garments says which.

# %% id="load" slide="skip" tags=["nbval-ignore-output"]
train_set, test_set = data.fashion_mnist("train"), data.fashion_mnist("test")
print(textwrap.fill(str(train_set), 90))
print(f"and {len(test_set):,} to test with")

# %% [markdown] id="sheet-intro"
# Look for two classes that you would confuse yourself.

# %% id="sheet"
figures.class_sheet(train_set)

# %% [markdown] id="sheet-reading" slide="fragment"
# T-shirt, pullover, coat and shirt share one outline: two sleeves and a trunk. Expect the network
# to confuse them too. Sandals, sneakers and boots make a second family.

# %% [markdown] id="hold-out"
# ## Three sets, and what goes in
#
# While you try things out, you want to know how well they do on images that the network has not learned.
# If the test set answered, you would choose what suits it, and its score would flatter you. So a
# tenth of the training set is held out, the *validation* set, and all choices are made by it.
#
# The test set gives one score, at the end; after that we look at its images and choose nothing more.

# %% [markdown] id="scaling" slide="skip"
# A pixel is a byte, 0 black to 255 white. Networks learn best from numbers around zero: subtract
# the mean of all training pixels, and divide by their standard deviation.

# %% id="batch"
learned, held_out = train_set.split(0.1)
train, validation, test = (part.tensors() for part in (learned, held_out, test_set))
inputs, labels = train
print(f"held out: {len(held_out) / len(train_set):.0%} of the training set")
print("one batch of four:", tuple(inputs[:4].shape), inputs.dtype, "labels:", labels.dtype)
print("smallest and largest input:", f"{inputs.min():.3f}, {inputs.max():.3f}")

# %% [markdown] id="batch-reading"
# A batch is (N, C, H, W): images, channels, height, width. Labels are integers from 0 to 9.

# %% [markdown] id="logits"
# ## From logits to probabilities
#
# A classifier's last layer gives ten numbers for each image, the **logits**. Any numbers will do;
# the class with the largest is the network's answer. Softmax makes them positive and lets them add up
# to 1:
#
# $$\text{softmax}(y)_i = \frac{e^{y_i}}{\sum_j e^{y_j}}$$
#
# Below, the second row is the first plus 1000. What does the formula, typed in as it stands, give for
# the second row? **A** the same as for the first, **B** zeros, **C** nan

# %% id="guess-shifted"
guess("6.shifted", ...)

# %% id="naive-softmax"
reveal("6.shifted")
logits = torch.tensor([[0.0, 1.0, 2.0], [1000.0, 1001.0, 1002.0]])
powers = logits.exp()
shares = powers / powers.sum(dim=1, keepdim=True)
print("the formula:", shares, "PyTorch:", logits.softmax(dim=1), sep="\n")

# %% [markdown] id="naive-reading" slide="notes"
# Adding the same number to all logits multiplies every power by the same factor, which cancels. So
# PyTorch gives both rows the same probabilities. A factor that cancels may be chosen freely.

# %% [markdown] id="exercise-softmax"
# ### Exercise 6.1: softmax, stable


# %% id="answer-softmax"
def softmax(logits):
    """Return the probabilities of the classes, row by row, whatever the size of the logits.

    logits: (N, classes). Returns (N, classes); each row adds up to 1.
    Both [[0, 0]] and [[1000, 1000]] give [[0.5, 0.5]].
    """
    ### BEGIN SOLUTION
    row_maximum = logits.max(dim=1, keepdim=True).values
    shifted = (logits - row_maximum).exp()
    return shifted / shifted.sum(dim=1, keepdim=True)
    ### END SOLUTION


# %% id="check-softmax"
check("6.1", softmax)

# %% [markdown] id="loss"
# ## The loss: how surprising is the truth?
#
# The **cross-entropy** of an image is $-\log p$ of its true class: 0 where the network was certain and
# right, large where it was certain and wrong. In PyTorch it is two steps, log-softmax, and then the
# negative log-likelihood (NLL), which picks the true class's number. Two images, three classes:

# %% id="loss-steps"
softmax = own("6.1", softmax)
logits, truth = torch.tensor([[2.0, 0.0, 0.0], [0.0, 200.0, 0.0]]), torch.tensor([0, 2])
log_probabilities = F.log_softmax(logits, dim=1)
print("log-softmax, then NLL:", f"{F.nll_loss(log_probabilities, truth):.4f}")
print("cross-entropy:        ", f"{F.cross_entropy(logits, truth):.4f}")
print("log of a softmax:     ", f"{-softmax(logits).log()[[0, 1], truth].mean():.4f}")

# %% [markdown] id="loss-reading" slide="slide"
# The second image's true class has a probability of $e^{-200}$. Its logarithm is −200, and as a
# float32 the probability is 0. So the loss wants **logits in**, and a last layer with a softmax is a
# mistake. Which loss do ten perfect probabilities reach, when they are taken for logits?
#
# **A** 0, **B** about 1.5, **C** 2.3, as for a network that knows nothing

# %% id="guess-perfect"
guess("6.perfect", ...)

# %% id="softmax-twice"
reveal("6.perfect")
perfect = torch.eye(10)
twice = F.cross_entropy(perfect, torch.arange(10))
print(f"perfect probabilities, handed over as logits: {twice:.4f}")
print(f"a network that knows nothing:                 {torch.tensor(10.0).log():.4f}")

# %% [markdown] id="twice-reading" slide="notes"
# 1.46 and never less: such a network learns slowly and looks worse than it is. No error says so.

# %% [markdown] id="exercise-loss"
# ### Exercise 6.2: cross-entropy from logits
#
# Logits in, one number out, with `exp`, `sum` and `log`. (`F.cross_entropy` would pass the check, and
# teach you nothing.)


# %% id="answer-loss"
def cross_entropy(logits, labels):
    """Return the mean of -log(probability of the true class), one number.

    logits: (N, classes), of any size. labels: (N,) int64.
    Ten equal logits give log(10) = 2.3026, whatever the label.
    """
    ### BEGIN SOLUTION
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_shares = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_shares[torch.arange(len(labels)), labels].mean()
    ### END SOLUTION


# %% id="check-loss"
check("6.2", cross_entropy)

# %% [markdown] id="loss-layer-intro" slide="skip"
# In many programs the loss is a layer, `nn.CrossEntropyLoss()`. Yours beside it, on 64 images with
# logits drawn at random, with its gradient:

# %% id="loss-layer" slide="skip"
cross_entropy = own("6.2", cross_entropy)
logits, truth = 5 * torch.randn(64, 10), torch.randint(10, (64,))
for name, loss_of in (
    ("nn.CrossEntropyLoss", nn.CrossEntropyLoss()),
    ("cross_entropy", cross_entropy),
):
    leaf = logits.clone().requires_grad_()
    loss_of(leaf, truth).backward()
    print(f"{name:20} {loss_of(logits, truth):.4f}, steepest slope {leaf.grad.abs().max():.4f}")

# %% [markdown] id="loss-mse" slide="skip"
# Where a network is to give a number, such as a price, the loss is `nn.MSELoss`, the mean of the squared
# differences. Classes have no such distance: a shirt is not nearer to a coat because 6 is nearer to 4.

# %% [markdown] id="three-steps"
# ## Forget, compute, move
#
# Training repeats three steps. `optimizer.zero_grad()` forgets the old gradients,
# `loss.backward()` computes the new ones, and `optimizer.step()` moves each parameter a little
# against its gradient.
#
# Why is there anything to forget? The derivative of $3w$ is 3, wherever you ask. What stands in `w.grad`
# after three calls of `backward`?

# %% id="guess-added"
guess("6.added", ...)

# %% id="gradients-add-up"
reveal("6.added")
w = torch.tensor(1.0, requires_grad=True)
for call in (1, 2, 3):
    (3 * w).backward()
    print(f"after call {call} of backward, w.grad is {w.grad:g}")

# %% [markdown] id="adds-up-reading" slide="notes"
# `backward` **adds** to what is there. That is of use where a batch does not fit in memory and comes
# in pieces. Elsewhere, a loop without `zero_grad` steps along the sum of all gradients so far.

# %% [markdown] id="exercise-train"
# ### Exercise 6.3: three steps, again and again
#
# Write a whole training, of a network that is one matrix: `x @ weight` gives the logits. You may use
# `torch.optim.SGD`, or do its one line by hand.
#
# Even the gradient can be had by hand: $-\log p_t = \log\sum_j e^{y_j} - y_t$ for the true class $t$, and
# its derivative for $y_i$ is $p_i$, minus 1 where $i$ is $t$: probability minus truth.


# %% id="answer-train"
def train_linear(weight, x, labels, rate, steps):
    """Return the weight after `steps` steps of SGD on the mean cross-entropy of x @ weight.

    weight: (D, classes), left as it is. x: (N, D), all of it in each step. labels: (N,) int64.
    From weight [[0, 0]], x [[1]], labels [0] and rate 1, one step leads to [[0.5, -0.5]].
    """
    ### BEGIN SOLUTION
    moved = weight.clone().requires_grad_()
    sgd = torch.optim.SGD([moved], lr=rate)
    for _ in range(steps):
        loss = F.cross_entropy(x @ moved, labels)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return moved.detach()
    ### END SOLUTION


# %% id="check-train"
check("6.3", train_linear)

# %% [markdown] id="exercise-accuracy" slide="skip"
# ### Exercise 6.4: accuracy
#
# The loss is what is minimised, because it has a slope everywhere. What we want to know is the
# accuracy: the share of images whose largest logit stands in the place of the true class.


# %% id="answer-accuracy" slide="skip"
def accuracy(logits, labels):
    """Return the share of rows whose largest logit is at the label: a number from 0 to 1.

    logits: (N, classes). labels: (N,) int64.
    accuracy of [[2, 1], [0, 3]] with labels [0, 0] is 0.5.
    """
    ### BEGIN SOLUTION
    called = logits.argmax(dim=1)
    return (called == labels).float().mean()
    ### END SOLUTION


# %% id="check-accuracy" slide="skip"
check("6.4", accuracy)

# %% [markdown] id="loader"
# ## Batches from a loader
#
# Large sets stay on the disk, and come in batches. In PyTorch that takes two objects. A `Dataset` says
# how many examples there are and hands out one; a `DataLoader` shuffles them and stacks batches. Here
# is a data set of your own, over 2,000 images:


# %% id="dataset"
class Garments(Dataset):
    def __init__(self, image_set):
        self.images, self.labels = image_set.images, image_set.labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, place):
        return data.normalise(self.images[place]), self.labels[place]


few = learned.head(2000)
loader = DataLoader(Garments(few), batch_size=64, shuffle=True)

# %% [markdown] id="loader-question" slide="slide"
# One pass over all images is an **epoch**. How many batches, and so how many steps, does it have here?

# %% id="guess-steps"
guess("6.steps", ...)

# %% id="loader-asked"
reveal("6.steps")
x, y = next(iter(loader))
print(f"{len(loader)} batches; one has", tuple(x.shape), x.dtype, tuple(y.shape), y.dtype)

# %% [markdown] id="linear-first" slide="slide"
# That is enough for a first program: the loader's batches, your training for one step on each, your
# accuracy on images held out. (*here* stands behind a number that may differ a little on another
# machine.)
#
# Beside it, the same matrix after as many steps in which all 2,000 images are used each time, 32 times
# the work:

# %% id="linear-trained"
train_linear = own("6.3", train_linear)
accuracy = own("6.4", accuracy)
torch.manual_seed(0)
matrix = torch.zeros(28 * 28, 10)
for x, y in loader:
    matrix = train_linear(matrix, x.flatten(1), y, rate=0.05, steps=1)
x, y = few.tensors()
by_all = train_linear(torch.zeros(28 * 28, 10), x.flatten(1), y, rate=0.05, steps=len(loader))
x, y = validation
training.measured("in batches of 64", accuracy(x.flatten(1) @ matrix, y), above=0.6)
training.measured("all in each step", accuracy(x.flatten(1) @ by_all, y), above=0.6)

# %% [markdown] id="linear-reading"
# The batches get a little less, for a small part of the work: the gradient of 64 images is good enough
# to step along. And a single matrix gets this far, without any convolution.

# %% [markdown] id="lenet"
# ## LeNet, layer by layer
#
# Two convolutions of 5×5, each followed by a ReLU and a 2×2 max pooling, then three dense layers. The first
# convolution makes 6 maps and has a padding of 2; the second makes 16 and has none. How many numbers
# are left of an image of 28×28 when it reaches the first dense layer?

# %% id="guess-flat"
guess("6.flat", ...)

# %% id="lenet-picture" tags=["hide-input"]
reveal("6.flat")
figures.network_picture(models.LeNet(), inputs[:1])

# %% [markdown] id="shape-reading"
# Orange numbers count parameters. The dense layer behind the 400 numbers has 400·120 + 120 = 48,120, nearly
# eight in ten of them all.

# %% [markdown] id="shape-table-intro" slide="skip"
# Layer by layer, each shape with the number of images in front:

# %% id="shape-table" slide="skip" tags=["hide-input"]
print(f"{'layer':10} {'shape of its output':20} {'parameters':>10}")
for layer, shape, parameters in models.shape_table(models.LeNet(), inputs[:1]):
    print(f"{layer:10} {shape!s:20} {parameters:10,}")
print("in all", f"{models.count_parameters(models.LeNet()):,}")

# %% [markdown] id="exercise-lenet"
# ### Exercise 6.5: LeNet from its table
#
# Build it from the table above, as an `nn.Sequential` of twelve layers. The shapes and the numbers
# of parameters settle every kernel size and every padding.
#
# `check` compares those, so sigmoids would pass too. Take ReLU and max pooling all the same: what follows
# counts on them, and the sigmoids have their turn later.


# %% id="answer-lenet"
def lenet(num_classes):
    """Return LeNet, untrained, as the twelve layers of its table.

    It takes (N, 1, 28, 28), and gives (N, num_classes).
    lenet(10) has 61,706 parameters.
    """
    ### BEGIN SOLUTION
    features = [
        *(nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, kernel_size=5), nn.ReLU(), nn.MaxPool2d(2)),
    ]
    head = [nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU()]
    return nn.Sequential(*features, nn.Flatten(), *head, nn.Linear(84, num_classes))
    ### END SOLUTION


# %% id="check-lenet"
check("6.5", lenet)

# %% [markdown] id="loop"
# ## The program, written out
#
# Put your LeNet in place of the matrix, and leave the moving to an optimiser, since there are ten
# tensors to move now. The loader and your loss stay.

# %% id="own-lenet" slide="skip"
lenet = own("6.5", lenet)


# %% id="training-loop"
def train_one_epoch(model, loader, optimizer):
    model.train()
    losses = []
    for x, y in loader:
        loss = cross_entropy(model(x), y)
        optimizer.zero_grad()  # forget
        loss.backward()  # compute
        optimizer.step()  # move
        losses.append(loss.item())
    return losses


# %% id="program" tags=["hide-input"]
torch.manual_seed(0)
model = lenet(10)
optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
for epoch in range(3):
    losses = train_one_epoch(model, loader, optimizer)
    training.measured(f"epoch {epoch + 1}, mean loss", sum(losses) / len(losses), below=2.3)
few_held_out = held_out.head(400).tensors()
logits = training.predict(model, few_held_out[0])
training.measured("accuracy on images held out", accuracy(logits, few_held_out[1]), above=0.5)

# %% [markdown] id="save" slide="slide"
# What it has learned is gone when the kernel stops, unless you write it to a file. What is saved is the
# `state_dict`: tensors by name, no code. To load it, build the same network and fill it.
# `weights_only=True` refuses a file that holds more, since such a file can run code.

# %% id="save-load"
workplace = tempfile.TemporaryDirectory()  # gone when the kernel stops
folder = Path(workplace.name)
torch.save(model.state_dict(), folder / "lenet.pt")

again = lenet(10)
weights = torch.load(folder / "lenet.pt", weights_only=True)
again.load_state_dict(weights)
print(f"{len(weights)} tensors, {sum(tensor.numel() for tensor in weights.values()):,} numbers")
print("same answers:", torch.equal(training.predict(again, few_held_out[0]), logits))

# %% [markdown] id="save-reading" slide="notes"
# `load_state_dict` fails where names or shapes differ. `training.save` and `training.load` do the same, and
# besides leave no half-written file behind, and say in one sentence what does not fit.

# %% [markdown] id="optimisers"
# ## How far to move: four optimisers
#
# A step of SGD is rate × gradient. With **momentum** it keeps nine tenths of its last step and adds the new
# one. **RMSProp** divides each parameter's gradient by its usual size, so that parameters with small
# gradients move as well. **Adam** does both.
#
# Your LeNet, your loss, two epochs of each, the same weights and batches. Which ends with the largest
# loss? **A** SGD, **B** SGD with momentum, **C** RMSProp, **D** Adam

# %% id="guess-slowest"
guess("6.slowest", ...)

# %% id="optimiser-curves" tags=["hide-input"]
reveal("6.slowest")
optimisers = {
    "SGD": lambda weights: torch.optim.SGD(weights, lr=0.1),
    "SGD with momentum": lambda weights: torch.optim.SGD(weights, lr=0.05, momentum=0.9),
    "RMSProp": lambda weights: torch.optim.RMSprop(weights, lr=0.001),
    "Adam": lambda weights: torch.optim.Adam(weights, lr=0.002),
}
curves = {}
for name, optimiser_of in optimisers.items():
    torch.manual_seed(0)
    model = lenet(10)
    optimizer = optimiser_of(model.parameters())
    curves[name] = [loss for _ in range(2) for loss in train_one_epoch(model, loader, optimizer)]
figures.descending_losses(curves).by(lenet, cross_entropy)

# %% [markdown] id="optimisers-reading" slide="notes"
# SGD has barely begun when the others are well on their way. Given more epochs it gets there too. Each was
# run at a rate that suits it: 0.1 and 0.05 for the first two, 0.001 and 0.002 for the others, whose steps
# do not depend on the size of the gradient.

# %% [markdown] id="fit"
# ## The same loop, with comforts
#
# `training.fit` is your loop, and what every program needs besides. Line by line:
#
# | your program | inside `training.fit` |
# |---|---|
# | `model.train()` | `model.train()` |
# | `for x, y in loader:` | `for x, y in run.batches():` |
# | `loss = cross_entropy(model(x), y)` | `logits = run.network(run.augmented(x))` |
# | | `loss = run.loss(logits, y)` |
# | `optimizer.zero_grad()` | `run.optimizer.zero_grad()` |
# | `loss.backward()` | `loss.backward()` |
# | `optimizer.step()` | `run.optimizer.step()` |
# | | `run.schedule.step()` |
# | `losses.append(loss.item())` | `progress.count(loss, logits, y)` |

# %% [markdown] id="fit-comforts" slide="slide"
# Comforts: batches cut from one tensor in memory, which is faster than a loader; images changed at
# random; a rate for Adam that rises to `learning_rate` and falls to zero; a progress bar. Now your LeNet,
# on all training images, with curves that grow while you wait:

# %% id="fit-all"
torch.manual_seed(0)
model = lenet(10)
first_layer = model[0].weight.detach().clone()  # to compare with, later
live = figures.LiveCurves()
settings = {"num_epochs": 5, "batch_size": 256, "learning_rate": 0.01, "on_epoch": live}
history = training.fit(model, train, validation=validation, **settings)
live.last()

# %% [markdown] id="curves-reading"
# Training is scored while the epoch runs, validation after it, so validation looks better at first.
# Nothing is left to choose. So now, once, the test set:

# %% id="test-accuracy" tags=["hide-input"]
scores = training.evaluate(model, test)
training.measured("test accuracy", scores.accuracy, above=0.8, digits=3)

# %% [markdown] id="book"
# ## Why does the book's LeNet sit still?
#
# *Dive into Deep Learning* builds LeNet with sigmoids, average pooling and weights drawn by Xavier's
# rule, gives it pixels from 0 to 1, and trains it with SGD at 0.1. We change one thing at a time: 1,000
# images, three epochs, batches of 16.
#
# One of the three changes does nothing. Which? **A** max pooling, **B** Adam, **C** ReLU

# %% id="guess-nothing"
guess("6.nothing", ...)

# %% id="panel-live" tags=["hide-input"]
reveal("6.nothing")
quick = {"num_epochs": 3, "batch_size": 16, "seed": 0}
fewer = learned.head(1000)
small = fewer.tensors()
changed = ("the book's", "max pooling", "Adam", "ReLU")
curves = {
    name: [panel.curve(panel.CHANGES[name], small, few_held_out, **quick)] for name in changed
}
for name in changed[:2]:
    training.measured(f"{name:11} ends at", curves[name][0][-1], below=0.3)
for name in changed[2:]:
    training.measured(f"{name:11} ends at", curves[name][0][-1], above=0.3)
figures.against_first(curves)

# %% [markdown] id="gradients-intro" slide="slide"
# To see why, look at the gradient of the loss before the first step, layer by layer. A layer moves by
# rate × gradient. Follow the sigmoid network's line from the last layer to the first:

# %% id="gradients" tags=["shown"]
batch = inputs[:400], labels[:400]
shown = ("the book's", "inputs around 0", "max pooling", "weights times 4", "batch norm", "ReLU")
norms = {name: panel.gradient_norms(panel.CHANGES[name], *batch, seed=0) for name in shown}
figures.gradients_by_layer(norms)

# %% id="gradient-lines" slide="skip"
limits = {
    "the book's": {"below": 0.05},
    "weights times 4": {"above": 0.05},
    "ReLU": {"above": 0.05},
}
for name, limit in limits.items():
    share = norms[name]["conv 1"] / norms[name]["dense 3"]
    training.measured(
        f"{name:15} first layer's gradient, last one's being 1", share, digits=4, **limit
    )

# %% [markdown] id="gradients-reading" slide="fragment"
# A sigmoid's slope is at most 1/4. Going back through four of them, the gradient shrinks at each, to
# less than a hundredth at the first layer. The book's early layers hardly move, and while they do
# not, the late layers get nothing to tell images apart by: they learn how frequent the
# classes are, and no more.

# %% [markdown] id="gradients-mended" slide="slide"
# Four times the weights make up for the slope. ReLU's slope is 1 where it is not 0. Batch norm brings
# what reaches the sigmoid back to its steep part. Adam divides by the small gradient. A pooling does
# none of it.

# %% [markdown] id="panel-measured"
# Now with the book's data and batches: all 60,000 real images, five epochs, batches of 128, three
# seeds. `coursekit study panel` does it again.

# %% id="panel-study"
measured = studies.load("panel")
figures.against_first({name: row["curves"] for name, row in measured["rows"].items()})

# %% id="panel-table" slide="skip" tags=["hide-input"]
print("measured", studies.measured_on(measured))
print("mean accuracy after epoch  1      2      3      4      5")
for name, row in measured["rows"].items():
    after = [studies.mean_and_spread(values) for values in zip(*row["curves"], strict=True)][1:]
    means = "  ".join(f"{mean:.3f}" for mean, _ in after)
    print(f"{name:24} {means} ± {after[-1][1]:.3f}")

# %% [markdown] id="panel-reading"
# After ± stands the standard deviation over the seeds. The book's recipe is at chance after one
# epoch with every seed, after two with two seeds of three, and then it begins to learn: 0.632 after
# five.
#
# Max pooling changes nothing. Inputs around zero help, then batch norm, larger weights and Adam;
# ReLU alone helps most, 0.860. All but Adam together reach 0.892.

# %% [markdown] id="book-itself" slide="skip"
# Was it the book's network, or our copy? Here is its own class, trained by its own `Trainer`, on
# the same few images.

# %% id="book-lenet" slide="skip" tags=["hide-input", "nbval-ignore-output"]
book = load_book()
if book is not None:
    theirs = book_lenet.book_curve(book, small, few_held_out, **quick)
    print("d2l.LeNet by d2l.Trainer:", " ".join(f"{value:.2f}" for value in theirs))
    print("our copy of it:          ", " ".join(f"{v:.2f}" for v in curves["the book's"][0][1:]))

# %% [markdown] id="hyperparameters"
# ## What each setting does when it is wrong
#
# Rate, batch size and number of epochs are set by hand. Now they are wrong on purpose: one epoch of SGD
# on the 1,000 images, with your program, at five rates and then at four batch sizes.


# %% id="one-epoch" slide="skip"
def after_one_epoch(rate, batch_size):
    torch.manual_seed(1)
    model = lenet(10)
    batches = DataLoader(Garments(fewer), batch_size, shuffle=True)
    train_one_epoch(model, batches, torch.optim.SGD(model.parameters(), lr=rate))
    return training.evaluate(model, few_held_out).accuracy


# %% [markdown] id="batch-question"
# Which batch size ends highest, at a rate of 0.1? **A** 8, **B** 128, **C** 1,000

# %% id="guess-batch"
guess("6.batch", ...)

# %% id="wrong-settings" tags=["hide-input"]
reveal("6.batch")
by_rate = {rate: after_one_epoch(rate, 8) for rate in (0.0003, 0.01, 0.1, 0.3, 3.0)}
by_size = {1: after_one_epoch(0.1, 1), 8: by_rate[0.1]}
by_size |= {size: after_one_epoch(0.1, size) for size in (128, 1000)}
training.measured("rates 0.0003 and 3, the better", max(by_rate[0.0003], by_rate[3.0]), below=0.35)
training.measured("batches of 8 lead those of 128 by", by_size[8] - by_size[128], above=0)
figures.wrong_settings(by_rate, by_size).by(lenet, cross_entropy)

# %% [markdown] id="settings-reading" slide="notes"
# With too small a rate the network is on its way, and one epoch is not enough. With too large a rate it
# is lost: the first steps threw the weights too far, and more epochs would not help.
#
# A batch of one image steps along the gradient of that image alone, which at this rate is mostly noise. A
# batch of all 1,000 makes one good step.

# %% [markdown] id="settings-table" slide="skip"
# | | too small | too large |
# |---|---|---|
# | learning rate | the loss crawls: epochs are wasted | the loss leaps, and ends at chance or NaN |
# | batch size | many noisy steps: slow epochs | few steps in an epoch: more epochs needed |
# | epochs | both accuracies could still rise | training rises, validation does not: overfitting |

# %% [markdown] id="mlp"
# ## What do convolutions buy?
#
# A fully connected network of the same size, an MLP 784 → 77 → 10, has 61,225 parameters. It sees 784
# numbers and does not know which are neighbours. On all 60,000 real images, five epochs each, three
# seeds:

# %% id="mlp-measured" tags=["hide-input"]
networks = studies.load("networks")
for name in ("MLP of LeNet's size", "LeNet"):
    mean, spread = studies.mean_and_spread(networks["rows"][name]["test"])
    print(f"{name:20} test accuracy {mean:.3f} ± {spread:.3f}")

# %% [markdown] id="mlp-question" slide="slide"
# Garments are centred, so a pixel means nearly the same in each image, and even the MLP does well. Now
# move the images to the right by two pixels. Which falls further? **A** the MLP, **B** LeNet, **C** both
# as much

# %% id="guess-moved"
guess("6.moved", ...)

# %% id="shifted" tags=["hide-input"]
reveal("6.moved")
torch.manual_seed(0)
mlp = models.MLP(784, 77, 10)
training.fit(mlp, train, num_epochs=5, batch_size=256, learning_rate=0.01)
nets = {"the MLP": mlp, "LeNet": model}
for shift in (0, 1, 2, 3):
    moved = validation[0].roll(shift, dims=3), validation[1]
    for name, net in nets.items():
        reached = training.evaluate(net, moved).accuracy
        training.measured(f"{name:7} moved by {shift}", reached, above=0.1)

# %% [markdown] id="mlp-reading" slide="notes"
# On the drawn stand-in the MLP may be ahead as long as nothing moves: its garments are drawn from the same
# few outlines. Moved, it falls further. LeNet forgives a little and not everything: lesson 4 said why.

# %% [markdown] id="overfitting"
# ## Too few images
#
# With 250 images LeNet can learn them by heart. Train it for 25 epochs, and ask it after each
# about images that it has not seen. Watch where the two curves part.

# %% id="overfit" tags=["hide-input"]
handful = learned.head(250).tensors()
torch.manual_seed(0)
plain = lenet(10)
adam = torch.optim.Adam(plain.parameters(), lr=0.002)
by_heart = training.fit(
    plain, handful, validation=few_held_out, optimizer=adam, num_epochs=25, batch_size=25
)
unseen = [scores.accuracy for scores in by_heart.validation]
rise = by_heart.validation[-1].loss - min(scores.loss for scores in by_heart.validation)
training.measured(
    "training accuracy is above validation by", by_heart.accuracy[-1] - unseen[-1], above=0.05
)
training.measured("validation loss rises again by", rise, above=0.03)
figures.training_curves(by_heart)

# %% [markdown] id="overfit-reading"
# What is learned now is the images, not the garments. The validation loss turns first: the
# mistakes that are left are made with more and more certainty. Accuracy only stops rising.

# %% [markdown] id="exercise-stopping"
# ### Exercise 6.6: when to stop
#
# Early stopping watches the validation accuracy and ends the training when it has not risen for some
# epochs, the *patience*. It keeps the weights of the best epoch.


# %% id="answer-stopping"
def early_stopping(accuracies, patience):
    """Return (best, ran): the epoch whose weights are kept, and how many epochs were trained.

    accuracies: (E,), in percent, on the validation set after epochs 1, 2, 3 and so on.
    Training ends once `patience` epochs in a row were no better than the best before them, or
    after all E epochs. An equal accuracy is no better.
    For 70, 80, 79, 80, 90 and patience 2: (2, 4). Epoch 5 is never trained.
    """
    ### BEGIN SOLUTION
    best, ran = 1, 0
    for value in accuracies:
        ran += 1
        if value > accuracies[best - 1]:
            best = ran
        if ran - best == patience:
            break
    return torch.tensor([best, ran])
    ### END SOLUTION


# %% id="check-stopping"
check("6.6", early_stopping)

# %% id="stopping-applied" slide="skip" tags=["nbval-ignore-output"]
early_stopping = own("6.6", early_stopping)
best, ran = early_stopping(100 * torch.tensor(unseen), 5).tolist()
print(f"with patience 5 the 25 epochs above end after {ran}, with the weights of epoch {best}")

# %% [markdown] id="remedies"
# ## Which remedy helps?
#
# Dropout, batch norm, augmentation, weight decay, fewer parameters, another batch size, another
# optimiser, early stopping: each is said to help against overfitting. Measured, one change at a
# time, on 2,000 real images, forty epochs, five seeds, each with other images. (Four times the
# images get a quarter of the epochs: as many steps.)
#
# There are twelve such changes. How many of them gain more than their own spread over the five seeds?

# %% id="guess-remedies"
guess("6.remedies", ...)

# %% id="remedies-study"
reveal("6.remedies")
remedies = studies.load("regularisation")
on_test = {name: row["test"] for name, row in remedies["rows"].items()}
figures.measured(on_test, base=regularisation.BASE)

# %% id="remedies-table" slide="skip" tags=["hide-input"]
as_it_is = on_test[regularisation.BASE]
print(f"{'':28} training  test   gain, seed by seed  test loss")
for name, row in remedies["rows"].items():
    seen, new, loss = (studies.mean_and_spread(row[key])[0] for key in ("train", "test", "loss"))
    gains = [a - b for a, b in zip(row["test"], as_it_is, strict=True)]
    gain, spread = studies.mean_and_spread(gains)
    print(f"{name:28} {seen:.3f}     {new:.3f}  {gain:+.3f} ± {spread:.3f}      {loss:.2f}")

# %% [markdown] id="remedies-reading"
# More images gain 0.027, eight times the spread. Dropout gains 0.004 ± 0.003; batch norm's
# 0.006 ± 0.008 may be luck. Fewer parameters, batches of 256 and SGD with momentum *lose* 0.012 or
# 0.013, more than their spread. All else lies within it, augmentation too: forty epochs are few for
# it.

# %% [markdown] id="remedies-loss" slide="notes"
# The last column tells more: what gains no accuracy may still lower the loss, and with it the
# certainty of the mistakes. Early stopping needed 18 to 25 of the forty epochs for the same accuracy.

# %% [markdown] id="inside"
# ## What did it learn?
#
# Back to the LeNet that was trained on everything. Its first layer has six kernels of 5×5, drawn at
# random before training. Photographs were gray so far; kernels have signs, so purple is positive and
# orange negative. Look for the edge kernels that lesson 2 made by hand.

# %% id="kernels" tags=["shown"]
figures.first_kernels(first_layer, model[0].weight.detach())

# %% [markdown] id="kernels-reading" slide="notes"
# Some have grown an edge, purple beside orange, that nobody wrote. Others still look like the noise
# that they were drawn as: a few epochs move a kernel only as far as the loss asks for.

# %% [markdown] id="maps" slide="skip"
# One image, and what leaves each layer. Look for the last layer in which you still see the garment.

# %% id="feature-maps" slide="skip" tags=["hide-input"]
place = int((test[1] == 9).nonzero()[0])  # the first ankle boot
image = test[0][place : place + 1]
ends = {"convolution 1, ReLU": 2, "pooling 1": 3, "convolution 2, ReLU": 5, "pooling 2": 6}
with torch.no_grad():
    layers = [nn.Sequential(*list(model)[:end]) for end in ends.values()]
    maps = {name: part(image)[0] for name, part in zip(ends, layers, strict=True)}
figures.maps_by_layer(test_set.images[place, 0], maps)

# %% [markdown] id="maps-reading" slide="skip"
# Early maps say where an edge is. The last sixteen, of 5×5, say which kind of part stands roughly
# where: enough for a class, not for a picture.

# %% [markdown] id="mistakes"
# ## Where it goes wrong
#
# One number hides which classes fail. The confusion matrix counts, for each true class (row), how
# often it was called each class (column). A perfect network has counts on the diagonal only.

# %% id="confusion" tags=["nbval-ignore-output"]
logits = training.predict(model, test[0])
pairs = test_set.labels * 10 + logits.argmax(dim=1)
counts = pairs.bincount(minlength=100).reshape(10, 10)
figures.confusion_matrix(counts, test_set.classes)

# %% [markdown] id="family-reading"
# Most mistakes stay within the family of outlines that you saw at the start: garments with a trunk
# and two sleeves. Shoes are confused with shoes, and hardly ever with anything else.

# %% id="family-line" slide="skip" tags=["hide-input"]
upper = torch.tensor([0, 2, 3, 4, 6])  # T-shirt, pullover, dress, coat, shirt
mistakes = counts.clone().fill_diagonal_(0)
share = mistakes[upper][:, upper].sum() / mistakes.sum()
training.measured("share of all mistakes that are among upper garments", share, above=0.5)

# %% [markdown] id="worst" slide="skip"
# These are the mistakes of which the network was most certain.

# %% id="worst-mistakes" slide="skip"
figures.worst_mistakes(test_set, softmax(logits)).by(softmax)

# %% [markdown] id="worst-reading" slide="skip"
# A softmax of 0.9 is not a promise of being right nine times in ten: the loss rewarded certainty
# about images that the network could learn by heart, and asked nothing about new ones.

# %% [markdown] id="exercise-recall" slide="skip"
# ### Exercise 6.7: recall and precision
#
# Two questions about a class. How many of its images were found? And of the images that were called so,
# how many are of it?


# %% id="answer-recall" slide="skip"
def recall_and_precision(counts):
    """Return two rows: the recall of each class, and below it the precision of each class.

    counts: (C, C), how often each true class (row) was called each class (column).
    Recall: the share of the images of a class that were called so.
    Precision: the share of the images called so that are of the class.
    [[3, 1], [0, 4]] gives recalls 0.75 and 1, precisions 1 and 0.8.
    """
    ### BEGIN SOLUTION
    hits = counts.diagonal()
    return torch.stack([hits / counts.sum(dim=1), hits / counts.sum(dim=0)])
    ### END SOLUTION


# %% id="check-recall" slide="skip"
check("6.7", recall_and_precision)

# %% id="recall-applied" slide="skip" tags=["nbval-ignore-output"]
recall_and_precision = own("6.7", recall_and_precision)
recall, precision = recall_and_precision(counts)
for name, found, right in zip(test_set.classes, recall, precision, strict=True):
    print(f"{name:12} recall {found:.2f}, precision {right:.2f}")

# %% [markdown] id="exercise-box" slide="skip"
# ### Exercise 6.8: the box marked coat
#
# Four classes, 100 images of each. A machine puts every piece that the network calls coat into one
# box. What share of the box are coats?

# %% id="four-classes" slide="skip" tags=["hide-input"]
names = ("T-shirt", "pullover", "coat", "shirt")
print(" " * 10 + "".join(f"{name:>10}" for name in names))
for name, row in zip(names, SHOWN.tolist(), strict=True):
    print(f"{name:10}" + "".join(f"{count:10}" for count in row))

# %% id="answer-box" slide="skip"
### BEGIN SOLUTION
share_of_coats = 90 / (4 + 22 + 90 + 18)
### END SOLUTION

# %% id="check-box" slide="skip"
check("6.8", share_of_coats)

# %% [markdown] id="own-picture"
# ## A picture of your own
#
# A picture file has to become what the network was trained on: gray, 28×28, the garment filling the
# image, **light on dark**, and normalised with the same two numbers. Catalogues photograph dark on
# light.
#
# Take a photograph of a garment on a plain background, and put its name in place of `None`. So that
# everyone has a file, the cell below makes one from a pair of trousers of the test set.

# %% id="picture-file" slide="skip"
my_file = None  # or, for instance, "~/Pictures/shirt.jpg"

trousers = test_set.images[int((test[1] == 1).nonzero()[0]), 0]
sheet = torch.full((168, 140), 255, dtype=torch.uint8)
sheet[28:140, 14:126] = 255 - trousers.repeat_interleave(4, 0).repeat_interleave(4, 1)
Image.fromarray(sheet.numpy()).save(folder / "trousers.png")
picture_file = folder / "trousers.png" if my_file is None else Path(my_file).expanduser()

# %% [markdown] id="picture-prepare"
# `garment_photo` prepares a file, says how, and says when it doubts that it found a garment. The first
# time we forbid it to swap light and dark:

# %% id="picture-prepared" tags=["hide-input"]
photos = {
    "as the file is": garment_photo(picture_file, dark_on_light=False),
    "prepared": garment_photo(picture_file),
}
for name, photo in photos.items():
    print(f"{name}:", *photo.steps, sep="\n  ")
    if photo.doubt:
        print("  WARNING:", photo.doubt)

# %% id="picture-called" slide="slide"
chances = [training.predict(model, photo.inputs()).softmax(dim=1)[0] for photo in photos.values()]
images = {name: photo.image[0] for name, photo in photos.items()}
figures.own_picture(images, chances, test_set.classes)

# %% [markdown] id="picture-reading"
# Not swapped, the white sheet counts as the garment, and our trousers are a dark hole in it. The
# network has no class for "this is nothing that I know": it shares out its probabilities among the
# ten that it has, and is often quite sure. A portrait becomes a sneaker or a bag. Nonsense in, a
# confident answer out.

# %% [markdown] id="modes"
# ## Ask in the right mode
#
# A network that was just built is in **training mode**, and loading weights does not change that. Lesson
# 5: dropout then drops, and batch norm measures the batch. We put a dropout into the trained network,
# and ask it about the same 600 images, three times in each mode.

# %% id="modes-asked"
layers = list(model)
dropping = nn.Sequential(*layers[:7], nn.Dropout(0.5), *layers[7:])
x, y = validation[0][:600], validation[1][:600]
for mode in (True, False):
    dropping.train(mode)
    with torch.no_grad():
        asked = [(dropping(x).argmax(dim=1) == y).sum().item() for _ in range(3)]
    said = "stays the same" if len(set(asked)) == 1 else "changes from time to time"
    print(f"{'train' if mode else 'eval'} mode: the number of right answers {said}")

# %% [markdown] id="exercise-mode" slide="skip"
# ### Exercise 6.9: the same image, three answers
#
# A network with dropout and batch norm is saved after training, and loaded again. Asked about one
# and the same batch three times, it gives three different answers. What is missing?
#
# - **A** torch.no_grad() around the questions
# - **B** model.eval() before the questions
# - **C** torch.manual_seed(0) before each question
# - **D** optimizer.zero_grad() before each question
# - **E** more training: the network is not sure yet

# %% id="answer-mode" slide="skip"
### BEGIN SOLUTION
letter = "B"
### END SOLUTION

# %% id="check-mode" slide="skip"
check("6.9", letter)

# %% [markdown] id="strong"
# ## A stronger network
#
# Lesson 5 repaired a published network of three blocks, 32, 64 and 128 channels, that forgot a layer. Here
# it is built and run, with a batch norm in each block.


# %% id="three-blocks"
def block(channels_in, channels_out, pool_padding=0):
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel_size=3, padding=1),
        nn.MaxPool2d(2, padding=pool_padding),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )


def three_blocks(num_classes):
    blocks = block(1, 32), block(32, 64), block(64, 128, pool_padding=1)  # (N, 128, 4, 4)
    head = nn.Linear(128 * 4 * 4, 625), nn.ReLU(), nn.Dropout(0.5), nn.Linear(625, num_classes)
    return nn.Sequential(*blocks, nn.Flatten(), *head)


# %% id="three-blocks-run" slide="slide" tags=["hide-input"]
for name, network in (("LeNet", lenet), ("three blocks", three_blocks)):
    torch.manual_seed(0)
    net = network(10)
    training.fit(net, small, num_epochs=1, batch_size=32, learning_rate=0.003)
    reached = training.evaluate(net, few_held_out).accuracy
    print(f"{models.count_parameters(net):9,} parameters;", end=" ")
    training.measured(f"{name} after one epoch on 1,000 images", reached, above=0.3)

# %% [markdown] id="networks-intro"
# Measured on all 60,000 real images, three seeds, by `coursekit study networks`. The last two networks
# got more than the first two: mirrored images too, weight decay, and the epochs that are shown.

# %% id="networks-table" tags=["hide-input"]
networks = studies.load("networks")
print("measured", studies.measured_on(networks))
print(f"{'':24} parameters  epochs  seconds  test accuracy")
for name, row in networks["rows"].items():
    mean, spread = studies.mean_and_spread(row["test"])
    cost = f"{row['parameters']:10,}  {row['epochs']:6}  {median(row['seconds']):7.0f}"
    print(f"{name:24} {cost}  {mean:.3f} ± {spread:.3f}")

# %% [markdown] id="networks-reading"
# With the same recipe and size, convolutions gain 0.024 over the MLP. The small network gains as much
# again, by its three convolutions with batch norm and by its longer recipe; the table cannot say how
# much by which. It takes thirteen times as long.
#
# The three blocks have sixteen times its parameters, nearly all in one dense layer, and gain 0.003, which is
# no more than the spread.

# %% [markdown] id="exercise-challenge"
# ### Exercise 6.10: the open challenge
#
# The most accuracy inside 100,000 parameters. `check` looks at the rules: the budget, the shapes,
# that every parameter gets a gradient, and that the network learns twelve drawn images. The score is
# yours to print.


# %% id="answer-challenge"
def small_network(num_classes):
    """Return an untrained network of at most 100,000 parameters for images 28×28.

    It takes (N, 1, 28, 28), and gives logits (N, num_classes).
    LeNet would do, with 61,706. Can you do better?
    """
    ### BEGIN SOLUTION
    blocks = []
    for first, second in ((1, 32), (32, 64), (64, 96)):
        blocks += [nn.Conv2d(first, second, 3, padding=1), nn.MaxPool2d(2)]
        blocks += [nn.BatchNorm2d(second), nn.ReLU()]
    return nn.Sequential(*blocks, nn.Flatten(), nn.Linear(96 * 3 * 3, num_classes))
    ### END SOLUTION


# %% id="check-challenge"
check("6.10", small_network)

# %% [markdown] id="scoreboard" slide="notes"
# The scoreboard. Choose epochs, rate and augmentation by the validation set, and ask the test set
# once, at the end.

# %% id="score" slide="skip" tags=["nbval-ignore-output"]
small_network = own("6.10", small_network)
torch.manual_seed(0)
entry = small_network(10)
training.fit(entry, small, num_epochs=1, batch_size=64, learning_rate=0.01)
print(f"{models.count_parameters(entry):,} parameters,", end=" ")
print(f"validation accuracy {training.evaluate(entry, few_held_out).accuracy:.3f}")

# %% [markdown] id="exercise-expose" slide="skip"
# ### Exercise 6.11: expose the bug in softmax
#
# Back to the beginning of this lesson. Somebody else takes the largest logit off as well, and gets a
# logit of 1000 right. Their softmax is wrong all the same.
#
# Find logits (N, classes) for which it shows, and answer with them. Try as often as you like; the
# fewer, the better.


# %% id="program-expose" slide="skip"
def their_softmax(logits):
    """Return the probabilities of the classes, row by row, whatever the size of the logits."""
    shifted = logits - logits.max()
    return shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)


# %% id="answer-expose" slide="skip"
### BEGIN SOLUTION
counterexample = torch.tensor([[0.0], [200]])
### END SOLUTION

# %% id="check-expose" slide="skip"
check("6.11", counterexample)

# %% [markdown] id="machines"
# ## When one machine is not enough
#
# A larger network takes days on one machine. Two machines can share each batch: both hold the same
# weights, and each computes the gradient of the mean loss over its half. Before the step they exchange
# gradients. The cell below measures how far that is off, for any way of putting two gradients together.


# %% id="halves" slide="skip"
def gradient_of(model, x, y):
    model.zero_grad()
    cross_entropy(model(x), y).backward()
    return torch.cat([parameter.grad.flatten() for parameter in model.parameters()])


def off_by(model, x, y, exchanged):
    whole = gradient_of(model, x, y)
    first, second = gradient_of(model, x[:32], y[:32]), gradient_of(model, x[32:], y[32:])
    return (exchanged(first, second) - whole).norm() / whole.norm()


# %% [markdown] id="halves-question"
# What must each machine do with its own gradient and the other's, so that both step like one machine
# with the whole batch?
#
# **A** add them, **B** take their mean, **C** keep the larger

# %% id="guess-halves"
guess("6.halves", ...)

# %% id="halves-compared" tags=["hide-input"]
reveal("6.halves")
torch.manual_seed(0)
x, y = inputs[:64], labels[:64]
normed = nn.Sequential(block(1, 8), nn.Flatten(), nn.Linear(8 * 14 * 14, 10))
ways = {"sum": torch.add, "mean": lambda a, b: (a + b) / 2, "larger": torch.maximum}
for name, exchanged in ways.items():
    training.measured(f"LeNet, {name:6} is off by", off_by(lenet(10), x, y, exchanged), digits=7)
off = off_by(normed, x, y, ways["mean"])
training.measured("with batch norm, the mean is off by", off, above=0.001, digits=3)

# %% [markdown] id="halves-reading" slide="notes"
# For LeNet's mean nothing but rounding is left. Batch norm is the exception: it takes mean and spread of the
# batch that it sees, and half a batch has others. More machines change nothing else: one program, the
# same steps.

# %% [markdown] id="halves-terminal" slide="notes"
# In a terminal, `coursekit train` trains this lesson's LeNet, and
# `torchrun --nproc-per-node 2 -m coursekit train` does it in two processes that share each batch.

# %% [markdown] id="board-intro"
# ## Does your detector survive?
#
# The detectors of lessons 2 to 5 were made by hand, and a thick stroke defeated each. The network below
# has the blocks of lesson 5, and your loop trains it on 4,000 drawings at random: X's that are moved,
# turned, bent, thick and stained, and figures that are none. No drawing of the board is among them.
#
# The pad is a blackboard again: draw an X, or something that is nearly one, and run the cells below.

# %% id="board-pad" slide="skip"
board_pad = Explorer(
    torch.zeros(13, 13),
    [[1.0]],
    hide=("mode", "stride", "padding", "dilation", "size", "predict", "play", "preset"),
)
board_pad

# %% id="board-learned" slide="skip" tags=["nbval-ignore-output"]
torch.manual_seed(0)
reader = strokes.network()
drawings = DataLoader(TensorDataset(*strokes.drawings(4000)), batch_size=64, shuffle=True)
adam = torch.optim.Adam(reader.parameters(), lr=0.003)
for _ in range(4):
    train_one_epoch(reader, drawings, adam)

# %% id="board-detectors" slide="skip" tags=["nbval-ignore-output"]
corr2d, max_pool2d = own("2.2"), own("4.1")
made_by_hand = {
    "lesson 1: one weight a pixel": detectors.perceptron(own("1.2")),
    "lesson 2: three filters": detectors.three_filters(corr2d),
    "lesson 3: padded, stride 2": detectors.padded_and_strided(own("3.2"), own("3.4")),
    "lesson 4: pooled": detectors.pooled(corr2d, max_pool2d),
    "lesson 5: two layers": detectors.two_layers(corr2d, max_pool2d, own("5.2")),
}

# %% id="board" tags=["nbval-ignore-output"]
figures.detector_board(
    {**made_by_hand, "lesson 6: learned": detectors.learned(reader)},
    mine=board_pad.image,
    by=[corr2d, max_pool2d, cross_entropy],
)

# %% [markdown] id="board-reading" slide="notes"
# The thick X is found now: the drawings held thick ones. The network errs on one or two others, such as
# the shrunk or the shifted one, and with another seed on others. The detector on the first page of lesson 1
# learned from ten times as many drawings, and errs on none.
#
# What is learned needs examples, and many. What if you have twenty photographs? That is lesson 7.

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. Softmax gives numbers for logits of any size, once each row's own maximum is taken off. The loss
#    takes logits.
# 2. A program is a data set, a loader, and `zero_grad`, `backward`, `step` for each batch. Gradients add up
#    until they are forgotten. A `state_dict` is tensors, and `weights_only=True` loads nothing else.
# 3. LeNet takes 28×28 to 16 maps of 5×5, then to 120, 84 and 10 numbers: 61,706 parameters.
# 4. Sigmoids with slopes of at most 1/4 leave the first layer hardly any gradient. ReLU, larger
#    weights, batch norm or Adam each mend it; max pooling does not.
# 5. A rate too small crawls, too large breaks; small batches are noisy, large ones make few steps.
#    Momentum, RMSProp and Adam get further in as many steps.
# 6. Overfitting is a gap between training and validation. A mean over n seeds is known to about
#    spread / √n; a remedy counts where its gain is well above that.
# 7. Rows of the confusion matrix give recall, columns precision. A picture goes through the same
#    transforms as in training, light on dark.
# 8. `model.eval()` before you ask. The mean of two half-batch gradients is the batch's gradient, batch norm
#    excepted.
#
# Next: too few images even for this, and a network that has seen others. Lesson 7.
