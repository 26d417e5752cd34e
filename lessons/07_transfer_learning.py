# %% [markdown] id="title"
# # Transfer learning
#
# You have five pictures of each thing that you want to tell apart. LeNet had thousands. Can a
# network that learned from other pictures, of other things, lend you what it knows?
#
# | | |
# |---|---|
# | Time | 70 minutes |
# | You need | lessons 5 and 6: a network's parts, a training loop |
# | Exercises | nine, where they belong |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. read a folder of pictures as a data set, and say what was skipped and why;
# 2. prepare pictures as a pretrained network expects them, and augment them without harm;
# 3. freeze a network, give it a head of your own, and train that head on cached features;
# 4. say from how many images on which method pays;
# 5. fine-tune with two learning rates, and keep batch norm and modes out of trouble;
# 6. see where a network looks, save it, and ask it about a file.

# %% id="imports"
import tempfile
import textwrap
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F
from torchvision.transforms import v2

from coursekit import data, figures, models, training, transfer
from coursekit.exercises import check, picture
from coursekit.machine.paths import course_folder
from coursekit.studies import results, transfer_curve
from coursekit.transfer.grad_cam import grad_cam, stages

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="little-data"
# ## Ten kinds, five pictures of each
#
# The course draws a small world of its own: things in front of cluttered grounds, in any colour,
# size and light. Here are ten kinds of them. Look along a row: what stays the same?

# %% id="sheet" tags=["shown"]
folder = course_folder("data") / "things"
things = data.image_folder(folder)
figures.colour_sheet(things.train, title="Ten kinds of thing, 64×64 pixels, five of each")

# %% [markdown] id="sheet-reading" slide="slide"
# Neither colour nor place nor size stays, only the form, and even that is sometimes half hidden.
# From five pictures of each kind, a network with random weights would have to find that out.
#
# It is trained below until it knows them. Ten kinds make chance 0.10: what do you expect on new
# pictures?

# %% id="scratch"
train = things.train.take(transfer_curve.draw_few(things.train.labels, 5, seed=0))
scaled = transfer.Preprocess(64, 64)
learned, new = ((scaled(part.images), part.labels) for part in (train, things.test))
network = models.SmallResNet(10)
training.fit(network, learned, num_epochs=40, batch_size=32, learning_rate=0.002)
by_heart, scratch = (training.evaluate(network, part).accuracy for part in (learned, new))
training.measured("accuracy on the fifty pictures", by_heart, above=0.95)
training.measured("on four hundred new ones", scratch, below=0.25)

# %% [markdown] id="scratch-reading"
# It knows its fifty pictures by heart, and of new ones next to nothing: a background with the right
# colours explains fifty pictures as well as a form does. More data would help, and you have none. A
# network that has seen other things already knows about edges, colours and forms.

# %% [markdown] id="two-tracks"
# ## A pretrained network, on one of two tracks
#
# `load_backbone` looks for ResNet-18 with weights learned on ImageNet, a million photographs, in
# PyTorch's cache, and tries to fetch them. Where that fails it takes a small network that ships with
# the course. The code is the same for both. The next cell says which one you have.

# %% id="backbone" tags=["nbval-ignore-output"]
backbone = transfer.load_backbone()
print(backbone)
print(textwrap.fill(backbone.notice, 90))

# %% [markdown] id="tracks-meaning" slide="slide"
# What is the difference? The network of the course, SmallResNet, learned 69 other kinds of drawn
# thing, none of the ten above, and its features fit this drawn world. ResNet-18 learned photographs,
# and its features fit photographs. Across that border a pretrained network can lose to one from
# scratch: on 20 photographs each of ants and bees ours does.
#
# Run the lesson offline for the figures that it quotes. For your own photographs take ResNet-18; the
# lesson then runs some minutes longer.

# %% id="how-resnet-loads"
from torchvision.models import ResNet18_Weights

weights = ResNet18_Weights.DEFAULT
expected = weights.transforms()
print(weights, "learned", len(weights.meta["categories"]), "classes; images of", expected.crop_size)
print("mean", expected.mean, "std", expected.std)

# %% [markdown] id="weights-enum"
# `resnet18(weights=ResNet18_Weights.DEFAULT)` builds the network with them. Older code says
# `pretrained=True`, deprecated since torchvision 0.13: it left open which weights those are, and how to
# prepare an image for them. The enum names the weights and brings the transforms along.

# %% [markdown] id="knows"
# ## What it knows
#
# Send one picture through and look at the maps of each stage. The first are still a picture. What
# happens to size and number of maps on the way?

# %% id="layers"
one = backbone.preprocess(things.test.images[80])
maps = {name: found[0] for name, found in stages(backbone.model, one).items()}
figures.layer_features(
    backbone.preprocess.undo(one)[0],
    {name: maps[name] for name in ("conv1", "layer1", "layer2", "layer3", "layer4")},
    says="one picture, and eight maps of each of five stages: edges and colours first, then coarser "
    "maps, each strong in a few places.",
)

# %% [markdown] id="layers-reading"
# Maps shrink and multiply, as in lesson 5. Early ones show edges and patches of colour, which any
# task can use. The last ones answer at few places, to forms that were useful for the old task. Their
# means over the picture are the *features*, and only the head behind them knows the old classes.

# %% [markdown] id="prepare"
# ## What the network expects
#
# It learned from pixels that were scaled, centred and divided, channel by channel. Pictures that
# come in any other way are strange to it, and nothing warns you.

# %% [markdown] id="exercise-normalise"
# ### Exercise 7.1: what the network expects


# %% id="answer-normalise"
def normalise(images, mean, std):
    """Return the images as a pretrained network expects them.

    images: (N, 3, H, W) uint8, 0 to 255. mean, std: (3,), one for each channel, in units where
    white is 1. Returns (N, 3, H, W) float.
    A red pixel [255, 0, 0] with mean [0.5, 0.5, 0] and std [0.5, 0.25, 1] becomes [1, -2, 0].
    """
    ### BEGIN SOLUTION
    scaled = images.float() / 255
    return (scaled - mean.view(3, 1, 1)) / std.view(3, 1, 1)
    ### END SOLUTION


# %% id="check-normalise"
check("7.1", normalise)

# %% [markdown] id="wrong-preparation" slide="slide"
# `backbone.preprocess` does that, and also resizes and crops. What do mistakes cost? How similar are
# the features of a picture, prepared wrongly, to the right ones: 1 is the same direction.

# %% id="preparation-cost"
pixel = things.test.images[:100]
right = backbone.preprocess(pixel)
wrong = {
    "as it should be": right,
    "0 to 255": pixel.float(),
    "0 to 1": pixel / 255,
    "blue first": right.flip(1),
}
with torch.no_grad():
    wanted = backbone.model.features(right)
    for name, batch in wrong.items():
        found = backbone.model.features(F.interpolate(batch, right.shape[-2:]))
        same = F.cosine_similarity(wanted, found).mean()
        print(f"{name:16} similarity of the features {same:.1f}")

# %% [markdown] id="preparation-reading" slide="notes"
# Nothing fails, and yet the features of unscaled pictures are others. Blue first costs *this* network
# nothing: it learned things of any colour. One that learned photographs knows skies and skin, and
# minds. OpenCV's `imread` gives blue first, Pillow red.

# %% [markdown] id="image-folder"
# ## A folder of pictures is a data set
#
# torchvision's `ImageFolder` reads pictures from folders that are named like the classes:
# `root/key/one.jpg`, `root/snail/any/depth/two.jpg`. The sorted names of the folders become the
# labels 0, 1, 2 and so on.

# %% id="torchvision-folder"
from torchvision.datasets import ImageFolder

plain = ImageFolder(folder / "train")
image, label = plain[60]
print(len(plain), "pictures;", "classes", *plain.classes)
print("the picture in place 60:", image.size, "label", label, "which is", plain.classes[label])

# %% [markdown] id="folder-report"
# It stops at the first damaged file and at a class without pictures, and it numbers the classes of
# each folder anew: where `val` lacks one, the labels after it mean something else. `data.image_folder`
# reads the same layout once, into tensors, and reports what it did. About the things it said:

# %% id="report"
things

# %% [markdown] id="report-reading"
# 40 of each kind to learn from, ten held out to choose with, forty to test with at the end. Where a
# folder `val` is missing, a fifth of each class is drawn for it.

# %% [markdown] id="augment"
# ## More pictures from the same ones
#
# A cat that is turned a little, mirrored or in other light is still a cat. So each time a picture
# is used, it may be changed at random. torchvision's `v2` transforms do that, on tensors too.
#
# Look for a row in which you would no longer give the same label.

# %% id="augmentations"
cat = (data.photograph(gray=False) * 255).to(torch.uint8)
transforms = {
    "ColorJitter": v2.ColorJitter(brightness=0.5, hue=0.3),
    "RandomPerspective": v2.RandomPerspective(distortion_scale=0.6, p=1.0),
    "RandomRotation": v2.RandomRotation(degrees=25),
    "GaussianBlur": v2.GaussianBlur(kernel_size=15, sigma=(0.1, 5.0)),
    "RandomAdjustSharpness": v2.RandomAdjustSharpness(sharpness_factor=6, p=0.5),
    "RandomResizedCrop (and Resize)": v2.RandomResizedCrop(size=160, scale=(0.3, 1.0)),
    "RandomHorizontalFlip": v2.RandomHorizontalFlip(),
    "RandomVerticalFlip": v2.RandomVerticalFlip(),
}
figures.augmentations(cat, transforms)

# %% [markdown] id="augment-reading"
# A cat survives all of these, if oddly coloured. But the task decides. A change of hue turns a ripe
# tomato into an unripe one, a mirror turns "left shoe" into "right shoe", and a crop may cut off
# what the label names. Augment what would not change your own answer.

# %% [markdown] id="exercise-augment"
# ### Exercise 7.2: which augmentation keeps the label?

# %% id="digits"
picture("7.2")

# %% id="answer-augment"
### BEGIN SOLUTION
letter_of_augmentation = "C"
### END SOLUTION

# %% id="check-augment"
check("7.2", letter_of_augmentation)

# %% [markdown] id="augment-rule" slide="slide"
# Random changes belong to training alone. In validation, test and use, a picture is resized,
# cropped and normalised, always in the same way. A pipeline for training ends as that for use does:

# %% id="pipelines"
size, mean, std = backbone.preprocess.size, backbone.preprocess.mean, backbone.preprocess.std
to_input = [v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean, std)]
learning = v2.Compose(
    [v2.RandomResizedCrop(size, (0.6, 1.0)), v2.RandomHorizontalFlip(), *to_input]
)
using = v2.Compose([v2.Resize(size), v2.CenterCrop(size), *to_input])
batch = torch.stack([things.test.images[80]] * 2)
print("in use, the same twice:", torch.equal(using(batch[:1]), using(batch[1:])))
print("in training, the same twice:", torch.equal(learning(batch[:1]), learning(batch[1:])))

# %% [markdown] id="freeze"
# ## Freeze the body, replace the head
#
# The body knows how to see; only the head is tied to the old classes. So keep the body as it is,
# and give it a new head. Freezing means: no gradient, no step. In PyTorch each parameter says of
# itself whether it learns, in `requires_grad`.

# %% [markdown] id="exercise-freeze"
# ### Exercise 7.3: freeze all but the head
#
# `check` tries your function on networks of a few numbers, and reads off `requires_grad` of each of
# their parameters.


# %% id="answer-freeze"
def freeze(model):
    """Freeze the model in place: only the parameters of its head, model.fc, go on learning.

    model: an nn.Module whose last layer is model.fc.
    A body and a head of one linear layer each: requires_grad becomes False, False, True, True.
    """
    ### BEGIN SOLUTION
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parameter in model.fc.parameters():
        parameter.requires_grad = True
    ### END SOLUTION


# %% id="check-freeze"
check("7.3", freeze)

# %% [markdown] id="exercise-head"
# ### Exercise 7.4: a head of your own
#
# The body is frozen already, so that what learns afterwards is the new head.


# %% id="answer-head"
def replace_head(model, num_classes):
    """Give the model a fresh head, in place, for another number of classes.

    model: frozen throughout; its last layer, model.fc, is an nn.Linear.
    A head from 4 features to 3 classes, with num_classes 2, becomes one from 4 to 2.
    """
    ### BEGIN SOLUTION
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    ### END SOLUTION


# %% id="check-head"
check("7.4", replace_head)

# %% [markdown] id="exercise-count"
# ### Exercise 7.5: count what learns


# %% id="answer-count"
def count_trainable(model):
    """Return how many numbers of the model learn.

    model: an nn.Module; some of its parameters may be frozen.
    A single nn.Linear(4, 3) that is not frozen gives 15.
    """
    ### BEGIN SOLUTION
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
    ### END SOLUTION


# %% id="check-count"
check("7.5", count_trainable)

# %% [markdown] id="freeze-predict" slide="slide"
# `backbone.adapted(classes)` is a copy with a fresh head. Before you run the cell: with 256 features
# and ten kinds, how many numbers learn?

# %% id="frozen-network"
own = backbone.adapted(things.classes)
transfer.freeze(own.model, except_="fc")
learning_numbers = sum(p.numel() for p in transfer.trainable(own.model))
share = learning_numbers / sum(p.numel() for p in own.model.parameters())
figures.frozen_network(
    own.model, title=f"{learning_numbers:,} numbers learn, {share:.1%} of the network"
)

# %% [markdown] id="frozen-reading"
# Here $256 \cdot 10 + 10 = 2570$; with ResNet-18's 512 features it is 5130. A network of a million numbers could learn fifty pictures by heart in
# many ways; 2570 numbers on good features leave it far fewer.
#
# An optimiser gets what learns, and nothing else: `Adam(transfer.trainable(model))`.

# %% [markdown] id="probe"
# ## The linear probe: features once
#
# A frozen body gives the same features for the same picture, every time. So compute them once, keep
# them, and train the head on them alone. That is a *linear probe*: it asks what a plane can read off
# the features.

# %% id="cache"
test_inputs = backbone.preprocess(things.test.images)
features = transfer.cache_features(backbone.model, backbone.preprocess(train.images))
test_features = transfer.cache_features(backbone.model, test_inputs)
print("features to learn from:", tuple(features.shape), "to test with:", tuple(test_features.shape))
print("do they need gradients?", features.requires_grad)

# %% [markdown] id="exercise-probe"
# ### Exercise 7.6: one step of the linear probe
#
# Lesson 6 derived it: the gradient for a score is probability minus truth.


# %% id="answer-probe"
def probe_step(features, labels, weight, rate):
    """Return the weight of a linear head after one step on the mean cross-entropy.

    features: (N, F), cached, one row an image. labels: (N,) int64. weight: (classes, F).
    The scores are features times weight, without a bias. The gradient for the row of a class is
    the mean over images of (its probability − 1 where it is the true class) times the features.
    Features [[4, 0]], label 0, a weight of zeros for two classes, rate 0.5: [[1, 0], [-1, 0]].
    """
    ### BEGIN SOLUTION
    probabilities = (features @ weight.T).softmax(dim=1)
    wrong_by = probabilities - F.one_hot(labels, len(weight))
    return weight - rate * wrong_by.T @ features / len(labels)
    ### END SOLUTION


# %% id="check-probe"
check("7.6", probe_step)

# %% [markdown] id="probe-predict" slide="slide"
# `transfer.linear_probe` takes such steps until the loss is at its minimum, and holds the weights
# small. It needs no picture and no body any more. From scratch the network stayed below 0.25. What
# do you expect of 2570 numbers on the features of another task?

# %% id="probe-accuracy"
head = transfer.linear_probe(features, train.labels)
probe = training.evaluate(head, (test_features, things.test.labels)).accuracy
training.measured("linear probe, test accuracy", probe, above=0.7)
training.measured("ahead of scratch by", probe - scratch, above=0.5)

# %% [markdown] id="curve"
# ## From how many images does which method pay?
#
# One draw of five pictures proves little. So it was measured: three methods, from 1 to 50 pictures
# of each kind, five draws each. *Fine-tuned* means that after the probe the body learned on, too;
# that is next. Which method would you choose at 2, and which at 50?

# %% id="curve-figure" tags=["shown"]
names = {"scratch": "from scratch", "frozen": "linear probe", "fine-tuned": "fine-tuned"}
table = {
    names[way]: {int(count): runs for count, runs in row.items()}
    for way, row in results.load("transfer_curve")["rows"].items()
}
lead = 100 * (sum(table["linear probe"][5]) - sum(table["from scratch"][5])) / 5
title = f"With 5 images a class, pretrained features lead by {lead:.0f} points"
figures.transfer_curve(table, chance=0.1, title=title)

# %% [markdown] id="curve-reading" slide="slide"
# One picture of each kind on borrowed features, 57 %, is worth more than fifty without them, 49 %.
# From scratch, ten of each kind still teach next to nothing, and there the gap is widest: 71 points.
# Probe and fine-tuned lie within a point or two of each other. At 50 every draw takes all pictures.
#
# The two points that you measured above, with one draw each, against the mean of the five:

# %% id="curve-live"
for method, accuracy in {"from scratch": scratch, "linear probe": probe}.items():
    mean = sum(table[method][5]) / 5
    training.measured(
        f"{method}: mean of five {mean:.3f}, one draw",
        accuracy,
        above=mean - 0.1,
        below=mean + 0.1,
        digits=3,
    )

# %% [markdown] id="exercise-curve"
# ### Exercise 7.7: read the curve
#
# Another task has another curve. This one was made up for the question.

# %% id="leaves"
picture("7.7")

# %% id="answer-curve"
### BEGIN SOLUTION
letter_of_method = "C"
### END SOLUTION

# %% id="check-curve"
check("7.7", letter_of_method)

# %% [markdown] id="fine-tuning"
# ## Fine-tune, with two rates
#
# With the head in place, the body may learn on: its features were made for other things. But the
# head began from nothing and the body did not. A rate that suits the one ruins the other, so each
# gets its own, in a *parameter group*.

# %% [markdown] id="exercise-rates"
# ### Exercise 7.8: two learning rates
#
# `check` hands your groups to an optimiser and reads the rate at which it moves each parameter.


# %% id="answer-rates"
def parameter_groups(model, head_rate, body_rate):
    """Return the groups for an optimiser: a list of dicts, each with "params" and "lr".

    model: its head is model.fc, the rest is the body; some of the body may be frozen. The head
    learns at head_rate, what else learns at body_rate; frozen parameters are in no group.
    For a body and a head of one linear layer each: two dicts, with two parameters in each.
    """
    ### BEGIN SOLUTION
    head, body = [], []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (head if name.startswith("fc.") else body).append(parameter)
    return [{"params": head, "lr": head_rate}, {"params": body, "lr": body_rate}]
    ### END SOLUTION


# %% id="check-rates"
check("7.8", parameter_groups)

# %% [markdown] id="exercise-bug"
# ### Exercise 7.9: spot the bug
#
# Every parameter is frozen, no optimiser runs, and yet `accuracy` differs from call to call. `batches`
# draws a new order each time. Lesson 5 has what it takes to find the line.
#
#     1   transfer.freeze(model)
#     2   for x, y in batches:
#     3       scores = model(x)
#     4       correct += (scores.argmax(dim=1) == y).sum()
#     5   accuracy = correct / len(labels)

# %% id="answer-bug"
### BEGIN SOLUTION
letter_of_line = "B"
### END SOLUTION

# %% id="check-bug"
check("7.9", letter_of_line)

# %% [markdown] id="modes" slide="slide"
# **train() and eval().** Freezing does not stop everything. In train mode, batch norm takes mean and
# variance from the batch, and moves its stored ones towards them, with or without gradients. With
# few pictures that is noise. Watch a frozen network change its mind about one picture:

# %% id="modes-cost"
model = backbone.adapted(things.classes).model.requires_grad_(False)
one, companies = test_inputs[:1], (test_inputs[1:8], test_inputs[8:15])
before = model.bn1.running_mean.clone()
for mode in (True, False):
    model.train(mode)
    first, second = (model(torch.cat([one, others]))[0] for others in companies)
    same = torch.allclose(first, second, atol=1e-3)
    print("train mode:" if mode else "eval mode: ", "same scores in other company:", same)
print("stored mean as it was:", torch.equal(before, model.bn1.running_mean))

# %% [markdown] id="modes-reading"
# Call `eval()` before every evaluation, and before caching features. The passes in train mode have
# moved the stored mean: this network is damaged, although nothing in it was allowed to learn.

# %% [markdown] id="frozen-norm" slide="slide"
# Batch norm must stay in eval mode, and `keep_norm_frozen` holds it there whatever `train()` says.
# `fine_tune` does so, with two rates and augmented pictures. Ten pictures of each kind:

# %% id="fine-tune"
more = things.train.take(transfer_curve.draw_few(things.train.labels, 10, seed=0))
inputs = backbone.preprocess(more.images)
tuned = backbone.adapted(things.classes)
tuned.model.fc = transfer.linear_probe(transfer.cache_features(backbone.model, inputs), more.labels)
probed = training.evaluate(tuned.model, (test_inputs, things.test.labels)).accuracy
history = transfer.fine_tune(
    tuned.model, (inputs, more.labels), augment=transfer.augment, **transfer_curve.TUNING
)
fine = training.evaluate(tuned.model, (test_inputs, things.test.labels)).accuracy

# %% id="fine-tune-result"
training.measured("probe, 10 of each", probed, above=0.8)
training.measured("fine-tuned", fine, above=probed - 0.05, below=probed + 0.05)

# %% [markdown] id="fine-tune-reading" slide="notes"
# Here fine-tuning changes little, one way or the other: the ten new kinds look much like the 69 old
# ones, so the features fit already. The further your pictures are from what the network learned, the
# more the body has to move, and the more pictures that takes.

# %% [markdown] id="looks"
# ## Where does it look?
#
# A right answer can have a wrong reason: snow for wolves, a ruler for skin cancer. *Grad-CAM* asks
# the last maps before the head. How much would the score of a class grow with each map? That is a
# gradient. Weight the maps with it, add them up, keep what is positive:
#
# $$w_c = \frac{1}{hw} \sum_{i,j} \frac{\partial\, \text{score}}{\partial A^c_{ij}}, \qquad
# \text{heat}_{ij} = \max\Bigl(0, \sum_c w_c A^c_{ij}\Bigr)$$

# %% id="cam-by-hand" slide="slide"
kept = []
handle = tuned.model.layer4.register_forward_hook(lambda *call: kept.append(call[2]))
scores = tuned.model.eval()(test_inputs[:1])
handle.remove()
(gradient,) = torch.autograd.grad(scores.max(), kept[0])
heat = (gradient.mean(dim=(2, 3), keepdim=True) * kept[0]).sum(dim=1).relu()
print("maps", tuple(kept[0].shape), "heat", tuple(heat.shape))

ours = grad_cam(tuned.model, test_inputs[:1], tuned.model.layer4)
step = ours.shape[-1] // heat.shape[-1]  # cell i of the maps looks around pixel i · step
print("grad_cam agrees:", torch.allclose(ours[:, ::step, ::step], heat / heat.max(), atol=1e-4))

# %% [markdown] id="cam-predict" slide="slide"
# Now two pictures of the test set, an umbrella that the network calls an umbrella and a key that it
# calls something else. What do you expect under the heat in each?

# %% id="cam-figure"
logits = training.predict(tuned.model, test_inputs)
called, wanted = logits.argmax(dim=1), things.test.labels
chosen = [388, 136]
heat = grad_cam(tuned.model, test_inputs[chosen], tuned.model.layer4)
figures.heat_maps(
    backbone.preprocess.undo(test_inputs[chosen]),
    heat,
    [f"is {things.classes[wanted[n]]},\ncalled {things.classes[called[n]]}" for n in chosen],
    right=(called == wanted)[chosen].tolist(),
    says="a success, with the heat on the umbrella's canopy, and a failure, with the heat beside "
    "the key.",
)

# %% [markdown] id="cam-reading"
# The umbrella is called for its canopy, and strokes that cross it do no harm. The key is called a
# snail, and the heat lies beside it, on the curved strokes of the background: the network did not
# misread the key, it hardly looked at it. A shop would now collect more keys on cluttered grounds.

# %% [markdown] id="keep"
# ## Save, load, and ask about a file
#
# What has to be kept? The weights, of course. Also the names of the classes, in order, and the
# transforms: without them the numbers mean nothing. `transfer.save` stores all three, as tensors
# and plain values, so that a file from elsewhere can run no code on your machine.

# %% id="save-load"
workplace = tempfile.TemporaryDirectory()
path = transfer.save(Path(workplace.name) / "things.pt", tuned)
training.measured(f"{path.name}, in MB", path.stat().st_size / 1e6, above=3, below=60, digits=1)
again = transfer.load(path)
same = torch.equal(training.predict(again.model, test_inputs[:8]), logits[:8])
print("the same scores after loading:", same, "| in eval mode:", not again.model.training)

# %% [markdown] id="ask-file" slide="slide"
# A file goes the way of the training pictures: upright, in colour, red first, resized, cropped,
# normalised. `predict_file` does all of it, in eval mode.

# %% id="predict-file"
files = [folder / "test" / kind / "007.jpg" for kind in ("snail", "umbrella")]
predictions = [transfer.predict_file(again, file)[:3] for file in files]
figures.file_predictions(
    files, predictions, says="two files, each with its three most likely classes."
)

# %% [markdown] id="own-folder"
# ## Your own folder, from start to end
#
# Real folders are untidy: phones turn pictures, a download breaks, someone leaves a list among the
# images. The next cell makes such a folder, from the course's pictures.

# %% id="messy-folder"
from PIL import Image

mine = Path(workplace.name) / "my_pictures"
exif = Image.Exif()
for kind in ("guitar", "snail", "teapot"):
    (mine / kind / "from phone").mkdir(parents=True)
    for number, file in enumerate(sorted((folder / "train" / kind).glob("*.jpg"))[:15]):
        image = Image.open(file).convert("L" if number == 3 else "RGB").resize((90, 70 + number))
        exif[0x0112] = 3 if number < 2 else 1  # orientation: upside down, or upright
        image = image.rotate(180) if number < 2 else image
        place = mine / kind / ("from phone" if number < 2 else "")
        image.save(place / f"{number}.{('jpg', 'png', 'webp')[number % 3]}", exif=exif)
for name in ("teapot/broken.jpg", "snail/list.txt", ".DS_Store"):
    (mine / name).write_bytes(b"half a download")
(mine / "umbrella").mkdir()

# %% [markdown] id="own-report" slide="slide"
# Read the report before you train: what was skipped or changed, and would you have noticed?

# %% id="own-read"
pictures = data.image_folder(mine, size=backbone.preprocess.size)
pictures

# %% [markdown] id="own-train" slide="slide"
# Then the whole lesson in a few lines: features once, a head, its score on what was held out.


# %% id="own-head"
def features_of(part):
    return transfer.cache_features(backbone.model, backbone.preprocess(part.images))


own = backbone.adapted(pictures.classes)
own.model.fc = transfer.linear_probe(features_of(pictures.train), pictures.train.labels)
held_out = features_of(pictures.validation), pictures.validation.labels
score = training.evaluate(own.model.fc, held_out).accuracy
count = len(pictures.validation)
training.measured(f"held out: {count} pictures, right", score * count, above=5.5, digits=0)

# %% [markdown] id="own-save" slide="skip"
# Save it, load it as another program would, and ask about a picture that was never in the folder.

# %% id="own-predict" slide="skip"
saved = transfer.save(Path(workplace.name) / "own.pt", own)
best, *_ = transfer.predict_file(transfer.load(saved), folder / "test" / "guitar" / "003.jpg")
print("test/guitar/003.jpg is a", best.name)

# %% [markdown] id="own-reading" slide="notes"
# Nine pictures are too few to tell a good model from a fair one: a score wants a hundred or more.
# With photographs, do this on the online track: set `mine` to your folder's path and let
# `load_backbone` fetch ResNet-18. PyTorch's tutorial data, ants and bees, has this layout too.

# %% [markdown] id="projects"
# ## Two projects
#
# **Products.** Shopee's product detection task for students on Kaggle: photographs of goods in 42
# categories, some labelled wrongly. Begin with 20 pictures of each category and a linear probe;
# then draw your own curve, and stop where it flattens. Look at the worst mistakes of lesson 6: which
# labels are wrong?

# %% [markdown] id="apparel" slide="slide"
# **Apparel.** A case study sorts garments in colour, 128×128: a fully connected network reached
# about 40 %, a convolutional one about 50 %. Photograph or collect garments of five classes, fifty
# of each.
#
# Compare your LeNet of lesson 6, a linear probe and fine-tuning, with five draws each. Which
# augmentation would hurt here? Check with Grad-CAM that the network looks at the garment and not at
# the person.

# %% id="tidy"
workplace.cleanup()
print("the temporary folder is gone:", not mine.exists())

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. Folders named like classes are a data set; the report says what was skipped, and why.
# 2. A network wants pictures as it learned them; an augmentation must not change your own answer.
# 3. Freeze, replace the head, compute features once: a linear probe learns in a moment.
# 4. With few images, borrowed features decide: here one picture on them beats fifty without.
# 5. Two rates, because the head is new and the body is not; batch norm in eval mode, or it drifts.
# 6. Grad-CAM shows where the score came from; a saved model is weights, classes and transforms.
#
# This is the end of the course: from one weighted sum to a model of your own. To go on, take one of
# the projects, then read *Dive into Deep Learning* from residual networks to attention, or rebuild
# ResNet-18 from its paper with the blocks of lesson 5.
