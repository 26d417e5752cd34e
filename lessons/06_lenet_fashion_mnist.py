# %% [markdown] id="title"
# # LeNet on Fashion-MNIST
#
# A network of 61,706 parameters, after one that read cheques in 1998, sorts shirts from shoes after
# seconds of training on a laptop. What does each of its layers do, and where does it go wrong?
#
# | | |
# |---|---|
# | Time | 45 minutes |
# | You need | lessons 1 to 5 |
# | Exercises | one so far, and predictions |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. say what a batch of images is, shape and scale;
# 2. follow the shape of a batch through LeNet, layer by layer, and count the parameters;
# 3. write a training loop, and name its three steps;
# 4. measure accuracy on images that the network has not seen, and read a confusion matrix.

# %% id="imports"
import torch
from torch.nn import functional as F

from coursekit import data, figures, models, training
from coursekit.exercises import check

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="data"
# ## Ten kinds of garment
#
# Fashion-MNIST holds photographs of garments, 28×28 pixels, gray, in ten classes. Where the data
# set is on your machine or can be downloaded, the lesson uses it. Otherwise it uses a stand-in
# that was drawn for this course. The next cell says which.

# %% id="load" tags=["nbval-ignore-output"]
train_set, test_set = data.fashion_mnist("train"), data.fashion_mnist("test")
print("to learn from:", train_set)
print("to test with: ", test_set)

# %% [markdown] id="sheet-intro"
# Look for two classes that you would confuse yourself.

# %% id="sheet"
figures.class_sheet(train_set)

# %% [markdown] id="sheet-reading"
# T-shirt, pullover, coat and shirt share one outline: two sleeves and a trunk. Expect the network
# to confuse them too. Sandals, sneakers and boots make a second family.

# %% [markdown] id="hold-out"
# While you try things out, you will want to know how well they do on images that were not learned
# from. If the test set answered, you would choose what suits it, and its score would flatter you.
#
# So a tenth of the training set is held out for that, the *validation* set, and the test set is
# asked once, at the end.

# %% id="held-out"
learned, held_out = train_set.split(0.1)
print(f"held out: {len(held_out) / len(train_set):.0%} of the training set")

# %% [markdown] id="tensors"
# ## From pixels to inputs
#
# A pixel is a byte, 0 black to 255 white. A network learns best from numbers around zero: subtract
# the mean of all training pixels and divide by their standard deviation.

# %% id="batch"
train, validation, test = (part.tensors() for part in (learned, held_out, test_set))
inputs, labels = train
print("inputs:", inputs.dtype, "labels:", labels.dtype)
print("one batch of four:", tuple(inputs[:4].shape))
print("smallest and largest input:", f"{inputs.min():.3f}, {inputs.max():.3f}")

# %% [markdown] id="batch-reading"
# A batch has four axes, (N, C, H, W): images, channels, height, width. Gray images have one
# channel. Labels are integers from 0 to 9.

# %% [markdown] id="lenet"
# ## LeNet, layer by layer
#
# Two convolutions, each followed by an activation and a pooling, then three dense layers. Predict
# before you look: how many numbers are left of an image when it reaches the first dense layer?

# %% id="shape-table"
model = models.LeNet()
print(f"{'layer':10} {'shape of its output':20} {'parameters':>10}")
for layer, shape, parameters in models.shape_table(model, inputs[:1]):
    print(f"{layer:10} {shape!s:20} {parameters:10,}")
print("in all", f"{models.count_parameters(model):,}")

# %% [markdown] id="shape-reading"
# The first convolution pads by 2 and keeps 28×28; the second does not, and leaves 14 − 5 + 1 = 10.
# Each pooling halves. Sixteen maps of 5×5 make 400 numbers, and nearly eight in ten of all the
# parameters sit in the one dense layer behind them.

# %% id="dense-share"
dense = 400 * 120 + 120
print(f"{dense:,} of 61,706 parameters: {dense / 61_706:.0%}")

# %% [markdown] id="logits"
# ## What comes out
#
# The last layer gives ten numbers for each image, the logits. Softmax turns them into
# probabilities; the cross-entropy is the negative logarithm of the probability of the true class.
# An untrained network knows nothing, so expect about $\ln 10 = 2.303$.

# %% id="untrained"
with torch.no_grad():
    logits = model(inputs[:1000])
loss = F.cross_entropy(logits, labels[:1000])
by_hand = -logits.softmax(dim=1).log()[range(1000), labels[:1000]].mean()
print("cross-entropy between 2.2 and 2.4:", "yes" if 2.2 < loss < 2.4 else "no")
print("torch and by hand agree:", torch.allclose(loss, by_hand, atol=1e-5))

# %% [markdown] id="loop"
# ## The training loop, written out
#
# Three steps, again and again: forget the old gradients, compute the new ones, move the
# parameters a little against them. One pass over all images is an epoch.


# %% id="training-loop"
def train_one_epoch(model, inputs, labels, optimizer, batch_size=128):
    model.train()
    order = torch.randperm(len(labels))  # another order in each epoch
    for places in order.split(batch_size):
        loss = F.cross_entropy(model(inputs[places]), labels[places])
        optimizer.zero_grad()  # forget
        loss.backward()  # compute
        optimizer.step()  # move


torch.manual_seed(0)
optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
before = training.evaluate(model, validation)
train_one_epoch(model, inputs, labels, optimizer)
after = training.evaluate(model, validation)

# %% id="one-epoch"
print("before: validation accuracy below 0.25:", "yes" if before.accuracy < 0.25 else "no")
print("after one epoch: validation accuracy above 0.50:", "yes" if after.accuracy > 0.50 else "no")

# %% [markdown] id="fit"
# `training.fit` is the same loop with a progress bar and a record of what happened. It uses Adam,
# whose rate climbs to `learning_rate` and falls again. A new network, two epochs:

# %% id="fit-two-epochs"
torch.manual_seed(0)
model = models.LeNet()
history = training.fit(model, train, validation=validation, num_epochs=2, learning_rate=0.01)

# %% id="curves"
figures.training_curves(history)

# %% [markdown] id="curves-reading"
# Training is scored while the epoch runs, validation after it, so validation looks better at first.
#
# Nothing is left to choose. So now, once, the test set:

# %% id="test-accuracy" tags=["nbval-ignore-output"]
scores = training.evaluate(model, test)
print(f"test accuracy: {scores.accuracy:.3f}")

# %% id="accuracy-line"
print("test accuracy above 0.75:", "yes" if scores.accuracy > 0.75 else "no")

# %% [markdown] id="exercise-accuracy"
# ### Exercise 6.1: accuracy
#
# Accuracy is the share of images whose largest logit stands in the place of the true class.


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
check("6.1", accuracy)

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

# %% [markdown] id="confusion-reading"
# The largest numbers off the diagonal stand among the upper garments, as the sheet of examples
# let us expect. Where shoes are missed at all, it is mostly for another shoe.

# %% id="family-line"
upper = torch.tensor([0, 2, 3, 4, 6])  # T-shirt, pullover, dress, coat, shirt
mistakes = counts.clone().fill_diagonal_(0)
share = mistakes[upper][:, upper].sum() / mistakes.sum()
print("more than half of all mistakes among upper garments:", "yes" if share > 0.5 else "no")

# %% [markdown] id="worst"
# The mistakes of which the network was most certain. Would you have called them otherwise?

# %% id="worst-mistakes"
figures.worst_mistakes(test_set, logits.softmax(dim=1))

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. A batch of images is (N, C, H, W), scaled to mean 0 and standard deviation 1.
# 2. LeNet takes 28×28 to 16 maps of 5×5, then to 120, 84 and 10 numbers: 61,706 parameters.
# 3. Training repeats three steps: `zero_grad`, `backward`, `step`.
# 4. Choices are made on held-out images, and the test set is asked once. Accuracy is one number;
#    the confusion matrix says what it hides.
