"""Settings of the server from a file: the same names as in the environment, which wins where both speak."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from kneeclinic.vocabulary import Refused

SETTINGS: dict[str, str] = {
    "clinic": "KNEECLINIC_CLINIC", "address": "STREAMLIT_SERVER_ADDRESS", "port": "STREAMLIT_SERVER_PORT",
    "public_address": "STREAMLIT_BROWSER_SERVER_ADDRESS", "behind_tls": "KNEECLINIC_BEHIND_TLS", "trusted_proxy": "KNEECLINIC_TRUSTED_PROXY",
    "certificate": "STREAMLIT_SERVER_SSL_CERT_FILE", "certificate_key": "STREAMLIT_SERVER_SSL_KEY_FILE", "key_file": "KNEECLINIC_KEY_FILE",
    "keyring": "KNEECLINIC_KEYRING", "knowledge": "KNEECLINIC_KNOWLEDGE", "sso_issuer": "KNEECLINIC_SSO_ISSUER",
    "sso_client": "KNEECLINIC_SSO_CLIENT", "sso_secret_file": "KNEECLINIC_SSO_SECRET_FILE", "sso_address": "KNEECLINIC_SSO_ADDRESS",
    "sso_claim": "KNEECLINIC_SSO_CLAIM", "sso_label": "KNEECLINIC_SSO_LABEL",
}
"""What may stand in the file, and what it is called in the environment. The key itself may not: a file of settings is copied about."""


def take_from(file: Path) -> None:
    """Puts the settings of a TOML file into the environment of this process; raises Refused with one sentence that names the file and the line."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as why:
        raise Refused(f"The settings {file} cannot be read ({why.strerror}); check the name and the owner.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as why:
        raise Refused(f"The settings {file} are not TOML ({why}); correct the line.") from None
    unknown = sorted(set(found) - set(SETTINGS))
    if unknown:
        raise Refused(f"The settings {file} hold {', '.join(unknown)}, which is no setting; there are {', '.join(SETTINGS)}.")
    for name, value in found.items():
        if not isinstance(value, str | int):
            raise Refused(f"{name} in {file} must be a text, a number, true or false; it is {value!r}.")
        if isinstance(value, bool):
            value = "1" if value else ""
        os.environ.setdefault(SETTINGS[name], str(value))
