"""The error and the warning of a classifier that scikit-learn also knows by its own names.

Only imported where scikit-learn has been imported already.
"""

from __future__ import annotations

from sklearn import exceptions

from ffcolor.errors import FfcolorError, FfcolorWarning


class NotFittedError(FfcolorError, exceptions.NotFittedError):  # type: ignore[misc]
    """An FfcolorError with the code ``not-fitted``, and scikit-learn's error of the same name."""


class DataConversionWarning(FfcolorWarning, exceptions.DataConversionWarning):  # type: ignore[misc]
    """An FfcolorWarning, and scikit-learn's warning of the same name."""
