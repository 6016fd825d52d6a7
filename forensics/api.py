"""The main job in one call: a bundle goes in, a case with a report comes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.case import case as _case
from forensics.case.masking import require_purpose
from forensics.case.options import Options
from forensics.corridor.progress import Progress
from forensics.errors import BundleError

if TYPE_CHECKING:
    import pandas as pd


class Case(_case.Case):
    """A case as an analyst works with it: it displays itself in a notebook, names masked."""

    def table(self, name: str, *, reveal: str | None = None) -> pd.DataFrame:
        """A table as a data frame, the analyst's decisions applied.

        Parameters
        ----------
        name : str
            One of :data:`forensics.case.schemas.TABLES`.
        reveal : str, optional
            Why names must be seen; entered in the custody log. Without it, text that came out of the bundle
            is replaced by pseudonyms or by ``…``.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        ConsentError
            If `reveal` is empty text.
        CaseError
            If there is no such table, or not yet.

        Examples
        --------
        >>> case.table("claims")  # doctest: +SKIP
        >>> case.table("claims", reveal="asked for by the data subject, file 12")  # doctest: +SKIP
        """
        from forensics.reports.shown import frame
        from forensics.reports.view import View

        if reveal is not None:
            require_purpose(reveal)
            self.custody.append("names revealed", purpose=reveal.strip(), table=name)
            return self.frame(name)
        return frame(View.of_case(self, report_k=0), name)

    def search(
        self,
        text: str = "",
        *,
        person: str | None = None,
        place: str | int | None = None,
        device: str | None = None,
        since: str | date | datetime | None = None,
        until: str | date | datetime | None = None,
        doubtful: bool | None = None,
        reveal: str | None = None,
    ) -> pd.DataFrame:
        """The utterances that say something, in the order of time.

        Parameters
        ----------
        text : str
            Words that follow each other; each may go on ("rad" finds "Radio"). Case, accents and punctuation
            do not matter. Our reading, the vendor's, and what else the decoder held possible are searched.
            Empty finds every utterance.
        person : str, optional
            A ``person_id``, a form of a name, or the pseudonym that masked output shows.
        place : str or int, optional
            A name in English or German, or a gazetteer id.
        device : str, optional
            A ``device_id``, or a part of a device's type, room, name or serial number.
        since, until : str, date or datetime, optional
            ISO 8601. A day or time without a zone is local to the utterance; `until` a day includes the day.
        doubtful : bool, optional
            Only utterances whose reading is doubtful, or only the others.
        reveal : str, optional
            Why the words must be read; entered in the custody log. Without it they stand there as ``…``.

        Returns
        -------
        pandas.DataFrame
            A row per utterance: the columns are those of :func:`forensics.reports.search.frame`.

        Raises
        ------
        ConsentError
            If `reveal` is empty text.
        ForensicsError
            If the case knows no such person, place or device, or a time cannot be read.

        Examples
        --------
        >>> case.search("guten Morgen", device="Echo Dot", since="2018-05-01")  # doctest: +SKIP
        >>> case.search(person="contact 3", doubtful=True, reveal="file 12")  # doctest: +SKIP
        """
        from forensics.reports.search import frame, search
        from forensics.reports.view import View

        view = View.of_case(self, reveal=reveal is not None, purpose=reveal or "", report_k=0)
        hits = search(
            view, text, person=person, place=place, device=device, since=since, until=until, doubtful=doubtful
        )
        return frame(view, hits)

    def verify(self) -> list[str]:
        """Recompute every hash and the custody chain.

        Returns
        -------
        list of str
            What does not hold, naming the file or the act; empty if everything does.
            :func:`forensics.case.verification.verify_case` also says what could not be known.
        """
        from forensics.case.verification import verify_case

        return verify_case(self).problems

    def _repr_html_(self) -> str:
        from forensics.reports.display import case_html

        return case_html(self)


def investigate(
    bundles: str | Path | Sequence[str | Path],
    *,
    case: str | Path,
    options: Options | None = None,
    purpose: str = "",
    progress: Progress | None = None,
) -> Case:
    """Take bundles into a case and run every stage, then write the HTML report.

    Parameters
    ----------
    bundles : path or sequence of paths
        Zip files, tar files or folders; several make one case.
    case : path
        The case folder, new or existing.
    options : Options, optional
    purpose : str
        Why this is done; goes into the custody log.
    progress : Progress, optional
        Silent by default.

    Returns
    -------
    Case

    Raises
    ------
    BundleError
        If a bundle cannot be opened at all.
    CaseError
        If the folder is not a case, or another process works on it.
    """
    opened = take_in_all(bundles, case=case, options=options, purpose=purpose, progress=progress)
    return resume(opened, progress=progress)


def take_in_all(
    bundles: str | Path | Sequence[str | Path],
    *,
    case: str | Path,
    options: Options | None = None,
    purpose: str = "",
    progress: Progress | None = None,
) -> Case:
    """Copy bundles into a case's evidence, hashed and logged; no stage runs.

    Parameters and errors are those of :func:`investigate`.
    """
    from forensics.intake import take_in
    from forensics.intake.taking import check_apart

    paths = [Path(p) for p in ([bundles] if isinstance(bundles, str | Path) else bundles)]
    for path in paths:
        if not path.exists():
            raise BundleError(f"{path} does not exist.", "Check the path of the bundle.")
        check_apart(Path(case), path)
    if options is not None and options.voices:
        from forensics.audio.voices import permission

        permission.check(Path(case), purpose)
    opened = Case.create(case, options=options, purpose=purpose)
    if opened.options.voices and purpose.strip():
        from forensics.audio.voices import permission

        permission.record(opened, purpose)
    for path in paths:
        take_in(opened, path, progress=progress)
    return opened


def resume(case: _case.Case | str | Path, *, progress: Progress | None = None) -> Case:
    """Bring a case up to date: what was interrupted goes on, what has not changed is kept.

    Parameters
    ----------
    case : Case or path
    progress : Progress, optional
        Silent by default.
    """
    from forensics.corridor.runner import run
    from forensics.intake import finish_taking_in
    from forensics.intake.passwords import current_passwords
    from forensics.reports.html import write_html

    opened = Case(case.folder) if isinstance(case, _case.Case) else Case.open(case)
    finish_taking_in(opened, progress=progress)
    if current_passwords():
        opened.note_unlocking()
    run(opened, progress=progress)
    write_html(opened, opened.folder / "reports" / "report.html")
    return opened
