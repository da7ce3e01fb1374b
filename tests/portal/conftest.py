"""What tests that walk over all pages stand on."""

import logging
from collections.abc import Iterator

import pytest
import time_machine

from tests.support import stage


@pytest.fixture
def stood() -> Iterator[stage.Stage]:
    """The stage at its fixed time, without the lines that refusals write into the log by the thousand."""
    logging.disable(logging.CRITICAL)
    with time_machine.travel(stage.NOW, tick=False):
        yield stage.build()
    logging.disable(logging.NOTSET)
