"""README, docs, notebooks and docstrings are written in short sentences and plain words (tests/sentences.py)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sentences

MOST_WORDS, MOST_ON_AVERAGE = 35, 18


def test_sentences_are_short() -> None:
    found = sentences.found(sentences.read())
    assert [f"{place}: {sentence}" for place, sentence, words in found if words > MOST_WORDS] == []
    assert len(found) > 1_000
    assert {page: mean for page, mean in sentences.means(found).items() if mean >= MOST_ON_AVERAGE} == {}
    assert {"README.md", "docs/convention.md", "docstrings"} < set(sentences.means(found))


def test_words_are_plain() -> None:
    assert sentences.phrases([*sentences.read(), *sentences.MESSAGES]) == []


def test_long_sentences_and_refused_phrases_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A head of a parameter is not prose, and neither is code; "there is no" is plain, "is no longer" too."""
    monkeypatch.setattr(sentences, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    words = "word " * 35
    page.write_text(
        f"Short. A {words}end.\n\nA tile is\nno die, and nobody knows. There is no die.\n", encoding="utf-8"
    )
    assert sentences.main([str(page)]) == 1
    printed = capsys.readouterr().out
    assert "page.md:1: 37 words: A word word" in printed
    assert 'page.md:3: "is no": is not a ..., are not ...' in printed
    assert 'page.md:4: "nobody": say who' in printed
    assert "1 above 35" in printed
    code = tmp_path / "code.py"
    code.write_text(
        '"""Halves.\n\nParameters\n----------\nis nobody : float\n    It is no longer read.\n"""\n', encoding="utf-8"
    )
    assert [words for _, _, words in sentences.found([code])] == [5]
    page.write_text("There is\nno die here; it is no longer sold.\n", encoding="utf-8")
    assert sentences.main([str(page)]) == 0


def test_a_page_of_long_sentences_and_a_notebook_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten sentences of 20 words are too long on average, though none is above 35; code cells are not prose."""
    monkeypatch.setattr(sentences, "ROOT", tmp_path)
    page, notebook = tmp_path / "page.md", tmp_path / "first.ipynb"
    page.write_text(("A " + "word " * 18 + "end.\n\n") * 10, encoding="utf-8")
    assert sentences.main([str(page)]) == 1
    assert "page.md: 20.0 words in the mean; below 18 is the limit" in capsys.readouterr().out
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "\n", "A desk and its meter.\n"]},
        {"cell_type": "code", "source": ["# " + "word " * 40]},
    ]
    notebook.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert [(text, words) for _, text, words in sentences.found([notebook])] == [("A desk and its meter.", 5)]
