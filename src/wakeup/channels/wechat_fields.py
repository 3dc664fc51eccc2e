"""Values of WeChat's templates: each name begins with its kind (`thing1`, `time2`), and each kind has its length."""

import re
from collections.abc import Mapping
from typing import Final

LENGTHS: Final = {
    "thing": 20,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "character_string": 32,
    "phone_number": 17,
    "car_number": 8,
    "name": 20,
    "phrase": 5,
    "const": 20,
}
"""Most characters of a value by its kind: "订阅消息参数值内容限制说明" at developers.weixin.qq.com (November 2026)."""

_KIND: Final = re.compile(r"([a-z_]+?)_?\d*")


class TooLongError(ValueError):
    """A value is longer than its kind allows; the text is the name of the variable."""


def data_of(fields: Mapping[str, str], apart: str = "") -> Mapping[str, Mapping[str, str]]:
    """The values of a template as WeChat wants them, without the field that stands apart.

    Raises:
        TooLongError: a value is too long: WeChat would refuse it, or cut it.
    """
    values = {variable: value for variable, value in fields.items() if variable != apart}
    for variable, value in values.items():
        kind = _KIND.fullmatch(variable)
        if kind is not None and len(value) > LENGTHS.get(kind.group(1), len(value)):
            raise TooLongError(variable)
    return {variable: {"value": value} for variable, value in values.items()}
