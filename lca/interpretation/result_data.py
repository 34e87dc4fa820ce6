"""The Dataset of a result, which goes into a file as any other: names without "/", units as `units`, plain labels.

A file holds no name with "/" (NetCDF and Zarr take it as a folder), so "use/robots" becomes `use__robots` there.
"""

from __future__ import annotations

import datetime
import warnings
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

import numpy as np
import xarray

from ..checks import Array
from ..errors import DomainError, LabelError, MissingError

#: What stands in a file for the "/" of a name.
_FOLDER = "__"
T = TypeVar("T")


class ResultData(xarray.Dataset):  # type: ignore[no-untyped-call]  # of xarray's own hook for subclasses
    """A Dataset that finds a value by both of its names, "use/robots" and the `use__robots` of a file.

    Examples
    --------
    >>> data = ResultData({"use/robots": ("model", [1.0, 2.0], {"unit": "kg CO2e"})}, {"model": ["a", "b"]})
    >>> data["use__robots"].values.tolist(), "use__robots" in data
    ([1.0, 2.0], True)
    """

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__([self._own(one) for one in key] if isinstance(key, list) else self._own(key))

    def __contains__(self, key: object) -> bool:
        return super().__contains__(self._own(key))

    def _own(self, key: Any) -> Any:
        """The name here of what a file calls by another."""
        if not isinstance(key, str) or _FOLDER not in key or key in self._variables:
            return key
        return next((name for name in self._variables if stored_name(name) == key), key)

    def to_netcdf(self, *args: Any, **rest: Any) -> Any:
        """As xarray writes it, with the names, units and labels of a file.

        Parameters
        ----------
        *args, **rest
            What `xarray.Dataset.to_netcdf` takes.

        Returns
        -------
        None or bytes
            What xarray returns.

        Raises
        ------
        LabelError
            If two names would be one in the file.
        MissingError
            If the engine that is asked for is not installed.
        DomainError
            If a whole number is too large for NetCDF 3, which is written where neither `h5netcdf` nor `netCDF4` is.

        Examples
        --------
        >>> import io, lca
        >>> made = lca.nominal({"energy/desk": lca.parameter("x", "3 kWh at_wall")})
        >>> xarray.open_dataset(io.BytesIO(made.data.to_netcdf()))["energy__desk"].attrs["units"]
        'kWh at the wall'
        """
        try:
            return _with(portable(self).to_netcdf, "h5netcdf", "netcdf", *args, **rest)
        except ValueError as error:
            if "could not safely cast" not in str(error):
                raise
            raise DomainError.of("too_large_for_netcdf_3", "to_netcdf") from None

    def to_zarr(self, *args: Any, **rest: Any) -> Any:
        """As xarray writes it, with the names, units and labels of a file.

        Parameters
        ----------
        *args, **rest
            What `xarray.Dataset.to_zarr` takes.

        Returns
        -------
        xarray.backends.ZarrStore
            What xarray returns.

        Raises
        ------
        LabelError
            If two names would be one in the file.
        MissingError
            If the extra `zarr` is not installed.
        """
        with warnings.catch_warnings():  # xarray reads quicker what Zarr 3 does not yet describe
            warnings.filterwarnings("ignore", "Consolidated metadata")
            return _with(portable(self).to_zarr, "zarr", "zarr", *args, **rest)


def _with(write: Callable[..., T], package: str, extra: str, *args: Any, **rest: Any) -> T:
    """What a writer returns; a named error where its package is not installed."""
    try:
        return write(*args, **rest)
    except ImportError as error:
        if error.name not in (None, package, "h5py"):
            raise
        raise MissingError.of("package_not_installed", what="such files", package=package, extra=extra) from error


def stored_name(name: Hashable) -> str:
    """The name of a value in a file.

    >>> stored_name("use/robots")
    'use__robots'
    """
    return str(name).replace("/", _FOLDER)


def portable(data: xarray.Dataset) -> xarray.Dataset:
    """A Dataset as files take it: `units` and `long_name` of each variable, no "/" in a name, labels of one kind.

    Numbers keep their bits. Dates become datetime64; labels of several kinds become text.

    >>> made = portable(xarray.Dataset({"use/robots": ((), 2.0, {"unit": "kg CO2e"})}))
    >>> made["use__robots"].attrs
    {'units': 'kg CO2e', 'long_name': 'use/robots'}
    """
    names = {name: stored_name(name) for name in data.variables}
    if twice := [name for name, count in Counter(names.values()).items() if count > 1]:
        both = [str(name) for name, stored in names.items() if stored == twice[0]]
        raise LabelError.of("two_names_one_in_a_file", twice[0], both, name=twice[0])
    made = {names[name]: _plain(name, data[name].variable) for name in data.variables}
    labels = {names[name]: made.pop(names[name]) for name in data.coords}
    return xarray.Dataset(made, labels, data.attrs)


def _plain(name: Hashable, variable: xarray.Variable) -> xarray.Variable:
    """A variable whose attributes and labels a file can hold."""
    about = {"units" if key == "unit" else str(key): value for key, value in variable.attrs.items()}
    about |= {"units": about["units"] or "1"} if "units" in about else {}
    values = of_one_kind(variable.values)
    how = {"dtype": "float64"} if values.dtype.kind == "M" else {}  # int32 of NetCDF 3 overflows in older readers
    return xarray.Variable(variable.dims, values, {**about, "long_name": str(name)}, how)


def of_one_kind(labels: Array) -> Array:
    """Labels and coordinates as an array of one kind: numbers, dates or texts; nothing is NaN or "".

    >>> of_one_kind(np.array([1, None, 2.5], object)).tolist(), of_one_kind(np.array([1, "a", None], object)).tolist()
    ([1.0, nan, 2.5], ['1', 'a', ''])
    """
    if labels.dtype.kind not in "OTU":
        return labels
    every = [None if one != one else one for one in labels.tolist()]
    kinds = {_kind(one) for one in every}
    if kinds <= {"bool"}:
        return np.array(every, bool)
    if kinds <= {"int", "float", ""} and kinds != {""}:
        return np.array(every, np.int64 if kinds == {"int"} else float)
    if kinds <= {"date", ""} and kinds != {""}:
        days = ["NaT" if one is None else one for one in every]
        return np.array(days, "datetime64[us]").astype("datetime64[ns]")
    return np.array(["" if one is None else str(one) for one in every], object)


def _kind(label: object) -> str:
    """What kind of label one is; a text where it is not a number or a date, nothing where it is missing."""
    kinds: dict[str, type] = {"bool": bool, "int": int, "float": float, "date": datetime.date, "": type(None)}
    return next((name for name, kind in kinds.items() if isinstance(label, kind)), "text")


def described(facts: Mapping[str, object]) -> dict[str, str | int]:
    """What the attributes of a Dataset say of it: texts and whole numbers; nothing is left out.

    >>> described({"seed": None, "draws": 5, "title": "a"})
    {'draws': 5, 'title': 'a'}
    """
    return {name: one if isinstance(one, int) else str(one) for name, one in facts.items() if one not in (None, "")}
