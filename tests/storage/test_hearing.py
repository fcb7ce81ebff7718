"""A source is heard over stretches: as long as none of its pauses is too long."""

from datetime import timedelta

import pytest

from storage.facts import Needs
from storage.hearing import BACK
from storage.intake.delivery import Delivery
from storage.ledger import open_ledger
