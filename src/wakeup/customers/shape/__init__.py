"""A shape: what a population is like, as distributions in cells of many people, so that it can be shared without them.

Fitted to customers (`shape_of`), written and read as JSON (`to_json`, `from_json`), and made into customers again
(`like`), as many as are wanted.
"""

from wakeup.customers.shape.drawing import drawn, like
from wakeup.customers.shape.fitting import MOST_LOOKED_AT, shape_of
from wakeup.customers.shape.model import LEAST, Shape
from wakeup.customers.shape.reading import from_json, looks_like_shape, to_json

__all__ = ["LEAST", "MOST_LOOKED_AT", "Shape", "drawn", "from_json", "like", "looks_like_shape", "shape_of", "to_json"]
