"""Rows whose health data are sealed: nothing a person said lies in the database as they said it."""

from __future__ import annotations

import json
import uuid
from typing import Any, ClassVar

from django.db import models

from moongate.health.records.sealing import seal, unseal


class SealedModel(models.Model):
    """A row with fields of JSON, each sealed and bound to the row's `public_id` and the field.

    A subclass names its binary fields in `SEALED`; `moongate health rotate-keys` finds it by that.
    """

    SEALED: ClassVar[tuple[str, ...]] = ()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def put(self, field: str, value: Any) -> None:
        """Seal a JSON value into a field; the row is not saved."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        setattr(self, field, seal(text.encode(), self.place(field)))

    def take(self, field: str) -> Any:
        """The JSON value of a field; None where nothing was put. Raises SealError."""
        sealed = bytes(getattr(self, field) or b"")
        return json.loads(unseal(sealed, self.place(field))) if sealed else None

    def place(self, field: str) -> str:
        """What a sealed field is bound to."""
        return f"{self._meta.label_lower}.{field}:{self.public_id}"
