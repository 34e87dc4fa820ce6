"""Reads tables from every place of data, checks them against their datapackage.json, and knows their versions.

No other package knows where the data are. A folder of a place is a Data Package: CSV tables, and a datapackage.json
with version, sources, licences, and for each table its hash and its columns. Text is never missing ("NA" is Namibia);
an empty cell of a number column is a missing number. Nothing is read at import.
"""

from .description import Cell as Cell
from .description import Column as Column
from .description import Row as Row
from .in_use import Data as Data
from .in_use import cached as cached
from .in_use import in_use as in_use
from .in_use import using as using
from .layers import folders_named as folders_named
from .names import near as near
from .names import pick as pick
from .places import PLACES as PLACES
from .places import Place as Place
from .reading import columns as columns
from .reading import folders as folders
from .reading import is_there as is_there
from .reading import keys as keys
from .reading import lines as lines
from .reading import read as read
from .reading import row as row
from .reading import rows as rows
from .reading import texts as texts
from .reading import units as units
from .reading import version as version
from .reading import versions as versions
from .use import use_data as use_data
from .use import using_data as using_data
