"""A faulty pose file stops with file, entry and field, every fault at once."""

import pytest

from kneeclinic.figures.drawable import check_drawable
from kneeclinic.knowledge import KnowledgeFaults, load_knowledge
from kneeclinic.knowledge.poses import PoseFileError, laid_over, load_poses

GOOD = """
[stand]
view = "side"
position = "standing"
says = "Nothing moves, {end_knee_this} degrees."
[stand.start]
legs = { knee = 5, plant = { at = [0.1, 0.1, 0] } }
right_leg = { knee = 20 }
support = "both feet"
[stand.end]
left_leg = { ankle = 3 }

[stand_again]
like = "stand"
view = "front"
"""


def load(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return load_poses(tmp_path)


def test_both_sides_are_filled_and_the_end_follows_the_start(tmp_path):
    pose = load(tmp_path, hip=GOOD)["stand"]
    assert (pose.start.right_leg.knee, pose.start.left_leg.knee) == (20, 5)
    assert pose.end.left_leg.ankle == 3
    assert pose.end.right_leg == pose.start.right_leg


def test_an_entry_can_be_like_another_and_differ_in_one_field(tmp_path):
    poses = load(tmp_path, hip=GOOD)
    assert poses["stand_again"].start == poses["stand"].start
    assert poses["stand_again"].view == "front"


def test_every_fault_is_told_with_file_entry_and_field(tmp_path):
    bad = GOOD.replace('view = "side"', 'view = "below"').replace("knee = 20", "knee = 200").replace("says", "said", 1)
    with pytest.raises(PoseFileError) as told:
        load(tmp_path, hip=bad)
    message = str(told.value)
    assert "hip.toml: [stand] view: " in message and "'below'" in message
    assert "hip.toml: [stand] start.right_leg.knee: " in message and "160" in message
    assert "hip.toml: [stand] says: Field required" in message
    assert "hip.toml: [stand] said: " in message


def test_an_exercise_posed_twice_is_refused(tmp_path):
    with pytest.raises(PoseFileError, match=r"knee\.toml: \[stand\] has a pose in hip\.toml already"):
        load(tmp_path, hip=GOOD, knee=GOOD)


def test_what_an_entry_is_like_must_exist_and_not_be_itself(tmp_path):
    with pytest.raises(PoseFileError, match=r"\[stand_again\] like: 'sit' is not another exercise"):
        load(tmp_path, hip=GOOD.replace('like = "stand"', 'like = "sit"'))
    with pytest.raises(PoseFileError, match="is not another exercise"):
        load(tmp_path, hip=GOOD.replace("[stand]\n", '[stand]\nlike = "stand_again"\n'))


def test_an_empty_folder_and_unreadable_toml_are_told(tmp_path):
    with pytest.raises(PoseFileError, match="no pose files here"):
        load_poses(tmp_path)
    with pytest.raises(PoseFileError, match=r"hip\.toml: not readable as TOML"):
        load(tmp_path, hip="[stand")


def test_an_empty_table_takes_a_field_away_and_a_reach_is_never_half_of_two():
    assert laid_over({"plant": {"at": 1}, "knee": 3}, {"plant": {}}) == {"knee": 3}
    assert laid_over({"reach": {"at": 1, "flat": "floor"}}, {"reach": {"to": "x"}}) == {"reach": {"to": "x"}}


def test_the_drawing_marks_a_side_exactly_where_the_exercise_has_one(poses):
    exercises = load_knowledge().exercises
    assert {one for one in poses if poses[one].both_legs} == {one for one, facts in exercises.items() if not facts.sided}


@pytest.mark.parametrize("text", ["stand = 3", "[stand]\nstart = 3", "[stand]\nstart = { knee = 3 }\nend = 3", '[stand]\nlike = ["a"]'])
def test_a_value_where_a_table_belongs_is_told_with_its_entry(tmp_path, text):
    with pytest.raises(PoseFileError, match=r"hip\.toml: \[stand\]"):
        load(tmp_path, hip=text)


def test_a_pose_that_names_no_point_of_the_body_is_told_by_the_check_of_the_knowledge(tmp_path):
    poses = load(tmp_path, hip=GOOD.replace('support = "both feet"', 'support = "pin"\npin = { point = "tail", at = [0, 0, 0] }'))
    with pytest.raises(KnowledgeFaults) as told:
        check_drawable(poses)
    assert "stand: cannot be drawn: no point of the body is called 'tail'" in str(told.value)


def test_every_pose_that_is_shipped_can_be_drawn(poses):
    check_drawable(poses)
