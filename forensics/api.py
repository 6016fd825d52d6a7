"""The main job in one call: a bundle goes in, a case with a report comes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case import case as _case
from forensics.case.masking import require_purpose
from forensics.case.options import Options
from forensics.corridor.progress import Progress
from forensics.errors import BundleError

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import Audio

    from forensics.reports.explained import Explained
    from forensics.reports.transcripts import Exported

_FOR_ANALYSTS = (
    "create", "open", "folder", "options", "incident", "set_incident", "table_names", "describe", "table",
    "search", "play", "explain", "review", "report", "transcripts", "verify",
)  # fmt: skip
"""What completion offers of a case."""


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

    def play(self, utterance: str, *, reveal: str, start_s: float = 0.0, end_s: float | None = None) -> Audio:
        """The sound of an utterance, as a notebook plays it.

        Parameters
        ----------
        utterance : str
            An ``utterance_id``, a ``recording_id``, or what reports call it (``U7``).
        reveal : str
            Why it must be heard; entered in the custody log. There is no masked sound: a voice is a name.
        start_s, end_s : float, optional
            Which part of the recording, in seconds.

        Returns
        -------
        IPython.display.Audio
            Its ``data`` is a WAV file of 16 kHz, mono.

        Raises
        ------
        ConsentError
            If `reveal` is empty text.
        ForensicsError
            If there is no such utterance, or it has no sound.
        """
        from forensics.reports.playing import sound
        from forensics.reports.view import View

        view = View.of_case(self, reveal=True, purpose=reveal, report_k=0)
        return sound(view, utterance, start_s=start_s, end_s=end_s)

    def explain(self, claim: str, *, reveal: str | None = None) -> Explained:
        """From a claim to the utterances it rests on: what speaks for it, what against, what else it may be.

        Parameters
        ----------
        claim : str
            A ``claim_id``, its beginning, or the claim's number in the report (``C3``).
        reveal : str, optional
            Why names and words must be seen; entered in the custody log.

        Returns
        -------
        forensics.reports.explained.Explained
            Displays itself; its ``facts`` are plain values.

        Raises
        ------
        ConsentError
            If `reveal` is empty text.
        ForensicsError
            If no claim, or more than one, is meant.
        """
        from forensics.reports.explained import explain

        return explain(self, claim, reveal=reveal is not None, purpose=reveal or "")

    def report(
        self, path: str | Path, format: str | None = None, *, reveal: str | None = None, **options: Any
    ) -> Path:
        """Write a report, or another document of the case.

        Parameters
        ----------
        path : path
            An existing file is replaced.
        format : str, optional
            A key of :data:`forensics.reports.FORMATS`; by default what the path's ending says.
        reveal : str, optional
            Why names must be seen; entered in the custody log.
        **options
            Those of :func:`forensics.reports.write`: ``language``, ``report_k``, ``snippets``,
            ``organisation``, ``logo``, ``before``.

        Returns
        -------
        pathlib.Path
            What was written.

        Raises
        ------
        ConsentError
            If `reveal` is empty text.
        ForensicsError
            If the format is unknown, or does not take an option.

        Examples
        --------
        >>> case.report("report.pdf", language="de")  # doctest: +SKIP
        """
        from forensics.reports import format_of, write

        chosen = format or format_of(path)
        return write(self, path, chosen, reveal=reveal is not None, purpose=reveal or "", **options)

    def transcripts(
        self, out: str | Path, format: str = "csv", *, reveal: str, sound: bool = False
    ) -> Exported:
        """Write what was said, for another program.

        Parameters
        ----------
        out : path
            A file for ``csv``, else a folder: a new or empty one, in which every recording gets a file.
        format : {'csv', 'srt', 'vtt', 'eaf', 'audacity'}
            A table; SubRip or WebVTT subtitles; ELAN annotations; Audacity's labels.
        reveal : str
            Why the words are needed; entered in the custody log. There is no masked transcript.
        sound : bool
            Beside each file the recording as WAV, 16 kHz, mono.

        Returns
        -------
        forensics.reports.transcripts.Exported
            What was written and what was left out.

        Raises
        ------
        ConsentError
            If `reveal` is empty text.
        ForensicsError
            If the format is unknown, or the folder is not empty.
        """
        from forensics.reports.transcripts import write_transcripts

        return write_transcripts(self, out, format, purpose=reveal, sound=sound)

    def describe(self, table: str | None = None) -> pd.DataFrame:
        """What is in the case: its tables, or the columns of one of them.

        Parameters
        ----------
        table : str, optional
            One of :data:`forensics.case.schemas.TABLES`.

        Returns
        -------
        pandas.DataFrame
            Per table what a row of it is and how many there are; per column what it holds, its type, its
            values, and whether it is shown masked.

        Raises
        ------
        CaseError
            If there is no such table.
        """
        from forensics.reports.described import columns_of, tables_of

        return tables_of(self) if table is None else columns_of(table)

    def __dir__(self) -> list[str]:
        return sorted(_FOR_ANALYSTS)  # what a person is offered; stages use more

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
    from forensics.case.folder import remove_unused
    from forensics.intake import take_in
    from forensics.intake.taking import check_apart, kind_of

    paths = [Path(p) for p in ([bundles] if isinstance(bundles, str | Path) else bundles)]
    for path in paths:
        if not path.exists():
            raise BundleError(f"{path} does not exist.", "Check the path of the bundle.")
        check_apart(Path(case), path)
        kind_of(path)
    if options is not None and options.voices:
        from forensics.audio.voices import permission

        permission.check(Path(case), purpose)
    known = (Path(case) / "case.json").exists()
    opened = Case.create(case, options=options, purpose=purpose)
    if opened.options.voices and purpose.strip():
        from forensics.audio.voices import permission

        permission.record(opened, purpose)
    try:
        for path in paths:
            take_in(opened, path, progress=progress)
    except Exception:
        if not known and not opened.state["bundles"]:
            remove_unused(opened.folder)
        raise
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
