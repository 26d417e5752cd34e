# %% [markdown] id="title"
# # Transfer learning
#
# You have twenty pictures of each thing that you want to tell apart. The network below has seen
# 1.28 million pictures of other things. How much of what it knows can you borrow, and when is it worth
# nothing?
#
# | | |
# |---|---|
# | Time | 75 minutes |
# | You need | lessons 5 and 6: a network's parts, a training loop |
# | Exercises | nine, where they belong |
# | At the end | your own photographs in your own classes, told apart by your own network |

# %% [markdown] id="claims"
# When you close this lesson you can
#
# 1. read a folder of pictures as a data set, and say what was skipped and why;
# 2. prepare pictures as a pretrained network expects them, and augment them without harm;
# 3. freeze a network, give it a head of your own, and train that head on cached features;
# 4. say which backbone fits your pictures, and how many pictures each method needs;
# 5. fine-tune with two learning rates, and keep batch norm and modes out of trouble;
# 6. see where a network looks, save it, and ask it about a file.

# %% id="imports"
import copy
import tempfile
from pathlib import Path

import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F
from torchvision.transforms import v2

from coursekit import data, figures, models, training, transfer
from coursekit.data.picture import read_picture
from coursekit.examples import detectors
from coursekit.examples.board import survives
from coursekit.exercises import check, guess, own, picture, reveal, warm_up
from coursekit.explorer import Explorer
from coursekit.machine.paths import course_folder
from coursekit.studies import results
from coursekit.studies.transfer_curve import draw_few
from coursekit.transfer.grad_cam import grad_cam, stages

torch.manual_seed(0)
torch.set_printoptions(precision=4, sci_mode=False)

# %% [markdown] id="warm-up-intro" slide="skip"
# Three questions on earlier lessons first, a minute each. Put your answers in place of the dots.

# %% id="warm-up" slide="skip"
warm_up(7, ..., ..., ...)

# %% [markdown] id="names-cat"
# ## It has never seen this cat
#
# The cat of this course, and a network that knows 1,000 names of things. Nothing of it was trained
# here: its 4.7 million numbers came in a file of 19 MB. The next cell asks it for its five most likely
# names. How many of the five will be names of cats?

# %% id="guess-cat"
guess("7.cat", ...)

# %% id="cat-named" tags=["hide-input"]
reveal("7.cat")
photographs = transfer.load_backbone("photographs")
cat_file = course_folder("data") / "photographs" / "cat.png"
named = transfer.predict_file(photographs, cat_file)
figures.file_predictions(
    [cat_file], [named[:5]], says="the cat, and the five names that the network finds most likely."
)

# %% [markdown] id="cat-reading"
# Three kinds of house cat share nearly all the probability, and the lynx is a cat as well. The fifth
# is a feather boa, with a thousandth: fur.

# %% [markdown] id="learned-from" slide="slide"
# **What did it learn from?** *ImageNet*: photographs from the web, each with one of 1,000 names, among
# them 120 breeds of dogs. There is no "cat", only kinds of cats; no "person", no "drawing". It can
# answer nothing else.
#
# So ask it about something else: drawings of this course. Which of the ten names below would you
# accept?

# %% id="drawings-named" tags=["hide-input"]
folder = course_folder("data") / "things"
drawn_files = [folder / "test" / kind.name / "003.jpg" for kind in sorted(folder.glob("test/*"))]
called = [transfer.predict_file(photographs, file)[0] for file in drawn_files]
figures.named_pictures(
    [read_picture(file).pixels for file in drawn_files],
    [f"{file.parent.name}:\n“{best.name}”" for file, best in zip(drawn_files, called, strict=True)],
    title="What a network that learned photographs calls ten drawings",
)

# %% [markdown] id="drawings-reading"
# None. Guitar, snail, mushroom and umbrella are among its names, and yet it reads strokes and
# clutter as something else. Its last layer is useless here. Are the 1,280 *features* below that layer
# useless too? Keep the question: we measure it.

# %% [markdown] id="layers-intro" slide="skip"
# Send the cat through, and look at the maps of five stages. Follow two things from row to row: how large
# the maps are, and how much of the cat you still see.

# %% id="layers" slide="skip"
one = photographs.preprocess(cat_file)
maps = {name: found[0] for name, found in stages(photographs.model, one).items()}
figures.layer_features(
    photographs.preprocess.undo(one)[0],
    {name: maps[name] for name in ("conv1", "layer2", "layer3", "layer5", "layer8")},
    title="Maps shrink and multiply: eight of each stage",
    says="the cat, and eight maps of each of five stages: a cat in other light first, then edges, "
    "then coarser and coarser cells, at last seven by seven.",
)

# %% [markdown] id="layers-reading" slide="skip"
# Early maps show edges and patches of colour, which any task can use. In the last ones, of 7×7, a bright
# cell says that some form is there which was useful for the old task. The blocks that make them are those
# of lesson 5: 1×1, depthwise, 1×1.
#
# The means of the last maps over the picture are the *features*. Only the head behind them knows the old
# names.

# %% [markdown] id="own-early"
# ## Bring your own pictures
#
# Put your photographs into a folder with one folder for each class, `mugs/mine`, `mugs/yours`, some
# forty in each, and write its path below.
#
# Where you have none, the lesson takes the ants and bees of PyTorch's tutorial, if `coursekit fetch
# --all` has brought them. Else it takes drawn things of the course, in a folder as untidy as real ones
# are.

# %% id="my-folder" slide="skip"
my_folder = None  # for example "~/Pictures/mugs"

# %% id="messy-folder" slide="skip"
workplace = tempfile.TemporaryDirectory()  # gone when the kernel stops
untidy = Path(workplace.name) / "things"
exif = Image.Exif()
for kind in ("key", "snail", "teapot", "turtle"):
    (untidy / kind / "from phone").mkdir(parents=True)
    for number, file in enumerate(sorted((folder / "train" / kind).glob("*.jpg"))[:40]):
        image = Image.open(file).convert("L" if number == 3 else "RGB").resize((90, 70 + number))
        exif[0x0112] = 3 if number < 2 else 1  # orientation: upside down, or upright
        image = image.rotate(180) if number < 2 else image
        place = untidy / kind / ("from phone" if number < 2 else "")
        image.save(place / f"{number:02}.{('jpg', 'png', 'webp')[number % 3]}", exif=exif)
for name in ("teapot/broken.jpg", "snail/list.txt", ".DS_Store"):
    (untidy / name).write_bytes(b"half a download")
(untidy / "umbrella").mkdir()

# %% [markdown] id="own-report" slide="skip"
# Read the report before you train on a folder: what was skipped or changed, and would you have
# noticed?

# %% id="own-read" slide="skip" tags=["nbval-ignore-output"]
drawings = transfer.load_backbone("drawings")
mine = Path(my_folder).expanduser() if my_folder else data.ants_and_bees() or untidy
expert = drawings if mine is untidy else photographs
pictures = expert.read_folder(mine, share=0.5)
whose = "your photographs" if my_folder else "ants and bees of PyTorch's tutorial"
whose = "the course's drawn things" if mine is untidy else whose
print(f"These are {whose}; the backbone that fits them is {expert.name!r}.")
pictures

# %% [markdown] id="own-report-reading" slide="skip"
# A picture is turned upright as its camera says, a gray one gets three channels, and what cannot be
# read is named instead of stopping everything. Where the folder has no `val`, half of it is held out:
# those pictures judge, and nothing learns from them.

# %% [markdown] id="own-named" slide="skip"
# Before any training: what does the network with the 1,000 names call your pictures?

# %% id="own-called" slide="skip" tags=["nbval-ignore-output"]
labels = pictures.validation.labels.tolist()
shown = pictures.validation.take([labels.index(k) for k in sorted(set(labels))[:5]])
best = [photographs.preprocess(image) for image in shown.images]
with torch.no_grad():
    best = photographs.model(torch.cat(best)).softmax(dim=1).max(dim=1)
names = [
    f"{pictures.classes[k]}:\n“{photographs.classes[name]}” {chance:.0%}"
    for k, name, chance in zip(shown.labels, best.indices, best.values, strict=True)
]
figures.named_pictures(
    list(shown.images), names, title="Your classes, and the nearest of its names"
)

# %% [markdown] id="own-named-reading" slide="skip"
# Where one of its names is your class, it may know it already. For most classes it has none: two mugs,
# yours and mine, are both a "coffee mug". So the head, the layer that makes names of features, has to be
# your own. At the end of the lesson you train one, and see what it is worth.

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
# Now make mistakes on purpose. The same cat goes in as bytes from 0 to 255, then from 0 to 1, then
# with blue in place of red. What is it called when it comes as **0 to 255**: **A** still a kind of
# cat; **B** another animal; **C** a thing?

# %% id="guess-bytes"
guess("7.bytes", ...)

# %% id="preparation-cost" tags=["hide-input"]
reveal("7.bytes")
normalise = own("7.1", normalise)
frame = photographs.preprocess
pixels = (255 * frame.undo(frame(cat_file))).round().to(torch.uint8)  # (1, 3, 224, 224)
right = normalise(pixels, torch.tensor(frame.mean), torch.tensor(frame.std))
for name, batch in {
    "as it should be": right,
    "0 to 255": pixels.float(),
    "0 to 1": pixels / 255,
    "blue first": right.flip(1),
}.items():
    with torch.no_grad():
        chance, place = photographs.model(batch).softmax(dim=1)[0].max(dim=0)
    print(f"{name:16} {photographs.classes[place]}, {chance:.2f}")

# %% [markdown] id="preparation-cats" slide="notes"
# Bytes make a pillow of the cat, with confidence. The other two still give cats, so you would not
# notice.

# %% [markdown] id="preparation-many" slide="notes"
# One picture hides what many show. So take the network that learned drawings, with a new head for ten
# kinds, and two hundred pictures of them, and count which share of its right answers is kept.

# %% id="preparation-accuracy" slide="skip"
things = data.image_folder(folder)
train = things.train.take(draw_few(things.train.labels, 5, seed=0))
twenty_each = torch.cat([(things.test.labels == k).nonzero()[:20, 0] for k in range(10)])
asked = things.test.take(twenty_each.tolist())
own_frame = drawings.preprocess
mean, std = torch.tensor(own_frame.mean), torch.tensor(own_frame.std)
features = drawings.features(train.images)
head = transfer.linear_probe(features, train.labels)

# %% id="preparation-kept" tags=["hide-input"]
tests, hits = normalise(asked.images, mean, std), {}
for name, batch in {
    "as it should be": tests,
    "0 to 255": asked.images.float(),
    "0 to 1": asked.images / 255,
    "blue first": tests.flip(1),
}.items():
    seen = transfer.cache_features(drawings.model, batch)
    hits[name] = training.evaluate(head, (seen, asked.labels)).accuracy
    kept = hits[name] / hits["as it should be"]
    training.measured(f"{name:16} right answers kept", kept, above=0.1, below=1.1)

# %% [markdown] id="preparation-reading" slide="notes"
# Bytes cost three answers in four. Blue first costs *this* network nothing, since it learned things of
# any colour; one that learned photographs knows skies and skin. OpenCV's `imread` gives blue first,
# Pillow red.

# %% [markdown] id="weights-enum" slide="skip"
# Mean and deviation belong to the weights. torchvision keeps them together: `ResNet18_Weights.DEFAULT`
# names the weights and brings their transforms. Older code says `pretrained=True`, which left both
# open.

# %% id="how-resnet-loads" slide="skip"
from torchvision.models import ResNet18_Weights

weights = ResNet18_Weights.DEFAULT
expected = weights.transforms()
print(weights, "learned", len(weights.meta["categories"]), "classes; images of", expected.crop_size)
print("mean", expected.mean, "std", expected.std)

# %% id="resnet-asked" slide="skip" tags=["nbval-ignore-output"]
from torchvision.models import resnet18

from coursekit.data.weights import cached_file

if cached_file().is_file():
    with torch.no_grad():
        scores = resnet18(weights=weights).eval()(expected(Image.open(cat_file)).unsqueeze(0))
    print("ResNet-18 calls the cat", weights.meta["categories"][scores.argmax()])
else:
    print("ResNet-18's weights are not on this machine; coursekit fetch --all brings them.")

# %% [markdown] id="how-resnet-loads-reading" slide="skip"
# Its classes are the same 1,000. `load_backbone("resnet18")` wraps it, so that you can use it in
# place of the others: all three have parts of the same names, `conv1`, `layer1` and so on, and `fc`,
# the head.

# %% [markdown] id="image-folder" slide="skip"
# ## A folder of pictures is a data set
#
# torchvision's `ImageFolder` reads pictures from folders that are named like the classes:
# `root/key/one.jpg`, `root/snail/any/depth/two.jpg`. The sorted names of the folders become the
# labels 0, 1, 2 and so on. Here are the drawn things that the preparation was tried on.

# %% id="torchvision-folder" slide="skip"
from torchvision.datasets import ImageFolder

plain = ImageFolder(folder / "train")
image, label = plain[60]
print(len(plain), "pictures;", "classes", *plain.classes)
print("the picture in place 60:", image.size, "label", label, "which is", plain.classes[label])

# %% [markdown] id="folder-report" slide="skip"
# It stops at the first damaged file and at a class without pictures, and it numbers the classes of
# each folder anew: where `val` lacks one, the labels after it mean something else. `data.image_folder`
# reads the same layout once, into tensors, and reports what it did:

# %% id="report" slide="skip"
things

# %% [markdown] id="little-data"
# ## Ten kinds, five pictures of each
#
# The course draws a small world of its own: things in front of cluttered grounds, in any colour,
# size and light. Look along a row: what stays the same?

# %% id="sheet" tags=["shown"]
figures.colour_sheet(things.train, title="Ten kinds of thing, 64×64 pixels, five of each")

# %% [markdown] id="sheet-reading" slide="slide"
# Neither colour nor place nor size stays, only the form, and even that is sometimes half hidden.
# From five pictures of each kind, a network with random weights would have to find that out. Train it
# until it knows them. Of new pictures, what share will it get right, from 0 to 1? Guessing gets 0.10.

# %% id="from-scratch" slide="skip"
scaled = transfer.Preprocess(64, 64)


def from_scratch(pictures, num_epochs=8):
    """Return a network that began with random weights and learned these pictures alone."""
    torch.manual_seed(0)
    network = models.SmallResNet(len(pictures.classes))
    learned = scaled(pictures.images), pictures.labels
    training.fit(network, learned, num_epochs=num_epochs, batch_size=10, learning_rate=0.002)
    return network


# %% id="guess-scratch"
guess("7.scratch", ...)

# %% id="scratch" tags=["hide-input"]
reveal("7.scratch")
network = from_scratch(train)
by_heart, scratch = (
    training.evaluate(network, (scaled(part.images), part.labels)).accuracy
    for part in (train, things.test)
)
training.measured("accuracy on the fifty pictures", by_heart, above=0.95)
training.measured("on four hundred new ones", scratch, below=0.25)

# %% [markdown] id="scratch-reading"
# It knows its fifty pictures by heart, and of new ones next to nothing: a background with the right
# colours explains fifty pictures as well as a form does. More data would help, and you have none. A
# network that has seen other things already knows about edges, colours and forms.

# %% [markdown] id="augment"
# ## More pictures from the same ones
#
# A cat that is turned a little, mirrored or in other light is still a cat. So each time a picture
# is used, it may be changed at random. torchvision's `v2` transforms do that, on tensors too.
#
# Look for a row in which you would no longer give the same label.

# %% id="augmentations" tags=["hide-input"]
cat = (data.photograph(gray=False) * 255).to(torch.uint8)
transforms = {
    "ColorJitter": v2.ColorJitter(brightness=0.5, hue=0.3),
    "RandomPerspective": v2.RandomPerspective(distortion_scale=0.6, p=1.0),
    "RandomRotation": v2.RandomRotation(degrees=25),
    "GaussianBlur": v2.GaussianBlur(kernel_size=21, sigma=(0.1, 6.0)),
    "RandomAdjustSharpness": v2.RandomAdjustSharpness(sharpness_factor=9, p=0.5),
    "RandomResizedCrop (and Resize)": v2.RandomResizedCrop(size=160, scale=(0.2, 0.8)),
    "RandomHorizontalFlip": v2.RandomHorizontalFlip(),
    "RandomVerticalFlip": v2.RandomVerticalFlip(),
}
torch.manual_seed(2)
figures.augmentations(cat, transforms, title="One cat, four draws of each transform")

# %% [markdown] id="augment-reading"
# A cat survives all of these, if oddly coloured. But the task decides. A change of hue turns a ripe
# tomato into an unripe one, a mirror turns "left shoe" into "right shoe", and a crop may cut off
# what the label names. Augment what would not change your own answer.

# %% [markdown] id="exercise-augment"
# ### Exercise 7.2: which augmentation keeps the label?
#
# You sort photographs of handwritten digits, 0 to 9. Which of these may be applied to the training
# pictures, each under its old label?

# %% id="digits"
picture("7.2")

# %% id="answer-augment"
### BEGIN SOLUTION
letter_of_augmentation = "C"
### END SOLUTION

# %% id="check-augment"
check("7.2", letter_of_augmentation)

# %% [markdown] id="augment-rule" slide="skip"
# Random changes belong to training alone. In validation, test and use, a picture is resized,
# cropped and normalised, always in the same way. A pipeline for training ends as that for use does:

# %% id="pipelines" slide="skip"
to_input = [v2.ToDtype(torch.float32, scale=True), v2.Normalize(frame.mean, frame.std)]
learning = v2.Compose(
    [v2.RandomResizedCrop(frame.size, (0.6, 1.0)), v2.RandomHorizontalFlip(), *to_input]
)
using = v2.Compose([v2.Resize(frame.resize), v2.CenterCrop(frame.size), *to_input])
twice = [cat[None], cat[None]]
print("in use, the same twice:", torch.equal(*map(using, twice)))
print("in training, the same twice:", torch.equal(*map(learning, twice)))

# %% [markdown] id="freeze"
# ## Freeze the body, replace the head
#
# The body knows how to see; only the head is tied to the old names. So keep the body as it is, and
# give it a new head. Freezing means: no gradient, no step. In PyTorch each parameter says of itself
# whether it learns, in `requires_grad`.

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

# %% [markdown] id="exercise-count" slide="skip"
# ### Exercise 7.5: count what learns


# %% id="answer-count" slide="skip"
def count_trainable(model):
    """Return how many numbers of the model learn.

    model: an nn.Module; some of its parameters may be frozen.
    A single nn.Linear(4, 3) that is not frozen gives 15.
    """
    ### BEGIN SOLUTION
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
    ### END SOLUTION


# %% id="check-count" slide="skip"
check("7.5", count_trainable)

# %% [markdown] id="freeze-predict" slide="slide"
# Your three functions now meet the network that named the cat: freeze a copy of it, and give it a
# head for the ten kinds. It makes 1,280 features of a picture. How many of its numbers learn?

# %% id="guess-learns"
guess("7.learns", ...)

# %% id="frozen-network" tags=["hide-input"]
reveal("7.learns")
freeze = own("7.3", freeze)
replace_head = own("7.4", replace_head)
count_trainable = own("7.5", count_trainable)
model = copy.deepcopy(photographs.model)
freeze(model)
replace_head(model, len(things.classes))
learn, there = count_trainable(model), sum(p.numel() for p in model.parameters())
figures.frozen_network(
    model, title=f"{learn:,} numbers learn, {learn / there:.1%} of the network"
).by(freeze, replace_head, count_trainable)

# %% [markdown] id="frozen-reading"
# $1280 \cdot 10 + 10 = 12{,}810$. An optimiser gets what learns, and nothing else:
# `Adam(transfer.trainable(model))`.

# %% [markdown] id="probe"
# ## The linear probe: features once
#
# A frozen body gives the same features for the same picture, every time. So compute them once, keep
# them, and train the head on them alone. That is a *linear probe*: it asks what a plane can read off
# the features.
#
# The small backbone comes first, the one that learned *drawings*: 69 kinds, none of our ten.

# %% id="cache"
features = drawings.features(train.images)
test_features = drawings.features(things.test.images)
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
# Take such steps from a weight of zeros. No picture and no body is needed any more. From scratch the
# network had fewer than a quarter of the new pictures right. What share do you expect after two hundred
# steps on borrowed features?

# %% id="guess-probe"
guess("7.probe", ...)

# %% id="probe-accuracy" tags=["hide-input"]
reveal("7.probe")
probe_step = own("7.6", probe_step)
centre = features.mean(dim=0)
x, new_x = features - centre, test_features - centre
weight = torch.zeros(10, features.shape[1])
for step in range(1, 201):
    weight = probe_step(x, train.labels, weight, 1.0)
    if step in (1, 10, 200):
        by_steps = ((new_x @ weight.T).argmax(dim=1) == things.test.labels).float().mean()
        training.measured(f"after {step:3} of your steps, on new ones", by_steps, above=0.5)

# %% [markdown] id="probe-finished" slide="notes"
# A single step is nearly enough: from zeros, it makes the weights of each kind from the mean of its five
# pictures.

# %% [markdown] id="probe-goes-on" slide="notes"
# `transfer.linear_probe` goes on to the minimum of the loss, and holds the weights small: no rate, no
# seed.

# %% id="probe-minimum"
head = transfer.linear_probe(features, train.labels)
probe = training.evaluate(head, (test_features, things.test.labels)).accuracy
training.measured("linear probe, on new ones", probe, above=0.7)
training.measured("ahead of scratch by", probe - scratch, above=0.5)

# %% [markdown] id="memorise-predict" slide="slide"
# Is it because 2,570 numbers are too few to learn fifty pictures by heart? Try it: shuffle the fifty
# labels, so that they mean nothing. What share of the fifty does the probe get right now?

# %% id="guess-memorise"
guess("7.memorise", ...)

# %% id="memorise" tags=["hide-input"]
reveal("7.memorise")
shuffled = train.labels[torch.randperm(50, generator=torch.Generator().manual_seed(0))]
nonsense = transfer.linear_probe(features, shuffled)
fits = training.evaluate(nonsense, (features, shuffled)).accuracy
training.measured("shuffled labels: right of the fifty", fits, above=0.95)
holds = training.evaluate(nonsense, (test_features, things.test.labels)).accuracy
training.measured("and of new ones", holds, below=0.3)

# %% [markdown] id="memorise-reading"
# All of them. With 256 features, a plane through fifty pictures can tell them apart in any way you
# like. So few numbers are no protection. What helps is that the *features* put things of one form
# close together, so that the plane that is right for fifty is right for others too.

# %% [markdown] id="worlds"
# ## Two backbones, two worlds
#
# You have two bodies now. One learned 1.28 million photographs, the other 69 kinds of drawn thing.
# Take features of each, five pictures of each kind, and a linear probe. On the ten drawn kinds the
# small one just had more than 0.8. What do the photographs' features reach, from the network that
# accepted no drawing for what it was?

# %% id="guess-worlds"
guess("7.worlds", ...)

# %% id="worlds-live" tags=["hide-input"]
reveal("7.worlds")
five_each = torch.cat([(things.test.labels == k).nonzero()[:5, 0] for k in range(10)])
fifty = things.test.take(five_each.tolist())
across = transfer.linear_probe(photographs.features(train.images), train.labels)
seen = photographs.features(fifty.images)
foreign = training.evaluate(across, (seen, fifty.labels)).accuracy
training.measured("features of photographs, on fifty drawings", foreign, above=0.3, below=0.75)

# %% [markdown] id="worlds-across" slide="slide"
# And the other way across? On photographs of ants and bees, five of each, always saying "bees" is
# right for 0.54. What do the features of drawings reach there?

# %% id="guess-ants"
guess("7.ants", ...)

# %% id="worlds-table" tags=["hide-input"]
reveal("7.ants")
study = results.load("photographs")
table = {
    world: {f"features of {name}": study["worlds"][name][world]["5"] for name in study["worlds"]}
    for world in ("drawn things", "ants and bees")
}
figures.worlds(
    table,
    chance=[0.1, study["majority"]],
    title="Each is best at home: five of each kind, mean of five draws",
)

# %% [markdown] id="worlds-reading"
# Each backbone is best at home. The large one loses on drawings to one with a quarter of its numbers;
# the small one is of no use for photographs. A pretrained network is no general eye. Before you
# borrow, ask what it learned from.

# %% [markdown] id="curve"
# ## How many pictures does each method need?
#
# One draw of five pictures proves little. So it was measured: from 1 to 50 pictures of each drawn
# kind, five draws each. *Fine-tuned* means that after the probe the body learned on, too; that is
# next.
#
# How many pictures of each kind does training **from scratch** need to reach what the probe reaches with
# **one**: **A** 5, **B** 20, **C** 50, **D** more than 50?

# %% id="guess-curve"
guess("7.curve", ...)

# %% id="curve-figure" tags=["hide-input"]
reveal("7.curve")
names = {"scratch": "from scratch", "frozen": "linear probe", "fine-tuned": "fine-tuned"}
curve = {
    names[way]: {int(count): runs for count, runs in row.items()}
    for way, row in results.load("transfer_curve")["rows"].items()
}
lead = 100 * (sum(curve["linear probe"][5]) - sum(curve["from scratch"][5])) / 5
title = f"Drawn things, features of drawings: at 5 of each they lead by {lead:.0f} points"
figures.transfer_curve(curve, chance=0.1, title=title)

# %% [markdown] id="curve-reading" slide="notes"
# One picture of each kind on borrowed features, 57 %, is worth more than fifty without them, 49 %.
# From scratch, ten of each kind still teach next to nothing, and there the gap is widest: 71 points.
# Probe and fine-tuned lie within a point or two of each other. At 50 every draw takes all pictures.

# %% [markdown] id="curve-photographs" slide="slide"
# Photographs: ants and bees, the features of both backbones and a small network from scratch, tested
# on 153 pictures. `coursekit study photographs` measures it again where the photographs are.

# %% id="curve-photographs-figure" tags=["hide-input"]
ways = {"from scratch": "from scratch", "photographs, frozen": "probe, features of photographs",
        "drawings, frozen": "probe, features of drawings"}  # fmt: skip
on_photographs = {
    said: {int(count): runs for count, runs in study["rows"][way].items()}
    for way, said in ways.items()
}
twenty = sum(on_photographs["probe, features of photographs"][20]) / 5
figures.transfer_curve(
    on_photographs,
    chance=study["majority"],
    title=f"Ants and bees: {twenty:.2f} with 20 of each, on features of photographs",
)

# %% [markdown] id="curve-photographs-reading" slide="notes"
# The line for chance is what always saying "bees" would get. One picture of each on the right features,
# 0.72, is worth more than five of each without. The features of drawings help no more than none at
# all.

# %% [markdown] id="exercise-curve"
# ### Exercise 7.7: read the curve
#
# You have 40 photographs in all, as many of each of the four kinds. What does the curve advise?
#
# - **A** fine-tuning, because at 40 it is highest
# - **B** fine-tuning, because it ends highest
# - **C** the linear probe, because at 10 it is highest
# - **D** from scratch, because its curve is the steepest
# - **E** either pretrained one, because their curves meet there

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
# draws a new order each time. Lesson 5 named the reason; here, find the line.
#
#     1   transfer.freeze(model)
#     2   for x, y in batches:
#     3       scores = model(x)
#     4       correct += (scores.argmax(dim=1) == y).sum()
#     5   accuracy = correct / len(labels)
#
# - **A** line 1, which should come after the loop
# - **B** line 2, where model.eval() is missing before it
# - **C** line 3, which should be inside torch.no_grad()
# - **D** line 4, which needs a softmax first
# - **E** line 5, which divides by the wrong number

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

# %% id="modes-cost" tags=["hide-input"]
test_inputs = normalise(things.test.images, mean, std)
model = drawings.adapted(things.classes).model.requires_grad_(False)
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

# %% [markdown] id="frozen-norm" slide="skip"
# So fine-tuning takes all that you have: your freezing, the last stage set free again, your groups, the
# probe as the head to begin with, augmented pictures, and batch norm held in eval mode whatever
# `train()` says.


# %% id="groups-go-on" slide="skip"
parameter_groups = own("7.8", parameter_groups)


# %% id="fine-tuned-function" slide="skip"
def fine_tuned(backbone, probe, pictures, num_epochs):
    """Return a copy of the backbone with the probe as its head, both a little further trained."""
    tuned = backbone.adapted(pictures.classes)
    tuned.model.fc.load_state_dict(probe.state_dict())
    freeze(tuned.model)
    tuned.last_stage.requires_grad_(True)
    transfer.keep_norm_frozen(tuned.model)
    optimizer = torch.optim.AdamW(parameter_groups(tuned.model, 3e-4, 1e-4), weight_decay=0.01)
    inputs = backbone.preprocess(pictures.images), pictures.labels
    training.fit(
        tuned.model, inputs, num_epochs=num_epochs, batch_size=32, optimizer=optimizer,
        augment=transfer.augment,
    )  # fmt: skip
    tuned.model.eval()
    return tuned


# %% [markdown] id="fine-tune-predict" slide="slide"
# Ten drawings of each kind, the features of drawings, five epochs. By how much does the accuracy
# change against the probe: **A** ten points up or more; **B** less than five points, up or down; **C**
# ten points down or more?

# %% id="guess-fine"
guess("7.fine", ...)

# %% id="fine-tune" tags=["hide-input"]
reveal("7.fine")
more = things.train.take(draw_few(things.train.labels, 10, seed=0))
ten_each = transfer.linear_probe(drawings.features(more.images), more.labels)
probed = training.evaluate(ten_each, (test_features, things.test.labels)).accuracy
tuned = fine_tuned(drawings, ten_each, more, num_epochs=5)
logits = training.predict(tuned.model, test_inputs)
fine = (logits.argmax(dim=1) == things.test.labels).float().mean()
training.measured("probe, 10 of each", probed, above=0.8)
training.measured("fine-tuned", fine, above=probed - 0.05, below=probed + 0.05)

# %% [markdown] id="fine-tune-reading" slide="notes"
# Here fine-tuning changes little, one way or the other: the ten new kinds look much like the 69 old
# ones, so the features fit already. The further your pictures are from what the network learned, the
# more the body has to move, and the more pictures that takes.

# %% [markdown] id="looks"
# ## Where does it look?
#
# The simplest way to ask: show the network a part of the picture, and gray around it. A window of
# 96×96 pixels, less than a fifth of the picture, stops at 25 places of the cat. At how many of them will
# the network still call it a house cat?

# %% id="guess-window"
guess("7.window", ...)

# %% id="window" tags=["hide-input"]
reveal("7.window")
side, places = 96, [(32 * i, 32 * j) for i in range(5) for j in range(5)]
parts = torch.zeros(25, 3, 224, 224)  # a middle gray, after normalising
for part, (top, left) in zip(parts, places, strict=True):
    inside = (slice(None), slice(top, top + side), slice(left, left + side))
    part[inside] = right[0][inside]
cats = [photographs.classes.index(name) for name in ("tabby", "tiger cat", "Egyptian cat")]
with torch.no_grad():
    shares = torch.cat([photographs.model(some).softmax(dim=1) for some in parts.split(5)])
called = [photographs.classes[place] for place in shares.argmax(dim=1)]
chances = shares[:, cats].sum(dim=1).view(5, 5)
house_cats = sum(photographs.classes.index(name) in cats for name in called)
print("called a house cat at", house_cats, "of 25 places")
figures.peephole(frame.undo(right)[0], chances, called, side=side, name="house cats")

# %% [markdown] id="window-reading" slide="notes"
# At nearly all. An eye and stripes give 0.96, an ear 0.61; only the plain bridge of the nose makes a
# kit fox, or a lion. A whole cat is not asked for: this network adds up *textures*, as others that
# learned ImageNet do (Geirhos and others, 2019).
#
# Now it is no wonder that it named no drawing. Drawings have an outline, and no fur.

# %% [markdown] id="grad-cam" slide="slide"
# That took 25 passes. *Grad-CAM* needs one, and a gradient: how much would the score of a class grow
# with each of the last maps before the head? Weight the maps with that, add them up, keep what is
# positive:
#
# $$w_c = \frac{1}{hw} \sum_{i,j} \frac{\partial\, \text{score}}{\partial A^c_{ij}}, \qquad
# \text{heat}_{ij} = \max\Bigl(0, \sum_c w_c A^c_{ij}\Bigr)$$

# %% id="cam-by-hand" slide="skip"
kept = []
handle = tuned.last_stage.register_forward_hook(lambda *call: kept.append(call[2]))
scores = tuned.model(test_inputs[:1])
handle.remove()
(gradient,) = torch.autograd.grad(scores.max(), kept[0])
heat = (gradient.mean(dim=(2, 3), keepdim=True) * kept[0]).sum(dim=1).relu()
print("maps", tuple(kept[0].shape), "heat", tuple(heat.shape))

ours = grad_cam(tuned.model, test_inputs[:1], tuned.last_stage)
step = ours.shape[-1] // heat.shape[-1]  # cell i of the maps looks around pixel i · step
print("grad_cam agrees:", torch.allclose(ours[:, ::step, ::step], heat / heat.max(), atol=1e-4))

# %% [markdown] id="cam-predict" slide="slide"
# One map says little: the heat for a wrong name may lie on the right thing. So ask for two classes:
# the true one and the one that was called; where the call was right, the runner-up. Below stand the
# surest success and the surest failure on the four hundred drawings. Look where the heat for the wrong
# name lies.


# %% id="both-heats" slide="skip"
def both_heats(adapted, inputs, labels, places):
    """Return for each picture the heat of the true class and of its rival, names, and a title."""
    logits = training.predict(adapted.model, inputs[places])
    first, second = logits.topk(2, dim=1).indices.T
    truth = labels[places]
    called = torch.where(first == truth, second, first)
    heats = torch.stack(
        [grad_cam(adapted.model, inputs[places], adapted.last_stage, k) for k in (truth, called)], 1
    )
    names = [[adapted.classes[k] for k in pair] for pair in zip(truth, called, strict=True)]
    titles = [
        f"{'✓' if top == true else '✗'} is {adapted.classes[true]},\ncalled {adapted.classes[top]}"
        for top, true in zip(first, truth, strict=True)
    ]
    return heats, names, titles


# %% id="cam-figure" tags=["hide-input", "nbval-ignore-output"]
sure, called = logits.softmax(dim=1).max(dim=1)
wrong = called != things.test.labels
chosen = [int(sure.where(~wrong, 0).argmax()), int(sure.where(wrong, 0).argmax())]
heats, names, titles = both_heats(tuned, test_inputs, things.test.labels, chosen)
figures.heat_maps(
    own_frame.undo(test_inputs[chosen]), heats, names, titles=titles,
    says="a success and a failure, each with the heat for two classes: the true one and another.",
)  # fmt: skip

# %% [markdown] id="cam-reading"
# The white line goes around the places with more than half of the greatest heat. Compare the two maps of
# a row. Here the turtle's shell speaks for both of its classes: one thing, two readings. A mushroom was
# called an umbrella: both heats lie on its stem, and that for the umbrella on the twigs beside it too.
#
# Where the heat for a wrong class lies on the ground instead, collect more pictures on other grounds.

# %% [markdown] id="keep"
# ## Save, load, and ask about a file
#
# What has to be kept? The weights, of course. Also the names of the classes, in order, and the
# transforms: without them the numbers mean nothing. `transfer.save` stores all three, as tensors
# and plain values, so that a file from elsewhere can run no code on your machine.

# %% id="save-load" tags=["hide-input"]
path = transfer.save(Path(workplace.name) / "things.pt", tuned)
training.measured(f"{path.name}, in MB", path.stat().st_size / 1e6, above=3, below=60, digits=1)
again = transfer.load(path)
same = torch.equal(training.predict(again.model, test_inputs[:8]), logits[:8])
print("the same scores after loading:", same, "| in eval mode:", not again.model.training)

# %% [markdown] id="ask-file" slide="slide"
# A file has to go the way of the training pictures: upright, in colour, red first, resized, cropped,
# normalised. A network asked about a file that was resized by another method sees another picture.
#
# Now the saved model is asked about forty files, one by one. For how many does it give another answer
# than for the same pictures in the data set?

# %% id="guess-file"
guess("7.file", ...)

# %% id="predict-files" tags=["hide-input"]
reveal("7.file")
part = again.read_folder(untidy, share=0.5).validation
from_set = training.predict(again.model, again.preprocess(part.images)).argmax(dim=1)
one_by_one = [transfer.predict_file(again, untidy / file)[0].name for file in part.files[:40]]
in_set = [again.classes[place] for place in from_set[:40]]
differ = sum(one != other for one, other in zip(one_by_one, in_set, strict=True))
print(f"{len(one_by_one)} files asked one by one, {differ} answers differ")

# %% [markdown] id="own-train"
# ## Your own pictures, from folder to answer
#
# Now the whole lesson on the folder that you named at the beginning. Up to twenty pictures of each
# class to learn from; the held-out ones judge. Four ways, from the cheapest: always say the most
# frequent class; train from scratch; a probe; fine-tune.

# %% id="own-features" slide="skip"
order = torch.randperm(len(pictures.train), generator=torch.Generator().manual_seed(0))
labels = pictures.train.labels[order]
few = [order[labels == k][:20] for k in labels.unique()]  # twenty of each class, or all that it has
seen = pictures.train.take(torch.cat(few).tolist())
fair = torch.randperm(len(pictures.validation), generator=torch.Generator().manual_seed(0))[:100]
held_out = pictures.validation.take(fair.tolist())
seen_features, new_features = expert.features(seen.images), expert.features(held_out.images)

# %% id="own-trained" slide="skip"
own_head = transfer.linear_probe(seen_features, seen.labels, num_classes=len(seen.classes))
network = from_scratch(seen)

# %% id="own-fine-tuned" slide="skip"
own_model = fine_tuned(expert, own_head, seen, num_epochs=5)

# %% id="own-scores" tags=["hide-input", "nbval-ignore-output"]
inputs = expert.preprocess(held_out.images)
small = scaled(list(held_out.images))
scores = {
    "always the most frequent class": held_out.labels.bincount().max().item() / len(held_out),
    "from scratch": training.evaluate(network, (small, held_out.labels)).accuracy,
    "probe": training.evaluate(own_head, (new_features, held_out.labels)).accuracy,
    "fine-tuned": training.evaluate(own_model.model, (inputs, held_out.labels)).accuracy,
}
print(f"{whose}, {len(seen.classes)} classes:", end=" ")
print(f"{len(seen)} pictures to learn from, {len(held_out)} held out")
for way, accuracy in scores.items():
    print(f"{way:32} {accuracy:.2f}")

# %% [markdown] id="own-scores-reading" slide="notes"
# Read the first line first: what is not well above it has learned nothing. Of a hundred pictures, one
# standard deviation at 0.9 is 0.03, so two ways that lie three points apart may be alike. If the probe
# is hardly above the first line, your pictures are of a world that no backbone here has seen.

# %% [markdown] id="own-mistakes" slide="slide"
# Which mistakes was it surest of, and where did it look? Heat for the true class, and for the one that
# was called.

# %% id="own-worst" tags=["hide-input", "nbval-ignore-output"]
sure, called = training.predict(own_model.model, inputs).softmax(dim=1).max(dim=1)
worst = sure.where(called != held_out.labels, -sure).argsort(descending=True)[:3].tolist()
heats, names, titles = both_heats(own_model, inputs, held_out.labels, worst)
figures.heat_maps(
    expert.preprocess.undo(inputs[worst]), heats, names, titles=titles,
    says="the surest mistakes, or where there are fewer, the least sure answers, with two heats.",
)  # fmt: skip

# %% [markdown] id="own-mistakes-reading" slide="notes"
# A thick frame and ✗ mark a mistake. Is the picture itself odd, or its label? Does the heat lie on the thing, or
# on what stands around it? Of ants and bees, a flower with ants on it is called bees, and the heat lies
# on the petals: bees sit on flowers. More pictures mend that, not more epochs.

# %% [markdown] id="own-save" slide="skip"
# Save it, load it as another program would, and ask about one file. Put a picture that was never in
# the folder in its place.

# %% id="own-predict" slide="skip" tags=["nbval-ignore-output"]
saved = transfer.save(Path(workplace.name) / "own.pt", own_model)
my_file = Path(mine) / held_out.files[0]
answer = transfer.predict_file(transfer.load(saved), my_file)
figures.file_predictions(
    [my_file], [answer[:4]], says="one file, and what the saved network takes it for."
)

# %% [markdown] id="projects"
# ## Two projects
#
# **Products.** Shopee's product detection task for students on Kaggle: photographs of goods in 42
# categories, some labelled wrongly. Begin with 20 pictures of each category and a linear probe;
# then draw your own curve, and stop where it flattens. Look at the worst mistakes: which labels are
# wrong?

# %% [markdown] id="apparel"
# **Apparel.** A case study sorts garments in colour, 128×128: a fully connected network reached
# about 40 %, a convolutional one about 50 %. Photograph or collect garments of five classes, fifty
# of each.
#
# Compare your LeNet of lesson 6, a linear probe and fine-tuning, with five draws each. Which
# augmentation would hurt here? Check with Grad-CAM that the network looks at the garment and not at
# the person.

# %% [markdown] id="board-intro"
# ## Does your detector survive?
#
# The board of lesson 1, for the last time. Lesson 6 needed 4,000 drawings. Now forty must do, twenty
# of an X and twenty of what is none, and a probe on borrowed features: of photographs, and of drawings.
# Lesson 6's row is the network of lesson 1's first page, which learned from 40,000.
#
# The pad is a blackboard again: draw an X, or something that is nearly one, and run the cells below.

# %% id="board-pad" slide="skip"
board_pad = Explorer(
    torch.zeros(13, 13),
    [[1.0]],
    hide=("mode", "stride", "padding", "dilation", "size", "predict", "play", "preset"),
)
board_pad

# %% id="board-detectors" slide="skip"
corr2d, max_pool2d = own("2.2"), own("4.1")
earlier = {
    "lesson 1: one weight a pixel": detectors.perceptron(own("1.2")),
    "lesson 2: three filters": detectors.three_filters(corr2d),
    "lesson 3: padded, stride 2": detectors.padded_and_strided(own("3.2"), own("3.4")),
    "lesson 4: pooled": detectors.pooled(corr2d, max_pool2d),
    "lesson 5: two layers": detectors.two_layers(corr2d, max_pool2d, own("5.2")),
    "lesson 6: learned from 40,000": detectors.finished(),
}
borrowed = {
    f"lesson 7: probe, {body.name}": detectors.pretrained(body.features, transfer.linear_probe)
    for body in (photographs, drawings)
}

# %% id="board" tags=["nbval-ignore-output"]
figures.detector_board({**earlier, **borrowed}, mine=board_pad.image)

# %% [markdown] id="board-again" slide="skip"
# One draw of forty proves little. Three other draws, and on how many of the twelve each is right:

# %% id="board-draws" slide="skip" tags=["nbval-ignore-output"]
for seed in range(1, 4):
    other = detectors.pretrained(drawings.features, transfer.linear_probe, seed=seed)
    print("probe on features of drawings:", sum(survives(other).values()), "of 12")

# %% [markdown] id="board-reading" slide="notes"
# Features of photographs miss five X's of seven: they know fur, and here is none. Features of drawings
# are right about all twelve, after forty drawings where lesson 6's network took 40,000.
#
# With other draws it is right about fewer, and how many depends on the forty. To be sure of it takes what
# lesson 6 had: many drawings.

# %% [markdown] id="recap"
# ## What you can now defend
#
# 1. Folders named like classes are a data set; the report says what was skipped, and why.
# 2. A network wants pictures as it learned them; an augmentation must not change your own answer.
# 3. Freeze, replace the head, compute features once: a linear probe learns in a moment.
# 4. Features fit the world that they learned. There, one picture on them beats fifty without.
# 5. Two rates, because the head is new and the body is not; batch norm in eval mode, or it drifts.
# 6. Heat for two classes shows what was taken for what; a saved model is weights, classes and
#    transforms.
#
# This is the end of the course: from one weighted sum to a model of your own. To go on, take one of
# the projects, then read *Dive into Deep Learning* from residual networks to attention, or rebuild
# ResNet-18 from its paper with the blocks of lesson 5.
