"""Serve at another time: `python -m tests.moved_clock 2027-10-01T09:00+00:00 <what gunicorn takes>`; the clock runs on from there."""

from __future__ import annotations

import sys
from datetime import datetime

import time_machine
from gunicorn.app.wsgiapp import run

if __name__ == "__main__":
    time_machine.travel(datetime.fromisoformat(sys.argv.pop(1)), tick=True).start()
    run()
