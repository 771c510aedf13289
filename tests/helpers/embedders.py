"""A tiny folder as sentence-transformers writes them."""

import json

from huggingface_models import write_model
from safetensors.torch import load_file, save_file

from edgetext.huggingface.import_model import import_model


def write_embedder(folder):
    """Write a model whose vectors are the means of its states."""
    write_model(folder, architectures=["BertModel"])
    rows = [{"path": "", "type": "a.Transformer"}, {"path": "1_Pooling", "type": "a.Pooling"}]
    (folder / "modules.json").write_text(json.dumps(rows))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling/config.json").write_text('{"pooling_mode_mean_tokens": true}')
    # The classifier of the folder is no embedder's.
    tensors = load_file(str(folder / "model.safetensors"))
    kept = {name: x for name, x in tensors.items() if not name.startswith("classifier")}
    save_file(kept, str(folder / "model.safetensors"))


def write_imported_embedder(folder):
    """Write such a folder, and the checkpoint of it, whose path is returned."""
    write_embedder(folder)
    import_model(str(folder)).save(folder / "model.pt")
    return folder / "model.pt"
