"""Writes papermill's parameters as TypeScript, one `let NAME = VALUE;` a line.

papermill loads this module through its entry point for engines (see pyproject.toml); after that
`papermill lesson.ipynb out.ipynb -p hidden 8` works as for any language that papermill knows.
"""

import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillException
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

# Integers beyond this are no longer exact as numbers: they are written as bigint.
MAX_SAFE_INTEGER = 2**53 - 1

# `let` of the cell tagged `parameters`: let NAME: TYPE = VALUE; // help
DECLARATION = re.compile(
    r"^(?:export\s+)?(?:let|const|var)\s+(?P<name>[\w$]+)\s*(?::\s*(?P<type>.+?))?"
    r"\s*=(?![=>])\s*(?P<value>.*?)\s*;?\s*(?://\s*(?P<help>.*))?$"
)

RESERVED = frozenset(
    """await break case catch class const continue debugger default delete do else enum export extends false
    finally for function if implements import in instanceof interface let new null package private protected
    public return static super switch this throw true try typeof var void while with yield""".split()
)


class GatebookEngine(NBClientEngine):
    """papermill's own engine: runs the notebook through nbclient in the kernel the notebook names."""


class TypeScriptTranslator(Translator):
    """`let`, not `const`: a value's type is then `number`, not `8`, and comparing it to 9 is no type error."""

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_int(cls, val):
        return f"{val}n" if abs(val) > MAX_SAFE_INTEGER else f"{val}"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "NaN"
        if math.isinf(val):
            return "Infinity" if val > 0 else "-Infinity"
        return repr(val)

    @classmethod
    def translate_escaped_str(cls, str_val):
        # Every JSON string is a TypeScript string.
        return json.dumps(str(str_val), ensure_ascii=False)

    @classmethod
    def translate_dict(cls, val):
        fields = ", ".join(f"{cls.translate_key(key)}: {cls.translate(one)}" for key, one in val.items())
        return f"{{ {fields} }}" if fields else "{}"

    @classmethod
    def translate_key(cls, key):
        key = str(key)
        if key == "__proto__":  # as a plain key it would set the prototype
            return '["__proto__"]'
        return key if re.fullmatch(r"[A-Za-z_$][\w$]*", key, re.ASCII) else json.dumps(key)

    @classmethod
    def translate_list(cls, val):
        return f"[{', '.join(cls.translate(one) for one in val)}]"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        if name in RESERVED or not (name.replace("$", "_")).isidentifier():
            raise PapermillException(f"Cannot set parameter '{name}': it is no name a TypeScript variable may have")
        return f"let {name} = {str_val};"

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        return super().codify(parameters, comment).rstrip("\n")

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters that `papermill --help-notebook` lists: declarations that stand on a line of their own."""
        found = (DECLARATION.match(line.strip()) for line in parameters_cell["source"].splitlines())
        return [
            Parameter(
                name=one["name"],
                inferred_type_name=one["type"] or "None",
                default=one["value"],
                help=(one["help"] or "").strip(),
            )
            for one in found
            if one
        ]


for key in ("gatebook", "typescript"):
    papermill_translators.register(key, TypeScriptTranslator)
