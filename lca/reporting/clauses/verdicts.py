"""What a look at a clause finds: one of five verdicts, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Final, TypeAlias

from .subject import Subject

#: What a clause may come to. "passed" is what the library computed or verified itself, "stated" what people say.
PASSED, STATED, FAILED, NOT_STATED, DOES_NOT_APPLY = "passed", "stated", "failed", "not stated", "does not apply"
VERDICTS: Final = (PASSED, STATED, FAILED, NOT_STATED, DOES_NOT_APPLY)
#: Verdicts that ask for something to be added.
OPEN: Final = (FAILED, NOT_STATED)


@dataclass(frozen=True)
class Finding:
    """A verdict with what was found; `add` takes the place of what the table says there."""

    verdict: str
    found: str
    add: str = ""


#: Looks at a subject. The text is the argument that the table gives beside the name of the rule.
Rule: TypeAlias = Callable[[Subject, str], Finding]

passed = partial(Finding, PASSED)
stated = partial(Finding, STATED)
failed = partial(Finding, FAILED)
not_stated = partial(Finding, NOT_STATED)
does_not_apply = partial(Finding, DOES_NOT_APPLY)

_WITHOUT_STUDY = not_stated(
    "the result comes without its study, which alone knows sites, machines and tags",
    "check the study itself, or a result that has it",
)


def of_study(rule: Rule) -> Rule:
    """A rule that needs the components of the study, which a result may lack."""

    @wraps(rule)
    def looked(subject: Subject, of: str) -> Finding:
        return _WITHOUT_STUDY if subject.study is None else rule(subject, of)

    return looked
