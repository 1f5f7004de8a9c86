"""The keys of one clinic: where the outer key lies, and how it wraps the keys that seal the record."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from platformdirs import user_config_path

from kneeclinic.security.recovery import recovery_code, secret_of_code
from kneeclinic.vocabulary import KneeClinicError

KEY_BYTES = 32
KEYRING_SERVICE = "kneeclinic"
_ENVELOPE_CONTEXT = b"kneeclinic envelope 1"


class WrongKey(KneeClinicError):
    """The key is missing, or is not the one this clinic file was made with."""


@dataclass(frozen=True)
class Keys:
    """The inner keys, 32 bytes each: data seals fields, audit links the log, index makes the look-up hashes."""

    data_key: bytes = field(repr=False)
    audit_key: bytes = field(repr=False)
    index_key: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> Keys:
        return cls(*(secrets.token_bytes(KEY_BYTES) for _ in range(3)))


@dataclass(frozen=True)
class OuterKey:
    """The key-encryption key, kept outside the clinic file. `place` says where, for people; `others` may fit a file that was moved."""

    secret: bytes = field(repr=False)
    place: str = ""
    anchor: Path | None = None
    """Where the head of the audit log is written down, outside the clinic file."""
    others: tuple[bytes, ...] = field(default=(), repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.secret)

    @property
    def recovery_code(self) -> str:
        """The key as a code to print and lock away."""
        return recovery_code(self.secret)


def fingerprint(secret: bytes) -> str:
    """Tells two outer keys apart without telling anything of either."""
    return hmac.new(secret, b"kneeclinic fingerprint", sha256).hexdigest()[:16]


def wrap(secret: bytes, keys: Keys) -> bytes:
    """The inner keys sealed by the outer key; changing the outer key rewrites only this."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(secret).encrypt(nonce, keys.data_key + keys.audit_key + keys.index_key, _ENVELOPE_CONTEXT)


def unwrap(secret: bytes, envelope: bytes) -> Keys:
    """The inner keys; raises WrongKey when the outer key does not fit."""
    try:
        plain = AESGCM(secret).decrypt(envelope[:12], envelope[12:], _ENVELOPE_CONTEXT)
    except InvalidTag:
        raise WrongKey("The key does not open this clinic file; name the right key file in KNEECLINIC_KEY_FILE.") from None
    return Keys(plain[:KEY_BYTES], plain[KEY_BYTES : 2 * KEY_BYTES], plain[2 * KEY_BYTES :])


def config_folder() -> Path:
    return user_config_path("kneeclinic", appauthor=False) / "keys"


def _slug(clinic_path: Path) -> str:
    resolved = str(Path(clinic_path).resolve())
    return f"{Path(clinic_path).stem}-{sha256(resolved.encode()).hexdigest()[:12]}"


def key_file_of(clinic_path: Path) -> Path:
    """The key file for this clinic: the one named in the environment, else one per clinic in the configuration folder."""
    named = os.environ.get("KNEECLINIC_KEY_FILE")
    return Path(named) if named else config_folder() / f"{_slug(clinic_path)}.key"


def anchor_file_of(clinic_path: Path) -> Path:
    """Where the head of the audit log is noted, next to the key and outside the clinic file."""
    named = os.environ.get("KNEECLINIC_KEY_FILE")
    folder = Path(named).resolve().parent if named else config_folder()
    return folder / f"{_slug(clinic_path)}.anchor"


def load_or_create_keys(clinic_path: Path | str, create: bool = False) -> OuterKey:
    """The outer key of a clinic, from KNEECLINIC_KEY_FILE, KNEECLINIC_KEY, the OS keyring (KNEECLINIC_KEYRING=1) or the configuration folder.

    With `create` a missing key is made and kept (file mode 600); without, WrongKey says where it was looked for.
    """
    path = Path(clinic_path)
    anchor = anchor_file_of(path)
    in_file = os.environ.get("KNEECLINIC_KEY_FILE")
    in_words = os.environ.get("KNEECLINIC_KEY")
    if in_words and not in_file:
        return OuterKey(secret_of_text(in_words), "KNEECLINIC_KEY", anchor)
    if os.environ.get("KNEECLINIC_KEYRING") == "1" and not in_file:
        return OuterKey(_from_keyring(path, create), "the keyring of the operating system", anchor)
    file = key_file_of(path)
    if file.exists():
        return OuterKey(_read_key_file(file), str(file), anchor, _keys_in(file.parent, f"{file.stem}.replaced-*.key"))
    if create:
        secret = secrets.token_bytes(KEY_BYTES)
        write_key_file(file, secret, path)
        return OuterKey(secret, str(file), anchor)
    others = () if in_file else _keys_in(file.parent, "*.key")
    if others:
        return OuterKey(others[0], str(file.parent), anchor, others[1:])
    raise WrongKey(
        f"The key of {path} was not found at {file}; put the key file there, or name it in KNEECLINIC_KEY_FILE, "
        "or give the printed recovery code in KNEECLINIC_KEY."
    )


def remember_key(clinic_path: Path | str, outer: OuterKey) -> OuterKey:
    """Keeps a known outer key for a clinic file with a new name, or a new key; returns it as found there.

    A key file that it replaces stays beside it under another name: older backups open with that key only. A key given in KNEECLINIC_KEY
    cannot be changed from here: the new one is kept as a file until the person has put it there.
    """
    path = Path(clinic_path)
    anchor = anchor_file_of(path)
    in_words, in_file = os.environ.get("KNEECLINIC_KEY"), os.environ.get("KNEECLINIC_KEY_FILE")
    if in_words and not in_file and secret_of_text(in_words) == outer.secret:
        return OuterKey(outer.secret, "KNEECLINIC_KEY", anchor)
    if os.environ.get("KNEECLINIC_KEYRING") == "1" and not in_file and not in_words:
        _into_keyring(path, outer.secret)
        return OuterKey(outer.secret, "the keyring of the operating system", anchor)
    file = key_file_of(path)
    if file.exists():
        before = _read_key_file(file)
        if before != outer.secret:
            file.rename(file.with_name(f"{file.stem}.replaced-{fingerprint(before)}.key"))
    if not file.exists():
        write_key_file(file, outer.secret, path)
    return OuterKey(outer.secret, str(file), anchor, _keys_in(file.parent, f"{file.stem}.replaced-*.key"))


def new_outer_key(place: str = "") -> OuterKey:
    """A fresh outer key, not kept anywhere yet."""
    return OuterKey(secrets.token_bytes(KEY_BYTES), place)


def write_key_file(file: Path, secret: bytes, clinic_path: Path) -> None:
    """Writes the key as its recovery code with a line of explanation, readable by its owner alone; never half a file."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = (
        f"# Key of the KneeClinic file {Path(clinic_path).name}. Without this key nobody can read the patients' names and notes.\n"
        "# Keep a printed copy in a safe place, apart from the backups.\n"
        f"{recovery_code(secret)}\n"
    )
    draft = file.with_name(file.name + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.chmod(draft, 0o600)
    os.replace(draft, file)


def secret_of_text(text: str) -> bytes:
    """32 bytes from a recovery code or 64 hexadecimal digits; raises WrongKey with what is wrong."""
    bare = text.strip()
    if re.fullmatch(r"[0-9a-fA-F]{64}", bare):
        return bytes.fromhex(bare)
    try:
        return secret_of_code(bare)
    except ValueError as why:
        raise WrongKey(f"The key cannot be read: {why}") from None


def _read_key_file(file: Path) -> bytes:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as why:
        raise WrongKey(f"The key file {file} cannot be read ({why}); check its owner and that it is the right file.") from None
    written = [line for line in lines if line.strip() and not line.startswith("#")]
    if len(written) != 1:
        raise WrongKey(f"The key file {file} should hold one line with the key; it holds {len(written)}.")
    return secret_of_text(written[0])


def _keys_in(folder: Path, pattern: str) -> tuple[bytes, ...]:
    """Keys beside: of other clinics, where one fits when the clinic file was moved or renamed; replaced ones, for older backups."""
    found = []
    for file in sorted(folder.glob(pattern)):
        try:
            found.append(_read_key_file(file))
        except WrongKey:
            continue
    return tuple(found)


def _into_keyring(path: Path, secret: bytes) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        before = keyring.get_password(KEYRING_SERVICE, _slug(path))
        if before and secret_of_text(before) != secret:
            keyring.set_password(KEYRING_SERVICE, f"{_slug(path)}.replaced-{fingerprint(secret_of_text(before))}", before)
        keyring.set_password(KEYRING_SERVICE, _slug(path), recovery_code(secret))
    except KeyringError as why:
        raise WrongKey(f"The keyring of the operating system does not answer ({why}); use KNEECLINIC_KEY_FILE instead.") from None


def _from_keyring(path: Path, create: bool) -> bytes:
    import keyring
    from keyring.errors import KeyringError

    name = _slug(path)
    try:
        kept = keyring.get_password(KEYRING_SERVICE, name)
        if kept:
            return secret_of_text(kept)
        if create:
            secret = secrets.token_bytes(KEY_BYTES)
            keyring.set_password(KEYRING_SERVICE, name, recovery_code(secret))
            return secret
    except KeyringError as why:
        raise WrongKey(f"The keyring of the operating system does not answer ({why}); use KNEECLINIC_KEY_FILE instead.") from None
    raise WrongKey(f"The keyring of the operating system holds no key for {path}; use KNEECLINIC_KEY_FILE or the recovery code.")
