"""A number that rests on more than was measured."""


class Estimate(float):
    """Shown with `~`. The larger or smaller of two stays what it was; what is computed from one is a plain number."""

    __slots__ = ()
