"""Evaluate the worked example of a formula: arithmetic on named numbers and nothing else."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import Final

_BINARY: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_UNARY: Final[Mapping[type[ast.unaryop], Callable[[float], float]]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}


def _total(*numbers: float) -> float:
    return math.fsum(numbers)


FUNCTIONS: Final[Mapping[str, Callable[..., float]]] = {
    "abs": abs,
    "min": min,
    "max": max,
    "sqrt": math.sqrt,
    "log": math.log,
    "exp": math.exp,
    "sum": _total,
    "N": NormalDist().cdf,
}
_LARGEST_POWER = 64.0


def evaluate(expression: str, values: Mapping[str, float]) -> float:
    """Return the value of `expression`, written with numbers, names of `values`, + - * / **, brackets and FUNCTIONS.

    Raises ValueError with a sentence for anything else: unknown names, other syntax, a division by zero, a
    result that is not a finite number.
    """
    try:
        result = _value(ast.parse(expression, mode="eval").body, values)
        finite = math.isfinite(result)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError(f"{expression!r} is not arithmetic") from None
    except (ZeroDivisionError, OverflowError, TypeError) as error:
        raise ValueError(f"{expression!r} cannot be computed: {error}") from None
    if not finite:
        raise ValueError(f"{expression!r} is not finite")
    return result


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name) if name in values:
            return float(values[name])
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _UNARY:
            return _UNARY[type(sign)](_value(operand, values))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _combined(op, _value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return float(FUNCTIONS[name](*_arguments(arguments, values)))
        case ast.Name(id=name):
            raise ValueError(f"{name!r} has no value")
        case _:
            raise ValueError(f"{ast.unparse(node)!r} is not arithmetic")


def _arguments(nodes: list[ast.expr], values: Mapping[str, float]) -> list[float]:
    """Evaluate arguments; a list or tuple in brackets, as in sum([a, b]), counts as its members."""
    if len(nodes) == 1 and isinstance(nodes[0], ast.List | ast.Tuple):
        nodes = nodes[0].elts
    return [_value(node, values) for node in nodes]


def _combined(op: ast.operator, left: float, right: float) -> float:
    if isinstance(op, ast.Pow) and abs(right) > _LARGEST_POWER and abs(left) > 2:
        raise ValueError("a power that large is a slip")
    result = _BINARY[type(op)](left, right)
    if isinstance(result, complex):
        raise ValueError("a root of a negative number")  # noqa: TRY004 - the value is wrong, not the type
    return result
