"""The key of a clinic: where it lies, how it is printed, how it is changed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeclinic.security import Keys, OuterKey, WrongKey, load_or_create_keys
from kneeclinic.security.keys import anchor_file_of, new_outer_key, remember_key, secret_of_text, unwrap, wrap
from kneeclinic.security.recovery import ALPHABET, recovery_code, secret_of_code

CLINIC = Path("/somewhere/clinic.duckdb")


@given(st.binary(min_size=32, max_size=32))
def test_the_printed_code_gives_the_key_back(secret: bytes) -> None:
    code = recovery_code(secret)
    assert secret_of_code(code) == secret
    assert secret_of_code(code.lower().replace("-", "  ").replace("0", "o").replace("1", "l")) == secret
    assert [len(one) for one in code.split("-")] == [5] * 14


@given(st.binary(min_size=32, max_size=32), st.data())
def test_one_mistyped_character_is_named_by_its_group(secret: bytes, data: st.DataObject) -> None:
    code = recovery_code(secret).replace("-", "")
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([one for one in ALPHABET if one != code[place]]))
    with pytest.raises(ValueError, match=f"group {place // 5 + 1} "):
        secret_of_code(code[:place] + wrong + code[place + 1 :])


@given(st.binary(min_size=32, max_size=32), st.integers(0, 12))
def test_two_groups_that_changed_places_are_noticed(secret: bytes, at: int) -> None:
    groups = recovery_code(secret).split("-")
    if groups[at][:-1] != groups[at + 1][:-1]:
        groups[at], groups[at + 1] = groups[at + 1], groups[at]
        with pytest.raises(ValueError, match=r"group|add up"):
            secret_of_code("-".join(groups))


@pytest.mark.parametrize("text", ["", "hello", "T01VW-38K18", "0" * 63, "!" * 70])
def test_what_is_no_key_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(WrongKey, match="cannot be read"):
        secret_of_text(text)


def test_a_new_key_is_kept_for_its_owner_alone_and_found_again() -> None:
    made = load_or_create_keys(CLINIC, create=True)
    file = Path(made.place)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert load_or_create_keys(CLINIC) == made
    assert load_or_create_keys(CLINIC, create=True) == made, "an existing key is never replaced"
    assert made.recovery_code in file.read_text()
    assert made.anchor == file.with_suffix(".anchor")


def test_each_clinic_has_a_key_of_its_own() -> None:
    one, two = load_or_create_keys(CLINIC, create=True), load_or_create_keys(CLINIC.with_name("other.duckdb"), create=True)
    assert one.secret != two.secret and one.place != two.place and one.anchor != two.anchor


def test_the_environment_names_the_key_file_or_gives_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home = load_or_create_keys(CLINIC, create=True)
    monkeypatch.setenv("KNEECLINIC_KEY", at_home.secret.hex())
    assert load_or_create_keys(CLINIC).secret == at_home.secret
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", str(tmp_path / "keys" / "clinic.key"))
    with pytest.raises(WrongKey, match=r"was not found at .*clinic\.key"):
        load_or_create_keys(CLINIC)
    made = load_or_create_keys(CLINIC, create=True)
    assert made.place == str(tmp_path / "keys" / "clinic.key") and made.secret != at_home.secret
    assert anchor_file_of(CLINIC).parent == tmp_path / "keys"
    assert anchor_file_of(CLINIC) != anchor_file_of(CLINIC.with_name("other.duckdb"))


@pytest.mark.parametrize("content", ["", "# only words\n", "a\nb\n", "not a key\n", "\x00"])
def test_a_key_file_that_holds_no_key_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    file = tmp_path / "clinic.key"
    file.write_text(content)
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", str(file))
    for create in (False, True):
        with pytest.raises(WrongKey, match="key"):
            load_or_create_keys(CLINIC, create=create)
    assert file.read_text() == content, "never overwritten"


def test_without_a_key_the_sentence_says_where_it_was_looked_for_and_what_to_do() -> None:
    with pytest.raises(WrongKey, match=r"not found at .*KNEECLINIC_KEY_FILE.*recovery code"):
        load_or_create_keys(CLINIC)


def test_a_known_key_is_remembered_for_another_file() -> None:
    outer = new_outer_key()
    assert remember_key(CLINIC, outer).secret == outer.secret
    assert load_or_create_keys(CLINIC).secret == outer.secret


def test_a_replaced_key_stays_beside_the_new_one_for_older_backups() -> None:
    old, new = load_or_create_keys(CLINIC, create=True), new_outer_key()
    kept = remember_key(CLINIC, new)
    assert kept.others == (old.secret,)
    found = load_or_create_keys(CLINIC)
    assert (found.secret, found.others) == (new.secret, (old.secret,))
    assert {stat.S_IMODE(one.stat().st_mode) for one in Path(found.place).parent.glob("*.key")} == {0o600}
    elsewhere = load_or_create_keys(CLINIC.with_name("restored.duckdb"))
    assert old.secret in (elsewhere.secret, *elsewhere.others)


def test_a_new_key_is_never_lost_when_the_old_one_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = new_outer_key(), new_outer_key()
    monkeypatch.setenv("KNEECLINIC_KEY", old.recovery_code)
    assert remember_key(CLINIC, old).place == "KNEECLINIC_KEY"
    kept = remember_key(CLINIC, new)
    assert new.recovery_code in Path(kept.place).read_text()
    monkeypatch.delenv("KNEECLINIC_KEY")
    assert load_or_create_keys(CLINIC).secret == new.secret


def test_the_keyring_of_the_system_is_used_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    kept: dict[tuple[str, str], str] = {}
    monkeypatch.setenv("KNEECLINIC_KEYRING", "1")
    monkeypatch.setattr(keyring, "get_password", lambda service, name: kept.get((service, name)))
    monkeypatch.setattr(keyring, "set_password", lambda service, name, value: kept.__setitem__((service, name), value))
    with pytest.raises(WrongKey, match="keyring"):
        load_or_create_keys(CLINIC)
    made = load_or_create_keys(CLINIC, create=True)
    assert load_or_create_keys(CLINIC).secret == made.secret and len(kept) == 1
    changed = new_outer_key()
    remember_key(CLINIC, changed)
    assert load_or_create_keys(CLINIC).secret == changed.secret
    assert made.recovery_code in kept.values(), "older backups need it"


def test_the_inner_keys_come_out_of_their_envelope_with_the_right_outer_key_only() -> None:
    inner, outer, other = Keys.fresh(), new_outer_key(), new_outer_key()
    envelope = wrap(outer.secret, inner)
    assert unwrap(outer.secret, envelope) == inner
    for part in (inner.data_key, inner.audit_key, inner.index_key):
        assert part not in envelope
    with pytest.raises(WrongKey):
        unwrap(other.secret, envelope)
    with pytest.raises(WrongKey):
        unwrap(outer.secret, envelope[:-1] + bytes([envelope[-1] ^ 1]))


def test_an_outer_key_does_not_show_in_what_is_printed() -> None:
    outer = OuterKey(bytes(range(32)), "place")
    assert outer.secret.hex() not in repr(outer) and "secret" not in repr(outer)
