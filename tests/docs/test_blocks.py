"""Each code block of README and of docs/ runs as it stands, in an empty folder."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest
from click import Context

from edgetext.cli import cli, main

# Pages whose blocks run by default, one after the other in one folder.
BUILT_IN = [
    "README.md",
    "docs/guide.md",
    "docs/publishing.md",
    "docs/recipes/assistant_joint.md",
    "docs/extend/reader.md",
    "docs/extend/encoder.md",
    "docs/extend/head.md",
    "docs/extend/index.md",
]
# Pages that need ../shared/data, by what they share a folder for.
REAL = {
    "snips": ["recipes/snips_joint", "results/benchmark", "results/hosts"],
    "clinc150": ["recipes/clinc150_intent", "results/compression"],
    "pairs": ["recipes/clinc150_pairs"],
    "ewt": ["recipes/ewt_pos"],
    "mtod": ["recipes/mtod_multilingual"],
    "wnut": ["recipes/wnut17_ner"],
    "top": ["recipes/top_parse"],
    "pawsx": ["recipes/pawsx_match"],
    "tydi": ["recipes/tydiqa_qa"],
    "scitldr": ["recipes/scitldr_summary"],
}
# One epoch of their teachers takes many minutes, or there is no checkpoint to import; that their
# options exist is tested all the same.
TOO_LONG = [
    "docs/results/training.md",  # commands of the bench's own
    "docs/results/few_texts.md",  # commands of the bench's own
    "docs/results/teachers.md",  # a folder with MiniLM, and commands of the bench's own
    "docs/recipes/wikitext_lm.md",
    "docs/recipes/multi_task.md",
    "docs/recipes/pii_redact.md",  # and its last command needs Presidio and spaCy
    "docs/import.md",
    "docs/clusters.md",  # Ray and Spark; test_clusters.py
    "docs/explain.md",  # models of SNIPS and CLINC150, and commands of the bench's own
    "docs/results/hashed.md",  # a teacher of SNIPS, and a command of the bench's own
    "docs/results/long_texts.md",  # commands of the bench's own
    "docs/results/batches.md",  # commands of the bench's own
    "docs/results/half.md",  # the build 995b790 beside this one, and an emulated processor
    "docs/live.md",  # servers, which do not end, and a command of the bench's own
    "docs/results/serving.md",  # a server, which does not end, and commands of the bench's own
    "docs/results/tuning.md",  # minutes of load on servers, and commands of the bench's own
    "docs/results/labeling.md",  # a student of SNIPS, and a command of the bench's own
    "docs/results/robustness.md",  # two models of SNIPS, and TextAttack
    "docs/results/confidence.md",  # two models of CLINC150
    "docs/results/starter.md",  # data in the current folder, and minutes of training
    "docs/results/portable.md",  # files of each recipe, in several engines
    "docs/results/operators.md",  # a file of each recipe, and a command of the bench's own
    "docs/results/conformance.md",  # files of many recipes
]
# Each of these ends in a file that a test of its own runs.
TESTED_ELSEWHERE = ["docs/extend/task.md", "docs/extend/target.md", "docs/extend/scheme.md"]
NO_BLOCKS = [
    "docs/index.md",
    "docs/glossary.md",
    "docs/architecture.md",
    "docs/contract.md",
    "docs/recipes/index.md",
    "docs/results/index.md",
]
NOT_RUN = ["pip install ."]  # The tests' own environment has it already.

# Training for as long as the recipe says would take minutes: the commands are under test here, and
# what they reach is measured where the page says so.
SHORT = ["training.epochs=1", "student.training.epochs=1"]
# Recipes that round in more epochs than that.
ROUNDED = [*SHORT, "student.distillation.qat_epochs=1"]
# Small networks besides, for the tests that run by default.
SMALL = [
    *ROUNDED,
    "encoder={type: bag, embedding: 48, hidden: 64}",
    "student.encoder={type: conv, embedding: 32, hidden: 48, layers: 1}",
]
MORE = {"prune": ["--epochs", "1"], "compress": ["--trials", "1"], "evaluate": ["--limit", "40"]}
DATA = Path(__file__).parents[2] / "../shared/data"


def is_slow(words):
    return words[0] in ("demo", "compress") or "--android" in words


def without_pte(words):
    """The command without ExecuTorch's file, which takes a minute of processor time to write."""
    words = ["server" if word == "mobile" else word for word in words]
    return [word for word in words if not word.endswith(".pte")]


class Shell:
    """Runs the blocks of pages in the current folder; a command that ran already does not again.

    settings: fields of recipes, for the shipped ones. quick: without what takes long.
    """

    def __init__(self, pages, settings, quick=False):
        self.pages = pages
        self.settings = settings
        self.quick = quick
        self.ran = set()

    def run_page(self, page):
        for block in self.pages.blocks(page):
            if block.language == "sh":
                for words in block.commands():
                    if shlex.join(words) not in NOT_RUN:
                        assert words[0] == "edgetext", f"{page}: {shlex.join(words)} is not run"
                        self.run(words[1:])
            elif block.language == "python" and ".py](" not in block.before:
                exec(compile(block.text, page, "exec"), {})
            elif block.language == "yaml":
                Path(block.before.split("`")[1]).write_text(block.text + "\n", "utf-8")
            else:
                self.is_the_file(page, block)

    def is_the_file(self, page, block):
        """A block that shows a file beside the page shows all of it."""
        assert block.language == "python", f"{page}: a block of {block.language} is not run"
        name = block.before.partition("](")[2].partition(")")[0]
        beside = (self.pages.root / page).parent / name
        assert block.text == beside.read_text("utf-8").strip(), f"{page}: {name} has changed"

    def run(self, words):
        if self.quick:
            if is_slow(words):
                return
            words = without_pte(words)
        if "--max-drop" in words:  # a network of one epoch may lose anything
            at = words.index("--max-drop")
            words = words[:at] + words[at + 2 :]
        key = shlex.join(words)
        if key in self.ran:
            return
        self.ran.add(key)
        words = [file for word in words for file in self.expanded(word)]
        assert main([*words, *self.short(words)]) == 0, f"edgetext {key}"

    def short(self, words):
        """The options that make a command short."""
        name = next(word for word in words if word in cli.list_commands(Context(cli)))
        if name in ("train", "distill", "demo", "search-params"):
            of_a_user = any(word.endswith(".yaml") for word in words)
            fields = SHORT[:1] if of_a_user else self.settings
            few = ["--trials", "1"] if name == "search-params" else []
            return [*few, *(word for field in fields for word in ("--set", field))]
        return [] if "--limit" in words else MORE.get(name, [])

    def expanded(self, word):
        """As a shell does with the names of files."""
        return sorted(map(str, Path().glob(word))) if "*" in word else [word]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, pages):
    """A folder with the data and the modules that the pages' blocks speak of."""
    return fill(tmp_path_factory.mktemp("pages"), pages)


def fill(folder, pages):
    (folder / "mine.tsv").write_text(
        "".join(
            f"alarm\t11:16:time\tset it for {number} am\nmusic\t5:11:song\tplay song{number}\n"
            for number in range(10, 60)
        )
    )
    (folder / "notes.txt").write_text(
        "".join(f"buy | buy {n} eggs\nask | where are my {n} eggs?\n" for n in range(60))
    )
    for module in (pages.root / "docs/extend").glob("*.py"):
        # The very file: a component that is registered twice is refused.
        (folder / module.name).symlink_to(module)
    (folder / "android_demo/app/src/main").mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def shell(pages):
    return Shell(pages, SMALL, quick=True)


@pytest.mark.parametrize("page", BUILT_IN)
def test_blocks_on_the_built_in_data_run(shell, folder, monkeypatch, page):
    monkeypatch.chdir(folder)
    shell.run_page("README.md")  # others go on from its files
    shell.run_page(page)


@pytest.mark.slow
def test_blocks_on_the_built_in_data_run_as_they_stand(pages, tmp_path, monkeypatch):
    monkeypatch.chdir(fill(tmp_path, pages))
    shell = Shell(pages, ROUNDED)
    for page in BUILT_IN:
        shell.run_page(page)


@pytest.mark.realdata
@pytest.mark.parametrize("topic", REAL)
def test_blocks_on_real_data_run(pages, tmp_path, monkeypatch, topic):
    if not DATA.is_dir():
        pytest.skip("no ../shared/data here")
    monkeypatch.setenv("EDGETEXT_DATA", str(DATA.resolve()))
    monkeypatch.chdir(tmp_path)
    shell = Shell(pages, ROUNDED)
    for page in REAL[topic]:
        shell.run_page(f"docs/{page}.md")


def test_each_page_is_among_those_that_are_run(pages):
    real = [f"docs/{page}.md" for chain in REAL.values() for page in chain]
    listed = [*BUILT_IN, *real, *TOO_LONG, *NO_BLOCKS]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(pages.names)
    assert set(pages.names) <= {*listed, *TESTED_ELSEWHERE}
    assert not any(pages.blocks(page) for page in NO_BLOCKS)


def command_of(words):
    """(the command, the words after its name) of `edgetext WORDS`."""
    command, context = cli, Context(cli)
    while hasattr(command, "list_commands"):
        at = next((i for i, w in enumerate(words) if w in command.list_commands(context)), None)
        name = words[at] if at is not None else "run"  # `edgetext bench FILES` runs
        command = command.get_command(context, name)
        words = words[:at] + words[at + 1 :] if at is not None else words
    return command, words


def test_each_option_exists(pages):
    for page in pages.names:
        for block in pages.blocks(page):
            for words in block.commands() if block.language == "sh" else ():
                if words[0] != "edgetext" or "--import" in words:
                    continue
                command, rest = command_of(words[1:])
                options = {name for parameter in command.params for name in parameter.opts}
                unknown = {word for word in rest if word.startswith("-")} - options
                assert not unknown, f"{page}: {os.linesep.join(unknown)} of {shlex.join(words)}"


def test_every_command_is_on_a_page(pages):
    blocks = [b for page in pages.names for b in pages.blocks(page) if b.language == "sh"]
    mentioned = {word for b in blocks for words in b.commands() for word in words[1:4]}
    assert set(cli.list_commands(Context(cli))) - mentioned == set()
