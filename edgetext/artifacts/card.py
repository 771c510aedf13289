"""The model card: what an artifact is, in Markdown, from its own metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from edgetext.core.tables import as_code
from edgetext.model.contract import GoldenExample, Metadata
from edgetext.model.header import Step
from edgetext.targets import catalog
from edgetext.tasks.metrics import in_points

_TRUNCATED = "`truncated` int32[1]: 1 when the text was longer than {max_bytes} bytes"
_KINDS = {"intent": "Intents"}
_VARIANTS = {
    "full": "as trained",
    "distilled": "distilled from a larger teacher",
    "pruned": "without the channels, layers or pieces that mattered least",
    "int8": "weights and activations in 8 bits",
    "int4": "some weights in 4 bits, the others and activations in 8",
}


def model_card(
    metadata: Metadata,
    golden: Sequence[GoldenExample],
    files: Sequence[tuple[str, int, str]],
    history: Sequence[Step],
    worst_classes: Sequence[Mapping[str, Any]] = (),
) -> str:
    """files: (name, bytes, SHA-256) of each artifact. history, worst_classes: the checkpoint's."""
    fields = metadata.fields
    rows = "\n".join(f"| `{name}` | {size:,} | `{digest}` |" for name, size, digest in files)
    steps = "\n".join(f"    {step.command}" for step in history)
    described = metadata.rules().describe(metadata.labels)
    described["truncated"] = _TRUNCATED.format(max_bytes=metadata.max_bytes)
    outputs = "\n".join(f"- {described[name]}" for name in fields["outputs"])
    sections = [
        f"# {metadata.name} ({metadata.variant})",
        f"Reads UTF-8 bytes and answers a {metadata.task} task; "
        f"{_VARIANTS.get(metadata.variant, metadata.variant)}. "
        f"Written by edgetext {fields['edgetext_version']}, "
        f"contract {fields['contract']}, model version `{fields['model_version']}`.",
        f"| file | bytes | SHA-256 |\n| --- | ---: | --- |\n{rows}",
        *_measured(fields["metrics"]),
        *_kept(history),
        *_worst(worst_classes),
        f"## Input and output\n\n{_inputs(metadata)}, UTF-8, from 1 byte; bytes after "
        f"{metadata.max_bytes} are not read. Invalid UTF-8 is read as U+FFFD.\n\n"
        f"{_several(outputs) if metadata.batch else outputs}\n\n{_runtimes(metadata)}",
        "## Labels",
    ]
    for kind, names in metadata.labels.items():
        if names:
            word = _KINDS.get(kind, kind.capitalize())
            sections.append(f"{word} ({len(names)}): {_listed(names)}")
    if golden:
        examples = "\n".join(
            f"- {' | '.join(map(as_code, example.texts))} →{_answer(example)}"
            for example in golden[:5]
        )
        sections.append(f"## Examples\n\n{examples}")
    sections.append(f"## Made by\n\n{steps}\n    edgetext export …")
    return "\n\n".join(sections) + "\n"


def _runtimes(metadata: Metadata) -> str:
    """What is to be known of each runtime that files are exported for."""
    own_form = catalog.form_of(metadata.fields)
    if own_form and own_form.folder_suffix:
        return own_form.card_note(metadata.max_bytes)
    notes: list[str] = []
    needed: list[str] = []
    for suffix, form in catalog.formats().items():
        target = own_form or catalog.owner(suffix)
        if catalog.exported(target) != form or (metadata.batch and not target.batches):
            continue
        if note := target.card_note(metadata.max_bytes):
            notes.append(note)
        if target.releases is not None:
            runs = " runs" if not needed else ""
            needed.append(
                f"the `{suffix}`{runs} in {target.releases.title} {target.releases.oldest} or newer"
            )
    sentence = ", ".join(needed)
    return "\n\n".join([*notes, f"{sentence[:1].upper()}{sentence[1:]}."])


def _measured(metrics: Mapping[str, float]) -> list[str]:
    """What the checkpoint reaches, as a section; none of a model that was not measured."""
    if not metrics:
        return []
    rows = "\n".join(
        f"| {name.replace('_', ' ')} | {in_points(name, value):.2f} |"
        for name, value in metrics.items()
    )
    return [
        "## Measured on the test split\n\nBy the checkpoint, before export; `edgetext evaluate "
        f"FILE` measures a file.\n\n| metric | of 100 |\n| --- | ---: |\n{rows}"
    ]


def _kept(history: Sequence[Step]) -> list[str]:
    """What quantization cost on the user's own data, as a section, where it was measured there."""
    gates = [step.extra["gate"] for step in history if "gate" in step.extra]
    if not gates:
        return []
    gate = gates[-1]
    rows = "\n".join(
        f"| {name.replace('_', ' ')} | {in_points(name, before):.2f} | "
        f"{in_points(name, gate['after'][name]):.2f} |"
        for name, before in gate["before"].items()
    )
    layers = _listed(gate["kept"]) or "none"
    return [
        f"## What quantization cost\n\nOn {gate['texts']:,} texts of `{gate['data']}`. Layers that "
        f"stayed float32 for it: {layers}.\n\n| metric | before | after |\n| --- | ---: | ---: |\n"
        f"{rows}"
    ]


def _worst(classes: Sequence[Mapping[str, Any]]) -> list[str]:
    """The labels that the model knows least well, as a section."""
    if not classes:
        return []
    rows = "\n".join(
        f"| {as_code(each['label'])} | {100 * each['f1']:.2f} | {each['texts']:,} |"
        for each in classes
    )
    return [
        "## Least well known labels\n\nThose with the lowest F1 on the test split.\n\n"
        f"| label | F1 of 100 | texts |\n| --- | ---: | ---: |\n{rows}"
    ]


def _inputs(metadata: Metadata) -> str:
    names = metadata.fields["inputs"]
    if metadata.batch:
        return (
            f"Inputs: `text` uint8[n], the bytes of 1 to {metadata.batch} texts end to end, and "
            "`offsets` int64[B + 1], where each of them begins, 0 first, and where the last one "
            "ends; each text"
        )
    kind = metadata.fields.get("text_type", "uint8")
    if len(names) == 1:
        return f"Input: `{names[0]}` {kind}[1, n]"
    return f"Inputs: `{names[0]}` {kind}[1, n] and `{names[1]}` {kind}[1, m], each"


def _several(outputs: str) -> str:
    """The outputs of one text as those of B."""
    spans = "[S, 4]: rows of text (its place among the B),"
    outputs = outputs.replace("[1, S, 3]: rows of", spans)
    return outputs.replace("[1, ", "[B, ").replace("[1]", "[B]")


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(f"`{label}`" for label in labels)


def _answer(example: GoldenExample) -> str:
    """What `edgetext predict` prints, as code."""
    return f" {as_code(example.expected.as_line(example.texts[-1].encode('utf-8')))}"
