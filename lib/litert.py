"""Models of bundles in LiteRT. No TensorFlow, no Streamlit."""

from __future__ import annotations

from ai_edge_litert.interpreter import Interpreter, SignatureRunner

from lib.bundles import Bundle, BundleError


def load(
    bundle: Bundle, name: str, signature: str = "predict", threads: int | None = None
) -> tuple[Interpreter, dict[str, SignatureRunner]]:
    """Load a model.

    Args:
        bundle: where it is.
        name: of its file.
        signature: that it must have.
        threads: to compute with; LiteRT's choice if not given.

    Returns:
        The interpreter, which must outlive its runners, and a runner for each signature by name. They share one set of
        buffers: whoever uses them from several threads has them take turns, and copies what they give.

    Raises:
        BundleError: the file is missing or damaged.
    """
    content = bundle.read(name)
    try:
        interpreter = Interpreter(model_content=content, num_threads=threads)
        names = {signature, *interpreter.get_signature_list()}
        return interpreter, {name: interpreter.get_signature_runner(name) for name in names}
    except (ValueError, RuntimeError) as error:
        raise BundleError(f"{bundle.folder / name} cannot be loaded ({error}).") from None
