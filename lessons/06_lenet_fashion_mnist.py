# %% [markdown] id="title"
# # LeNet on Fashion-MNIST
#
# A network of 61,706 parameters, after one that read cheques in 1998, sorts shirts from shoes after
# seconds of training on a laptop. Trained as a well-known book trains it, the same network still
# guesses after four of its ten epochs. Why?
#
# | | |
# |---|---|
# | Time | 75 minutes |
# | You need | lessons 1 to 5 |
# | Exercises | eleven, where they belong |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. turn logits into probabilities and a loss that stay numbers, whatever the size of the logits;
# 2. write a training loop, name its three steps, and say what each forgotten one does;
# 3. build LeNet from its table of shapes and parameters;
# 4. explain from the gradients of its layers why a network sits still, and mend it;
# 5. say what a learning rate, a batch size and a number of epochs do when they are wrong;
# 6. recognise overfitting, stop in time, and judge a remedy by seeds and spread;
# 7. read a confusion matrix, look inside the network, and use it on a picture of your own;
# 8. save weights, load them safely, and ask them in the right mode.

# %% id="imports"
import tempfile
import textwrap
from pathlib import Path
from statistics import median

import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

from coursekit import data, figures, models, studies, training
from coursekit.book import load_book
from coursekit.data.garment import garment_photo
from coursekit.examples import detectors, strokes
from coursekit.exercises import check, own, warm_up
from coursekit.exercises.lesson6.confusion import SHOWN
from coursekit.explorer import Explorer
from coursekit.studies import book_lenet, panel, regularisation

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="warm-up-intro" slide="skip"
# Three questions on earlier lessons first, those that went wrong before. Run the cell, and answer in
# one line.

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
# While you try things out, you want to know how well they do on images that were not learned from.
# If the test set answered, you would choose what suits it, and its score would flatter you. So a
# tenth of the training set is held out, the *validation* set. The test set is asked once.
#
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
# the largest is the class that is called. Softmax makes them positive and lets them add up to 1:
#
# $$\text{softmax}(y)_i = \frac{e^{y_i}}{\sum_j e^{y_j}}$$
#
# The second row below is the first, plus 1000. What do you expect from the formula, typed in as it
# stands?

# %% id="naive-softmax"
logits = torch.tensor([[0.0, 1.0, 2.0], [1000.0, 1001.0, 1002.0]])
powers = logits.exp()
shares = powers / powers.sum(dim=1, keepdim=True)
print(powers, shares, logits.softmax(dim=1), sep="\n")

# %% [markdown] id="naive-reading"
# Adding the same number to all logits multiplies every power by the same factor, which cancels:
# PyTorch, printed last, gives both rows the same probabilities. But $e^{1000}$ is too large for a
# float32, and $\infty/\infty$ is no number. A factor that cancels may be chosen freely.

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
# The cross-entropy of an image is $-\log p$ of its true class: 0 where the network was certain and
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
# float32 the probability is 0. So the loss wants **logits in**. What is the smallest loss that ten
# perfect probabilities reach, when they are taken for logits?

# %% id="softmax-twice"
perfect = torch.eye(10)
twice = F.cross_entropy(perfect, torch.arange(10))
print(f"perfect probabilities, handed over as logits: {twice:.4f}")
print(f"a network that knows nothing:                 {torch.tensor(10.0).log():.4f}")

# %% [markdown] id="twice-reading"
# 1.46 and never less: a network with a softmax as its last layer learns slowly and looks worse than
# it is. No error says so.

# %% [markdown] id="exercise-loss"
# ### Exercise 6.2: cross-entropy from logits
#
# Logits in, without `F.cross_entropy` and its kin.


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

# %% [markdown] id="three-steps"
# ## Forget, compute, move
#
# Training repeats three steps. `optimizer.zero_grad()` forgets the old gradients,
# `loss.backward()` computes the new ones, and `optimizer.step()` moves each parameter a little
# against its own. Why is there anything to forget? The derivative of $3w$ is 3, wherever you ask:

# %% id="gradients-add-up"
w = torch.tensor(1.0, requires_grad=True)
for call in (1, 2, 3):
    (3 * w).backward()
    print(f"after call {call} of backward, w.grad is {w.grad:g}")

# %% [markdown] id="adds-up-reading"
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

# %% [markdown] id="exercise-accuracy"
# ### Exercise 6.4: accuracy
#
# The loss is what is minimised, because it has a slope everywhere. What we want to know is the
# accuracy: the share of images whose largest logit stands in the place of the true class.


# %% id="answer-accuracy"
def accuracy(logits, labels):
    """Return the share of rows whose largest logit is at the label: a number from 0 to 1.

    logits: (N, classes). labels: (N,) int64.
    accuracy of [[2, 1], [0, 3]] with labels [0, 0] is 0.5.
    """
    ### BEGIN SOLUTION
    called = logits.argmax(dim=1)
    return (called == labels).float().mean()
    ### END SOLUTION


# %% id="check-accuracy"
check("6.4", accuracy)

# %% [markdown] id="linear-first"
# How far does a single matrix get, without any convolution? Your training begins with zeros, takes
# a hundred steps on 4,000 images, and your accuracy judges it on images held out.

# %% id="linear-trained" tags=["nbval-ignore-output"]
train_linear = own("6.3", train_linear)
accuracy = own("6.4", accuracy)
few = learned.head(4000).tensors()
matrix = train_linear(torch.zeros(28 * 28, 10), few[0].flatten(1), few[1], 0.1, 100)
x, their_labels = validation
print(f"one matrix: {accuracy(x.flatten(1) @ matrix, their_labels):.3f}")

# %% [markdown] id="lenet"
# ## LeNet, layer by layer
#
# Two convolutions, each followed by an activation and a pooling, then three dense layers. Predict
# before you look: how many numbers are left of an image when it reaches the first dense layer?

# %% id="shape-table" tags=["hide-input"]
model = models.LeNet()
print(f"{'layer':10} {'shape of its output':20} {'parameters':>10}")
for layer, shape, parameters in models.shape_table(model, inputs[:1]):
    print(f"{layer:10} {shape!s:20} {parameters:10,}")
print("in all", f"{models.count_parameters(model):,}")

# %% [markdown] id="shape-reading"
# Sixteen maps of 5×5 make 400 numbers. The dense layer behind them, 400·120 + 120 = 48,120, holds
# nearly eight in ten of all the parameters.

# %% [markdown] id="exercise-lenet"
# ### Exercise 6.5: LeNet from its table
#
# Build it from the table above, as an `nn.Sequential` of twelve layers. The shapes and the numbers
# of parameters settle every kernel size and every padding.


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
# ## The training loop, written out
#
# One pass over all images, in batches, is an epoch. The optimiser decides how far to move. SGD takes
# rate × gradient. Adam divides each parameter's step by the usual size of its gradient, so that
# parameters with small gradients move as well. Your LeNet and your loss, one epoch of each on 4,000
# images:


# %% id="own-lenet" slide="skip"
cross_entropy = own("6.2", cross_entropy)
lenet = own("6.5", lenet)


# %% id="training-loop"
def train_one_epoch(model, inputs, labels, optimizer, batch_size=64):
    model.train()
    order = torch.randperm(len(labels))  # another order in each epoch
    for places in order.split(batch_size):
        loss = cross_entropy(model(inputs[places]), labels[places])
        optimizer.zero_grad()  # forget
        loss.backward()  # compute
        optimizer.step()  # move


# %% id="sgd-then-adam" tags=["hide-input"]
reached = {}
for name, make, rate in (("SGD ", torch.optim.SGD, 0.1), ("Adam", torch.optim.Adam, 0.002)):
    torch.manual_seed(0)
    model = lenet(10)
    train_one_epoch(model, *few, make(model.parameters(), lr=rate))
    reached[name] = training.evaluate(model, few).accuracy
    training.measured(f"{name} reaches", reached[name], above=0.2)
training.measured("Adam is ahead by", reached["Adam"] - reached["SGD "], above=0)

# %% [markdown] id="fit" slide="slide"
# `training.fit` is the same loop, with a progress bar and a record of what happened. Its Adam's rate
# climbs to `learning_rate` and falls again. A new network, two epochs, all of the training images:

# %% id="fit-two-epochs"
torch.manual_seed(0)
model = models.LeNet()
first_layer = model[0].weight.detach().clone()  # to compare with, later
history = training.fit(model, train, validation=validation, num_epochs=2, learning_rate=0.01)
figures.training_curves(history)

# %% [markdown] id="curves-reading"
# Training is scored while the epoch runs, validation after it, so validation looks better at first.
# Nothing is left to choose. So now, once, the test set:

# %% id="test-accuracy" tags=["hide-input"]
scores = training.evaluate(model, test)
training.measured("test accuracy", scores.accuracy, above=0.75, digits=3)

# %% [markdown] id="book"
# ## Why does the book's LeNet sit still?
#
# *Dive into Deep Learning* builds LeNet with sigmoids, average pooling and weights drawn by Xavier's
# rule, gives it pixels from 0 to 1, and trains it with SGD at 0.1. Its published run stays at
# chance, 0.10, for four of its ten epochs. We change one thing at a time: the same 4,000 images,
# four epochs, batches of 64.
#
# Which of the changes do you expect to help?

# %% id="panel-live"
quick = {"num_epochs": 4, "batch_size": 64, "seed": 0}
live = ("the book's", "max pooling", "weights times 4", "Adam", "ReLU")
few_held_out = held_out.head(800).tensors()
curves = {name: [panel.curve(panel.CHANGES[name], few, few_held_out, **quick)] for name in live}
figures.against_first(curves)

# %% id="panel-lines" slide="skip"
for name in live[:2]:
    training.measured(f"{name:15} ends near chance, 0.1", curves[name][0][-1], below=0.25)
for name in live[2:]:
    training.measured(f"{name:15} ends at", curves[name][0][-1], above=0.25)

# %% [markdown] id="gradients-question" slide="slide"
# Max pooling alone changes nothing: its line lies on the book's. The other three all help. To
# see why, look at the gradient of the loss before the first step, layer by layer. A layer moves by
# rate × gradient. Where does the sigmoid network lose its gradient?

# %% id="gradients" tags=["shown"]
batch = inputs[:1000], labels[:1000]
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
# not, the late layers get nothing to tell images apart by: the network learns how frequent the
# classes are, and stays there.

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

# %% id="panel-table" slide="slide" tags=["hide-input"]
print("measured", studies.measured_on(measured))
print("mean accuracy after epoch  1      2      3      4      5")
for name, row in measured["rows"].items():
    after = [studies.mean_and_spread(values) for values in zip(*row["curves"], strict=True)][1:]
    means = "  ".join(f"{mean:.3f}" for mean, _ in after)
    print(f"{name:24} {means} ± {after[-1][1]:.3f}")

# %% [markdown] id="panel-reading"
# After ± stands the standard deviation over the seeds. The book's recipe is at chance after one
# epoch with every seed, after two with two seeds of three, and ends at 0.632. Max pooling changes
# nothing. Inputs around zero help, then batch norm, larger weights and Adam; ReLU alone helps most,
# 0.860. All but Adam together reach 0.892.

# %% [markdown] id="book-itself"
# Was it the book's network, or our copy? Here is its own class, trained by its own `Trainer`, on
# the same few images.

# %% id="book-lenet" tags=["hide-input", "nbval-ignore-output"]
book = load_book()
if book is not None:
    theirs = book_lenet.book_curve(book, few, few_held_out, **quick)
    print("d2l.LeNet by d2l.Trainer:", " ".join(f"{value:.2f}" for value in theirs))
    print("our copy of it:          ", " ".join(f"{v:.2f}" for v in curves["the book's"][0][1:]))

# %% [markdown] id="hyperparameters"
# ## What each setting does when it is wrong
#
# The learning rate, the batch size and the number of epochs are set by hand. The rate matters most.
# One epoch of SGD on the 4,000 images, at seven rates. Where do you expect the best?

# %% id="rate-sweep" tags=["hide-input"]
rates = (0.0003, 0.003, 0.03, 0.1, 0.3, 1.0, 3.0)
scores_by_rate = {}
for rate in rates:
    torch.manual_seed(0)
    swept = models.LeNet()
    sgd = torch.optim.SGD(swept.parameters(), lr=rate)
    train_one_epoch(swept, *few, sgd, batch_size=16)
    scores_by_rate[rate] = training.evaluate(swept, few_held_out).accuracy
figures.rate_sweep(scores_by_rate, what="One epoch of SGD")

# %% id="rate-lines" slide="skip"
best, ends = max(scores_by_rate.values()), (scores_by_rate[0.0003], scores_by_rate[3.0])
training.measured("the best rate", best, above=0.5)
training.measured("the better of 0.0003 and 3", max(ends), below=0.3)

# %% [markdown] id="settings-reading" slide="notes"
# At both ends the network guesses. With too small a rate it is on its way, and one epoch is not
# enough. With too large a rate it is lost: the first steps threw the weights too far, and more epochs
# would not help. Batch size and epochs go wrong in two ways as well:

# %% [markdown] id="settings-table"
# | | too small | too large |
# |---|---|---|
# | learning rate | the loss crawls: epochs are wasted | the loss leaps, and ends at chance or NaN |
# | batch size | many noisy steps: slow epochs | few steps in an epoch: more epochs needed |
# | epochs | both accuracies could still rise | training rises, validation does not: overfitting |

# %% [markdown] id="mlp"
# ## What do convolutions buy?
#
# A fully connected network of the same size, 784 → 77 → 10, has 61,225 parameters. It sees 784
# numbers and does not know which are neighbours. Each gets two epochs. Which do you expect ahead?
# And what happens to both when the test images move to the right by two pixels?

# %% id="mlp-trained"
torch.manual_seed(0)
mlp = models.MLP(784, 77, 10)
training.fit(mlp, train, num_epochs=2, learning_rate=0.01)
print(f"{models.count_parameters(mlp):,} parameters")

# %% id="shifted" tags=["hide-input", "nbval-ignore-output"]
by_shift = {}
for shift in (0, 1, 2, 3):
    moved = test[0].roll(shift, dims=3), test[1]
    by_shift[shift] = [training.evaluate(net, moved).accuracy for net in (mlp, model)]
    print("moved by {}: MLP {:.3f}, LeNet {:.3f}".format(shift, *by_shift[shift]))

# %% id="shifted-lines" slide="skip"
lost = [by_shift[0][i] - by_shift[2][i] for i in (0, 1)]
training.measured("two pixels cost the MLP", lost[0], above=lost[1])
training.measured("and LeNet", lost[1], above=0.02)

# %% [markdown] id="mlp-reading"
# In place the two are close: garments are centred, so a pixel means the same in each image. On the
# stand-in the MLP may even lead. Moved, it falls further. LeNet forgives a little and not everything:
# lesson 4 said why.

# %% [markdown] id="overfitting"
# ## Too few images
#
# With 500 images instead of thousands, LeNet can learn them by heart. Train it for forty epochs, and
# ask it each time about images that it has not seen. Where would you stop?

# %% id="overfit" tags=["hide-input"]
handful = learned.head(500).tensors()
small = {"num_epochs": 40, "batch_size": 32}
torch.manual_seed(0)
plain = models.LeNet()
adam = torch.optim.Adam(plain.parameters(), lr=0.002)
by_heart = training.fit(plain, handful, validation=few_held_out, optimizer=adam, **small)
figures.training_curves(by_heart)

# %% id="overfit-lines" slide="skip"
unseen = [scores.accuracy for scores in by_heart.validation]
gap = by_heart.accuracy[-1] - unseen[-1]
rise = by_heart.validation[-1].loss - min(scores.loss for scores in by_heart.validation)
training.measured("training accuracy is above validation by", gap, above=0.05)
training.measured("validation loss rises again by", rise, above=0.03)

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
print(f"with patience 5 the forty epochs above end after {ran}, with the weights of epoch {best}")

# %% [markdown] id="remedies"
# ## Which remedy helps?
#
# Dropout, batch norm, augmentation, weight decay, fewer parameters, another batch size, another
# optimiser, early stopping: each is said to help against overfitting. Measured, one change at a
# time, on 2,000 real images, forty epochs, five seeds, each with other images. (Four times the
# images get a quarter of the epochs: as many steps.) Order them before you look.

# %% id="remedies-study"
remedies = studies.load("regularisation")
on_test = {name: row["test"] for name, row in remedies["rows"].items()}
figures.measured(on_test, base=regularisation.BASE)

# %% id="remedies-table" slide="slide" tags=["hide-input"]
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

# %% [markdown] id="remedies-live" slide="skip"
# One row, done again on your machine: the 500 images from above, each moved by up to two pixels
# and mirrored at random whenever it is seen. Compare with the curves of the overfitted network.

# %% id="augmented" slide="skip" tags=["hide-input"]
torch.manual_seed(0)
varied = models.LeNet()
adam = torch.optim.Adam(varied.parameters(), lr=0.002)
moving = {"augment": regularisation.CROP_AND_FLIP, "optimizer": adam, **small}
with_variety = training.fit(varied, handful, validation=few_held_out, **moving)
figures.training_curves(with_variety)

# %% id="augmented-lines" slide="skip"
varied_gap = with_variety.accuracy[-1] - with_variety.validation[-1].accuracy
lower = by_heart.validation[-1].loss - with_variety.validation[-1].loss
training.measured("training accuracy is above validation by", varied_gap, below=gap)
training.measured("validation loss is lower by", lower, above=0)

# %% [markdown] id="augmented-reading" slide="skip"
# The loss is lower because the network is less certain where it is wrong. Its accuracy need not be
# higher yet: images that never come twice take longer to learn.

# %% [markdown] id="inside"
# ## What did it learn?
#
# Back to the LeNet that was trained on everything. Its first layer has six kernels of 5×5, drawn at
# random before training: purple is positive, orange negative. Lesson 2 made such kernels by hand.
# Which ones do you recognise?

# %% id="kernels" tags=["shown"]
figures.first_kernels(first_layer, model[0].weight.detach())

# %% [markdown] id="kernels-reading"
# Some have grown an edge, purple beside orange, that nobody wrote. Others still look like the noise
# that they were drawn as: two epochs move a kernel only as far as the loss asks for.

# %% [markdown] id="maps" slide="skip"
# One image, and what leaves each layer. Which layer is the last in which you still see the garment?

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

# %% id="family-line" tags=["hide-input"]
upper = torch.tensor([0, 2, 3, 4, 6])  # T-shirt, pullover, dress, coat, shirt
mistakes = counts.clone().fill_diagonal_(0)
share = mistakes[upper][:, upper].sum() / mistakes.sum()
training.measured("share of all mistakes that are among upper garments", share, above=0.5)

# %% [markdown] id="family-reading"
# Most mistakes stay within the family of outlines that you saw at the start: garments with a trunk
# and two sleeves. Shoes are confused with shoes, and hardly ever with anything else.

# %% [markdown] id="worst" slide="slide"
# The mistakes of which the network was most certain. Would you have called them otherwise?

# %% id="worst-mistakes" tags=["shown"]
figures.worst_mistakes(test_set, softmax(logits)).by(softmax)

# %% [markdown] id="worst-reading"
# A softmax of 0.9 is not a promise of being right nine times in ten: the loss rewarded certainty
# about images that the network could learn by heart, and asked nothing about new ones.

# %% [markdown] id="exercise-recall"
# ### Exercise 6.7: recall and precision
#
# Two questions about a class. How many of its images were found? And of what was called so, how much
# is?


# %% id="answer-recall"
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


# %% id="check-recall"
check("6.7", recall_and_precision)

# %% id="recall-applied" tags=["nbval-ignore-output"]
recall_and_precision = own("6.7", recall_and_precision)
recall, precision = recall_and_precision(counts)
for name, found, right in zip(test_set.classes, recall, precision, strict=True):
    print(f"{name:12} recall {found:.2f}, precision {right:.2f}")

# %% [markdown] id="exercise-box"
# ### Exercise 6.8: the box marked coat
#
# Four classes, 100 images of each. A machine puts every piece that the network calls coat into one
# box. What share of the box are coats?

# %% id="four-classes" tags=["hide-input"]
names = ("T-shirt", "pullover", "coat", "shirt")
print(" " * 10 + "".join(f"{name:>10}" for name in names))
for name, row in zip(names, SHOWN.tolist(), strict=True):
    print(f"{name:10}" + "".join(f"{count:10}" for count in row))

# %% id="answer-box"
### BEGIN SOLUTION
share_of_coats = 90 / (4 + 22 + 90 + 18)
### END SOLUTION

# %% id="check-box"
check("6.8", share_of_coats)

# %% [markdown] id="own-picture"
# ## A picture of your own
#
# A picture file has to become what the network was trained on: gray, 28×28, the garment filling the
# image, **light on dark**, and normalised with the same two numbers. Catalogues photograph dark on
# light. So that everyone has a file, we make one from a pair of trousers of the test set.

# %% id="picture-file" slide="skip"
workplace = tempfile.TemporaryDirectory()  # gone when the kernel stops
folder = Path(workplace.name)
trousers = test_set.images[int((test[1] == 1).nonzero()[0]), 0]
sheet = torch.full((168, 140), 255, dtype=torch.uint8)
sheet[28:140, 14:126] = 255 - trousers.repeat_interleave(4, 0).repeat_interleave(4, 1)
Image.fromarray(sheet.numpy()).save(folder / "trousers.png")

# %% [markdown] id="picture-prepare"
# `garment_photo` prepares a file, and says how. The first time we forbid it to swap light and dark:

# %% id="picture-prepared"
unswapped = garment_photo(folder / "trousers.png", dark_on_light=False)
swapped = garment_photo(folder / "trousers.png")
print("as it is:", *unswapped.steps, sep="\n  ")
print("swapped:", *swapped.steps, sep="\n  ")

# %% [markdown] id="picture-predict" slide="slide"
# What does the network call each of the two?

# %% id="picture-called"
photos = {"dark on light,\nas the file is": unswapped, "light on dark,\nas in training": swapped}
chances = [training.predict(model, photo.inputs()).softmax(dim=1)[0] for photo in photos.values()]
images = {name: photo.image[0] for name, photo in photos.items()}
figures.own_picture(images, chances, test_set.classes)

# %% id="picture-lines" slide="skip"
for name, chance, lead in zip(
    ("as the file is", "swapped"), chances, ("below", "above"), strict=True
):
    ahead = chance[1] - chance[torch.arange(10) != 1].max()  # class 1 is Trouser
    training.measured(f"{name}: trouser is ahead of all others by", ahead, **{lead: 0})

# %% [markdown] id="picture-reading"
# Not swapped, the white sheet counts as the garment, and the trousers are a dark hole in it. The
# network has no class for "this is nothing that I know": it shares out its probabilities among the
# ten that it has, and is often quite sure. Nonsense in, a confident answer out.
#
# Put a file of your own in place of `trousers.png`.

# %% [markdown] id="saving"
# ## Save, load, and ask in the right mode
#
# What is saved is the `state_dict`: tensors by name, no code. To load it, build the same network and
# fill it. `weights_only=True` refuses a file that holds more, since such a file can run code.

# %% id="save-load"
training.save(model, folder / "lenet.pt")
weights = torch.load(folder / "lenet.pt", weights_only=True)
print(f"{len(weights)} tensors, {sum(tensor.numel() for tensor in weights.values()):,} numbers")
again = models.LeNet()
training.load(again, folder / "lenet.pt")
print("same answers:", torch.equal(training.predict(again, test[0]), logits))
try:
    training.load(models.MLP(784, 77, 10), folder / "lenet.pt")
except ValueError as error:
    print("another network:", str(error).partition("whose ")[2][:60] + "…")

# %% [markdown] id="modes" slide="slide"
# A network that was just built is in **training mode**, and loading does not change that. Lesson 5:
# dropout then drops, and batch norm measures the batch. We put a dropout into the trained network,
# and ask it about the same 1,000 images, three times in each mode.

# %% id="modes-asked"
layers = list(model)
dropping = nn.Sequential(*layers[:7], nn.Dropout(0.5), *layers[7:])
x, y = test[0][:1000], test[1][:1000]
for mode in (True, False):
    dropping.train(mode)
    with torch.no_grad():
        asked = [(dropping(x).argmax(dim=1) == y).sum().item() for _ in range(3)]
    same = "three times the same" if len(set(asked)) == 1 else "another each time"
    print(f"{'train' if mode else 'eval'} mode: right answers {same}")

# %% [markdown] id="exercise-mode"
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

# %% id="answer-mode"
### BEGIN SOLUTION
letter = "B"
### END SOLUTION

# %% id="check-mode"
check("6.9", letter)

# %% [markdown] id="strong"
# ## A stronger network
#
# Lesson 5 repaired a network of three blocks, 32, 64 and 128 channels. Add a batch norm to each block,
# train it on mirrored images too, and it has the room that LeNet lacks. The small network is trained
# the same way.
#
# The table was measured on all 60,000 real images, three seeds, by
# `coursekit study networks`. What does each step in accuracy cost?

# %% id="networks-table" tags=["hide-input"]
networks = studies.load("networks")
print("measured", studies.measured_on(networks))
print(f"{'':24} parameters  epochs  seconds  test accuracy")
for name, row in networks["rows"].items():
    mean, spread = studies.mean_and_spread(row["test"])
    cost = f"{row['parameters']:10,}  {row['epochs']:6}  {median(row['seconds']):7.0f}"
    print(f"{name:24} {cost}  {mean:.3f} ± {spread:.3f}")

# %% [markdown] id="networks-reading"
# At the same size, convolutions gain over the MLP. The small network gains once more, still under
# 100,000 parameters: three convolutions with batch norm, more channels, and one dense layer on maps of
# 3×3 where LeNet has three. It pays in seconds.
#
# The three blocks have sixteen times its parameters, nearly all in one dense layer. Compare what they
# buy with what the small network bought: where parameters stand matters more than how many there are.

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
training.fit(entry, few, validation=validation, num_epochs=2, learning_rate=0.01)
print(f"{models.count_parameters(entry):,} parameters,", end=" ")
print(f"validation accuracy {training.evaluate(entry, validation).accuracy:.3f}")

# %% [markdown] id="exercise-expose"
# ### Exercise 6.11: expose the bug in softmax
#
# Back to the beginning of this lesson. Somebody else takes the largest logit off as well, and gets a
# logit of 1000 right. Their softmax is wrong all the same.
#
# Find logits (N, classes) for which it shows, and answer with them. Try as often as you like; the
# fewer, the better.


# %% id="program-expose"
def their_softmax(logits):
    """Return the probabilities of the classes, row by row, whatever the size of the logits."""
    shifted = logits - logits.max()
    return shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)


# %% id="answer-expose"
### BEGIN SOLUTION
counterexample = torch.tensor([[0.0], [200]])
### END SOLUTION

# %% id="check-expose"
check("6.11", counterexample)

# %% [markdown] id="board-intro"
# ## Does your detector survive?
#
# The detectors of lessons 2 to 5 were made by hand, and a thick stroke defeated each. The network below
# has the blocks of lesson 5, and learns them from 4,000 drawings at random: X's that are moved,
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

# %% id="board-detectors" slide="skip" tags=["nbval-ignore-output"]
torch.manual_seed(0)
reader = strokes.network()
training.fit(reader, strokes.drawings(4000), num_epochs=8, learning_rate=0.005)
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
    {**made_by_hand, "lesson 6: learned": detectors.learned(reader)}, mine=board_pad.image
)

# %% [markdown] id="board-reading" slide="notes"
# The thick X is found now: the drawings held thick ones. Trained with another seed, the network errs on
# one or two others, such as the shifted or the shrunk one; with ten times as many drawings, as the
# detector on the first page of lesson 1 was, on none.
#
# What is learned needs examples, and many. What if you have twenty photographs? Lesson 7.

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. A row may give up its largest logit before the powers: then softmax and its logarithm stay
#    numbers. The loss takes logits.
# 2. Training repeats `zero_grad`, `backward`, `step`. Gradients add up; a step before its gradient
#    uses nothing, or an old one.
# 3. LeNet takes 28×28 to 16 maps of 5×5, then to 120, 84 and 10 numbers: 61,706 parameters.
# 4. Sigmoids with slopes of at most 1/4 leave the first layer hardly any gradient. ReLU, larger
#    weights, batch norm or Adam each mend it; max pooling does not.
# 5. A rate too small crawls, too large breaks; small batches are noisy, large ones make few steps.
# 6. Overfitting is a gap between training and validation. A remedy counts where its gain is larger
#    than the spread over seeds.
# 7. Rows of the confusion matrix give recall, columns precision. A picture goes through the same
#    transforms as in training, light on dark.
# 8. A state_dict is tensors; `weights_only=True` loads nothing else. `model.eval()` before you ask.
#
# Next: too few images even for this, and a network that has seen others. Lesson 7.
