from forensics.api import Case as Case
from forensics.api import investigate as investigate
from forensics.api import resume as resume
from forensics.case.options import Options as Options
from forensics.errors import AudioError as AudioError
from forensics.errors import BundleError as BundleError
from forensics.errors import CaseError as CaseError
from forensics.errors import ConsentError as ConsentError
from forensics.errors import CustodyError as CustodyError
from forensics.errors import ForensicsError as ForensicsError
from forensics.errors import ModelError as ModelError
from forensics.errors import TableError as TableError
from forensics.intake import open_bundle as open_bundle

__version__: str
__all__: list[str]
