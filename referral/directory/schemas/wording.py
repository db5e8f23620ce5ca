"""Words people search by, and what else they stand for."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import ValidationError, fields

from referral.core.i18n import _
from referral.core.schema import Schema, Text, Whole
from referral.directory.words import fold

WORD, MEANS = 100, 400


class _Folded(Text):
    """Words as they are searched: lower case, without accents and signs."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        folded = fold(super()._deserialize(value, attr, data, **kwargs))
        if not folded:
            raise ValidationError(str(_("must hold letters or digits")))
        return folded


class _Meanings(Text):
    """Words or phrases divided by commas, each folded, each once."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        parts = dict.fromkeys(folded for part in typed.split(",") if (folded := fold(part)))
        if not parts:
            raise ValidationError(str(_("must hold letters or digits")))
        return ", ".join(parts)


class Synonym(Schema):
    """A word or phrase, and what it also finds."""

    word = _Folded(max=WORD, required=True)
    means = _Meanings(max=MEANS, required=True)


class SynonymForm(Synonym):
    """The same from a page; ``version`` when a word is changed."""

    version = Whole(min=1, load_default=1)


class SynonymItem(marshmallow.Schema):
    """A word as it is kept."""

    id = fields.UUID(required=True)
    word = fields.String(required=True)
    means = fields.String(required=True)
    version = fields.Integer(required=True)
    updated_at = fields.AwareDateTime(required=True)
