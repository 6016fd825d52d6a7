"""How much a bundle may claim, and the meter that counts what it really delivers."""

from __future__ import annotations

from dataclasses import dataclass, field

from forensics.case.options import Options
from forensics.intake.problems import MemberRefusedError, Problem

GIB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """Limits of one bundle, over all nesting levels.

    Parameters
    ----------
    total_bytes, member_bytes : int
        Content after unpacking.
    ratio : float
        Unpacked size over packed size. DEFLATE cannot exceed 1032; silence in a WAV file reaches several
        hundred, so the limit counts only above `ratio_from_bytes`.
    ratio_from_bytes : int
        Members smaller than this are harmless at any ratio.
    members : int
        Number of members, read from the end record before the directory is parsed, and counted again.
    depth : int
        Archives inside archives.
    recording_s : float
        Recordings longer than this are kept, and noted.
    """

    total_bytes: int = 400 * GIB
    member_bytes: int = 64 * GIB
    ratio: float = 200.0
    ratio_from_bytes: int = 64 << 20
    members: int = 200_000
    depth: int = 3
    recording_s: float = 4 * 3600.0

    @classmethod
    def of(cls, options: Options) -> Limits:
        """The limits that a case's options set."""
        return cls(
            total_bytes=options.max_total_size,
            member_bytes=options.max_member_size,
            ratio=options.max_ratio,
            members=options.max_members,
            depth=options.max_depth,
            recording_s=options.max_recording_s,
        )


@dataclass
class Meter:
    """Counts what one bundle delivers.

    Parameters
    ----------
    limits : Limits
    """

    limits: Limits
    total: int = 0
    members: int = field(default=0)

    def count_member(self) -> None:
        """Count one more member.

        Raises
        ------
        MemberRefusedError
            Above the limit.
        """
        self.members += 1
        if self.members > self.limits.members:
            raise too_many_members(self.members, self.limits)

    def count_bytes(self, new: int, so_far: int, packed: int | None) -> None:
        """Count `new` bytes of a member that has delivered `so_far` bytes, these included.

        Parameters
        ----------
        new, so_far : int
        packed : int or None
            Its packed size, if it has one of its own.

        Raises
        ------
        MemberRefusedError
            Above a limit.
        """
        limits = self.limits
        self.total += new
        if so_far > limits.member_bytes:
            raise MemberRefusedError(
                Problem(
                    "member-too-large",
                    f"Unpacks to more than {limits.member_bytes} bytes.",
                    "Raise --max-member-size if that is expected.",
                )
            )
        if self.total > limits.total_bytes:
            raise MemberRefusedError(
                Problem(
                    "bundle-too-large",
                    f"The bundle unpacks to more than {limits.total_bytes} bytes; this member was not read.",
                    "Raise --max-total-size if that is expected.",
                )
            )
        if packed is not None and so_far > limits.ratio_from_bytes and so_far > limits.ratio * max(packed, 1):
            raise ratio_too_high(packed, limits)


def too_many_members(count: int, limits: Limits) -> MemberRefusedError:
    """The refusal of an archive with `count` members or more."""
    return MemberRefusedError(
        Problem(
            "too-many-members",
            f"{count} members or more, where {limits.members} are allowed; the rest was not read.",
            "Raise --max-members if the bundle is trusted to be that large.",
        )
    )


def ratio_too_high(packed: int, limits: Limits) -> MemberRefusedError:
    """The refusal of `packed` bytes that unpack like a bomb."""
    return MemberRefusedError(
        Problem(
            "ratio-too-high",
            f"{packed} bytes unpack to more than {limits.ratio:g} times as much.",
            "Raise --max-ratio if that is expected.",
        )
    )
