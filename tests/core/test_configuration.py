"""The portal refuses to start with settings that would cost people their badges or their secrets."""

from __future__ import annotations

import re

import pytest

from config import DEMO_SECRET, ConfigurationError, Settings

GOOD = {
    "LAUREL_ENV": "production",
    "LAUREL_BASE_URL": "https://learn.example.org",
    "LAUREL_SECRET_KEY": "s" * 48,
    "LAUREL_ENCRYPTION_KEY": "A" * 43 + "=",
    "LAUREL_DATA": "/tmp/laurel-nowhere",
}


def test_a_good_environment_is_accepted():
    assert Settings.from_environment(GOOD).secure


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"LAUREL_BASE_URL": "http://learn.example.org"}, "LAUREL_BASE_URL"),
        ({"LAUREL_BASE_URL": "https://learn.example.org/portal"}, "LAUREL_BASE_URL"),
        ({"LAUREL_BASE_URL": "learn.example.org"}, "LAUREL_BASE_URL"),
        ({"LAUREL_SECRET_KEY": DEMO_SECRET}, "LAUREL_SECRET_KEY"),
        ({"LAUREL_SECRET_KEY": "short"}, "LAUREL_SECRET_KEY"),
        ({"LAUREL_SECRET_KEY": ""}, "LAUREL_SECRET_KEY"),
        ({"LAUREL_ENCRYPTION_KEY": ""}, "LAUREL_ENCRYPTION_KEY"),
        ({"LAUREL_DEMO": "1"}, "LAUREL_DEMO"),
        ({"LAUREL_SMTP_HOST": "mail", "LAUREL_SMTP_PORT": "many"}, "LAUREL_SMTP_PORT"),
        ({"LAUREL_SMTP_HOST": "mail", "LAUREL_SMTP_SECURITY": "hope"}, "LAUREL_SMTP_SECURITY"),
    ],
)
def test_a_dangerous_environment_is_refused_by_the_name_of_the_variable(change, names):
    with pytest.raises(ConfigurationError, match=names):
        Settings.from_environment({**GOOD, **change})


def test_production_is_the_default():
    with pytest.raises(ConfigurationError):
        Settings.from_environment({})


def test_secrets_do_not_stand_in_the_printed_settings():
    text = repr(Settings.from_environment({**GOOD, "LAUREL_SMTP_HOST": "mail", "LAUREL_SMTP_PASSWORD": "hunter2"}))
    assert not re.search("s{48}|A{43}|hunter2", text)
