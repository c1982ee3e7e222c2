"""The field widgets: ``value()``, ``set_value()``, ``edited``, ``set_problem()``; all by keyboard."""

from .base import FieldWidget, WrapLabel, restyle
from .checks import MultiChoice, VillagePicker
from .choices import ChoiceCombo, RecordPicker, UnitCombo, YesNo
from .codec import Codec, NotAccepted, codec_for
from .files import FileDrop
from .fitting import FitButton, FitLabel, PageStack
from .lines import (
    DerivedField,
    LineField,
    LongTextField,
    MoneyEdit,
    MonthEdit,
    NullableDateEdit,
    NullableNumberEdit,
    TextField,
)
from .rows import RowsTable
from .rows_model import RefusedCell
from .secret import SecretEdit
from .suggest import SuggestEdit

__all__ = [
    "ChoiceCombo",
    "Codec",
    "DerivedField",
    "FieldWidget",
    "FileDrop",
    "FitButton",
    "FitLabel",
    "LineField",
    "LongTextField",
    "MoneyEdit",
    "MonthEdit",
    "MultiChoice",
    "NotAccepted",
    "NullableDateEdit",
    "NullableNumberEdit",
    "PageStack",
    "RecordPicker",
    "RefusedCell",
    "RowsTable",
    "SecretEdit",
    "SuggestEdit",
    "TextField",
    "UnitCombo",
    "VillagePicker",
    "WrapLabel",
    "YesNo",
    "codec_for",
    "restyle",
]
