import os
import shutil

import pytest
import torch
from PIL import Image

from coursekit import data

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def paint(file, colour=RED, size=(20, 20), mode="RGB", **options):
    """Write a picture of one colour; its first pixel differs from file to file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGB", size, colour)
    paint.count += 1
    picture.putpixel((0, 0), (paint.count % 256, paint.count // 256, 0))
    picture.convert(mode).save(file, **options)
    return file


paint.count = 0


def fruit(root, **counts):
    for name, count in counts.items():
        for number in range(count):
            paint(root / name / f"{number}.png")
    return root


def test_the_layout_of_imagefolder_is_read_as_tensors(tmp_path):
    read = data.image_folder(fruit(tmp_path / "fruit", apple=5, pear=10), size=16)
    assert read.classes == ("apple", "pear")
    assert (len(read.train), len(read.validation), read.test) == (12, 3, None)
    assert read.train.images.shape == (12, 3, 16, 16)
    assert (read.train.images.dtype, read.train.labels.dtype) == (torch.uint8, torch.int64)
    assert read.skipped == {}
    assert repr(read) == (
        "fruit: 15 images in 2 classes, 16×16 each\n"
        "  train: 12 images: apple 4, pear 8\n"
        "  validation: 3 images: apple 1, pear 2\n"
        "  validation drawn from train: 20% of each class, seed 0\n"
        "  nothing skipped"
    )


def test_classes_and_labels_are_imagefolders_own(tmp_path):
    from torchvision.datasets import ImageFolder

    root = fruit(tmp_path / "fruit", pear=2, Apple=2, cherry=2)
    paint(root / "pear" / "from" / "market" / "deep.png")
    theirs, ours = ImageFolder(root), data.image_folder(root, share=0.5)
    assert list(ours.classes) == theirs.classes
    files = ours.train.files + ours.validation.files
    labels = torch.cat([ours.train.labels, ours.validation.labels]).tolist()
    expected = {path[len(str(root)) + 1 :].replace("\\", "/"): y for path, y in theirs.samples}
    assert dict(zip(files, labels, strict=True)) == expected


def test_a_split_is_stratified_seeded_and_keeps_each_file_once(tmp_path):
    root = fruit(tmp_path / "fruit", apple=10, pear=1, plum=2)
    first, again, other = (data.image_folder(root, seed=seed) for seed in (0, 0, 1))
    assert first.validation.files == again.validation.files != other.validation.files
    assert first.validation.labels.tolist() == [0, 0, 2]
    both = first.train.files + first.validation.files
    assert len(set(both)) == len(both) == 13
    assert "validation holds no pear: its score says nothing of that" in repr(first)


@pytest.mark.parametrize("name", ["val", "valid", "Validation"])
def test_parts_that_are_there_are_kept(tmp_path, name):
    root = tmp_path / "fruit"
    fruit(root / "train", apple=2, pear=2, plum=1)
    fruit(root / name, apple=1, plum=1, kiwi=1)
    fruit(root / "test", pear=1)
    read = data.image_folder(root)
    assert (len(read.train), len(read.validation), len(read.test)) == (5, 2, 1)
    assert read.validation.labels.tolist() == [0, 2]
    assert read.test.labels.tolist() == [1], "the same label as in training"
    assert read.skipped == {f"{name}/kiwi/0.png": "kiwi is no class of the training set"}
    assert "validation holds no pear: its score" in repr(read)
    assert "test holds no apple and no plum: its score" in repr(read)


def test_train_beside_test_alone_is_split_and_a_class_may_be_called_train(tmp_path):
    fruit(tmp_path / "a" / "train", apple=5, pear=5)
    fruit(tmp_path / "a" / "test", apple=1)
    assert len(data.image_folder(tmp_path / "a").validation) == 2
    read = data.image_folder(fruit(tmp_path / "b", train=2, plane=2, car=2))
    assert read.classes == ("car", "plane", "train")


def test_everything_that_is_skipped_is_named_with_its_reason(tmp_path):
    root = fruit(tmp_path / "fruit", apple=2, pear=2)
    whole = paint(root / "apple" / "whole.jpg").read_bytes()
    (root / "apple" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (root / "apple" / "garbage.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (root / "apple" / "nothing.webp").write_bytes(b"")
    (root / "apple" / "phone.HEIC").write_bytes(b"ftypheic")
    (root / "apple" / "list.txt").write_text("apples")
    (root / "pear" / "text.jpg").write_text("renamed by hand")
    (root / "plum").mkdir()
    paint(root / "lost.png")
    shutil.copy(root / "apple" / "0.png", root / "pear" / "copy.png")
    for hidden in (".DS_Store", "apple/.thumb.png", "__MACOSX/apple/x.png", "pear/Thumbs.db"):
        (root / hidden).parent.mkdir(parents=True, exist_ok=True)
        (root / hidden).write_bytes(whole)
    read = data.image_folder(root)
    assert read.skipped == {
        "apple/cut.jpg": "damaged, cannot be decoded",
        "apple/garbage.png": "damaged, cannot be decoded",
        "apple/list.txt": "not an image file",
        "apple/nothing.webp": "empty, 0 bytes",
        "apple/phone.HEIC": "HEIC, which Pillow does not read: export it as JPEG",
        "lost.png": "lies in no class folder",
        "pear/copy.png": "the same file as apple/0.png",
        "pear/text.jpg": "not an image file",
        "plum/": "a class without images",
    }
    assert len(read.train) + len(read.validation) == 5
    assert "hidden files passed over: 4" in read.notes
    for name, why in read.skipped.items():
        assert f"    {name}: {why}" in repr(read).splitlines()


def test_a_long_list_is_cut_and_says_so(tmp_path):
    root = fruit(tmp_path / "fruit", apple=2, pear=2)
    for number in range(15):
        (root / "apple" / f"{number}.txt").write_text("")
    lines = repr(data.image_folder(root)).splitlines()
    assert lines[-1] == "    and 3 more, in .skipped"
    assert "  skipped 15:" in lines


def test_the_report_counts_what_was_changed(tmp_path):
    root = fruit(tmp_path / "fruit", apple=2)
    paint(root / "pear" / "a.png", mode="L")
    paint(root / "pear" / "b.png", mode="L", size=(5, 5))
    note = data.image_folder(root, size=8).notes[-1]
    assert note == "changed while reading: 2 gray made colour, 1 enlarged"


def test_what_is_no_folder_of_classes_is_refused(tmp_path):
    file = paint(tmp_path / "one.png")
    for path in (file, tmp_path / "nowhere"):
        with pytest.raises(
            ValueError, match=f"{path.name}', which is not a folder; expected a folder"
        ):
            data.image_folder(path)
    with pytest.raises(ValueError, match="holds no image in a class folder; expected at least two"):
        data.image_folder(tmp_path)
    fruit(tmp_path / "bag" / "fruit", apple=1, pear=1)
    with pytest.raises(
        ValueError, match=r"only class is fruit; .*or is it fruit/, with apple and p"
    ):
        data.image_folder(tmp_path / "bag")
    with pytest.raises(
        ValueError, match=r"only class is apple; expected at least two .* each class$"
    ):
        data.image_folder(fruit(tmp_path / "one", apple=2))


def test_settings_that_make_no_sense_are_refused(tmp_path):
    root = fruit(tmp_path / "fruit", apple=1, pear=1)
    with pytest.raises(ValueError, match="size is 0; expected at least 1"):
        data.image_folder(root, size=0)
    with pytest.raises(ValueError, match="share is 1; expected a number between 0 and 1"):
        data.image_folder(root, share=1)


@pytest.mark.parametrize(
    ("train", "test"),
    [("training_set", "test_set"), ("seg_train", "seg_test"), ("Train", "TEST"), ("train_images", "val_images"),
     ("trainset", "testset"), ("fruit-train", "fruit-test"), ("training", "dev"), ("train data", "test data")],
)  # fmt: skip
def test_parts_go_by_the_names_that_people_give_them(tmp_path, train, test):
    fruit(tmp_path / train, apple=4, pear=4)
    fruit(tmp_path / test, apple=1, pear=2)
    read = data.image_folder(tmp_path)
    assert read.classes == ("apple", "pear")
    assert read.skipped == {}
    other = read.test or read.validation
    assert sorted(file.split("/")[0] for file in other.files) == [test] * 3


def test_folders_beside_the_parts_are_reported_and_left_out(tmp_path):
    fruit(tmp_path / "train", apple=4, pear=4)
    fruit(tmp_path / "val", apple=1, pear=1)
    (tmp_path / "models").mkdir()
    paint(tmp_path / "seg_pred" / "one.png")
    read = data.image_folder(tmp_path)
    assert (read.classes, len(read.train)) == (("apple", "pear"), 8)
    why = "lies beside the parts, and is none of them"
    assert read.skipped == {"models/": why, "seg_pred/": why}
    (tmp_path / "test").mkdir()
    paint(tmp_path / "test" / "unlabelled.png")
    assert data.image_folder(tmp_path).skipped["test/"] == "holds no class folders"


def test_an_empty_folder_beside_train_alone_makes_it_no_class(tmp_path):
    fruit(tmp_path / "train", apple=4, pear=4)
    (tmp_path / "models").mkdir()
    assert data.image_folder(tmp_path).classes == ("apple", "pear")


def test_a_part_inside_a_folder_of_its_own_name_is_found(tmp_path):
    fruit(tmp_path / "seg_train" / "seg_train", apple=4, pear=4)
    fruit(tmp_path / "seg_test" / "seg_test", apple=1, pear=1)
    read = data.image_folder(tmp_path)
    assert (read.classes, len(read.train), len(read.test)) == (("apple", "pear"), 6, 2)


@pytest.mark.parametrize(
    ("trees", "says"),
    [
        (
            {"train": "abc", "wheat": "."},
            "train/ holds class folders and stands beside wheat/: .*or a class",
        ),
        ({"val": "ab", "test": "ab"}, "holds test/ and val/ and no train/"),
        (
            {"train": ".", "test": "."},
            "test/ and train/ hold pictures: parts .*, or classes of these names",
        ),
        ({"train": "ab", "training": "ab"}, "train/ and training/ are all train; expected one"),
        (
            {"apple": ("train", "test"), "pear": ("train", "test")},
            "apple/ holds test/ and train/: parts inside",
        ),
    ],
)
def test_what_may_be_read_in_two_ways_is_refused_and_both_are_named(tmp_path, trees, says):
    for name, inside in trees.items():
        for child in inside:
            for number in range(2):
                paint(tmp_path / name / child / f"{number}.png")
    with pytest.raises(ValueError, match=says):
        data.image_folder(tmp_path)


def test_links_are_followed_and_broken_ones_and_circles_reported(tmp_path):
    elsewhere = fruit(tmp_path / "elsewhere", pear=3) / "pear"
    root = fruit(tmp_path / "root", apple=3)
    (root / "pear").symlink_to(elsewhere, target_is_directory=True)
    (root / "apple" / "gone.png").symlink_to(tmp_path / "nowhere.png")
    (root / "apple" / "up").symlink_to(root, target_is_directory=True)
    read = data.image_folder(root)
    assert (read.classes, len(read.train) + len(read.validation)) == (("apple", "pear"), 6)
    assert read.skipped == {
        "apple/gone.png": "a broken link",
        "apple/up/": "a link that leads back to where it lies",
    }


def test_no_file_ends_a_folder(tmp_path, monkeypatch):
    root = fruit(tmp_path / "fruit", apple=3, pear=3)
    bad = root / "apple" / "bad.avif"
    bad.write_bytes(b"\0\0\0\x1cftypavif" + bytes(40))
    os.mkfifo(root / "apple" / "pipe")
    (root / "pear" / "movie.mp4").write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
    (root / "pear" / "logo.png").write_bytes(b"<?xml version='1.0'?><svg xmlns='x'/>")
    read = data.image_folder(root)
    assert read.skipped == {
        "apple/bad.avif": "damaged, cannot be decoded",
        "apple/pipe": "no regular file",
        "pear/logo.png": "SVG, which is a drawing and has no pixels: export it as PNG",
        "pear/movie.mp4": "not an image file",
    }
