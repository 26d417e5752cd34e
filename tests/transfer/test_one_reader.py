"""A picture is read in one way: in a folder to train on, and alone when it is asked about."""

import numpy as np
import pytest
import torch
from PIL import Image

from coursekit import data, models, transfer

ORIENTATION = 0x0112


def noise(height, width, channels=3):
    rough = np.random.default_rng(height + width).integers(0, 256, (9, 11, channels), np.uint8)
    image = Image.fromarray(rough.squeeze())
    return image.resize((width, height), Image.Resampling.BICUBIC)


def turned(image, orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return image, {"exif": exif}


PICTURES = {
    "small.jpg": (noise(90, 70), {}),
    "odd.jpg": (noise(301, 257), {"quality": 70}),
    "wide.jpg": (noise(120, 1000), {}),
    "phone.jpg": (noise(2000, 1500), {"quality": 90}),  # large enough to be decoded smaller
    "of the size.png": (noise(224, 224), {}),
    "of the edge.png": (noise(256, 256), {}),
    "tall.png": (noise(511, 77), {}),
    "gray.png": (noise(130, 99, 1), {}),
    "transparent.png": (noise(140, 180, 4), {}),
    "photo.webp": (noise(333, 222), {"lossless": True}),
    **{f"exif {turn}.jpg": turned(noise(150, 260), turn) for turn in (2, 3, 6, 8)},
}
FRAMES = [(256, 224), (64, 64), (72, 64), (33, 32)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("mine")
    for number, (name, (image, options)) in enumerate(PICTURES.items()):
        place = root / ("even", "odd")[number % 2]
        place.mkdir(exist_ok=True)
        image.save(place / name, **options)
    return root


def backbone(resize, size):
    torch.manual_seed(0)
    model = models.SmallResNet(2, stages=(4, 4, 8, 8)).eval()
    frame = transfer.Preprocess(resize, size)
    return transfer.Pretrained(model, "drawings", "SmallResNet", frame, ("even", "odd"))


@pytest.mark.parametrize("frame", FRAMES)
def test_a_folder_and_a_file_give_identical_tensors(folder, frame):
    trained = backbone(*frame)
    report = trained.read_folder(folder)
    assert report.skipped == {}
    seen = set()
    for part in (report.train, report.validation):
        learned_from = trained.preprocess(part.images)
        for file, batch in zip(part.files, learned_from, strict=True):
            for way in (folder / file, str(folder / file), [folder / file]):
                assert torch.equal(trained.preprocess(way)[0], batch), file
            assert torch.equal(trained.preprocess.read(folder / file)[0], batch), file
            seen.add(file.partition("/")[2])
    assert seen == set(PICTURES)


def test_a_file_gets_the_answer_that_it_got_in_its_folder(folder):
    trained = backbone(256, 224)
    part = trained.read_folder(folder).train
    with torch.no_grad():
        wanted = trained.model(trained.preprocess(part.images)).softmax(dim=1)
    for file, row in zip(part.files, wanted, strict=True):
        found = dict(transfer.predict_file(trained, folder / file))
        assert [found["even"], found["odd"]] == pytest.approx(row.tolist(), abs=1e-6)
    torch.testing.assert_close(
        trained.features([folder / file for file in part.files]), trained.features(part.images)
    )


def test_pictures_that_are_framed_are_not_framed_again(folder):
    trained = backbone(256, 224)
    images = trained.read_folder(folder).train.images
    white = trained.preprocess(images)
    torch.testing.assert_close(white, (images / 255 - 0.5) / 0.25)


def test_the_frame_is_the_middle_of_the_picture(folder):
    image = torch.zeros(3, 80, 120, dtype=torch.uint8)
    image[:, 5:75, 25:95] = 255  # the middle 70×70, of a shorter side of 80
    Image.fromarray(image.permute(1, 2, 0).numpy()).save(folder / "even" / "middle.png")
    try:
        part = data.image_folder(folder, size=70, resize=80).train
        batch = transfer.Preprocess(80, 70)(folder / "even" / "middle.png")
    finally:
        (folder / "even" / "middle.png").unlink()
    assert (batch == 2).all()
    assert part.images.shape[1:] == (3, 70, 70)


def test_a_frame_smaller_than_what_is_cut_out_is_refused(folder):
    with pytest.raises(ValueError, match="resize is 32; expected at least size, 64"):
        data.image_folder(folder, size=64, resize=32)
