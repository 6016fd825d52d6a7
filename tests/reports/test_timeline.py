"""The timeline stage, run by the runner's own workbench."""

from __future__ import annotations

from collections.abc import Callable

from made_case import NAMES, SENTENCE

from forensics import Case
from forensics.corridor.pipeline import STAGES
from forensics.corridor.progress import Silent
from forensics.corridor.workbench import Workbench
from forensics.reports import timeline


def test_events_have_device_and_domain_but_no_name_and_no_words(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=12)
    stage = next(stage for stage in STAGES if stage.name == "timeline")
    bench = Workbench(case, stage, {}, Silent())
    timeline.run(bench)
    bench.compact()
    bench.close()
    events = case.frame("timeline")
    assert len(events) == 11  # one of twelve has no time
    assert events["datetime"].is_monotonic_increasing
    assert "Echo: weather command (weather_query)" in set(events["message"])
    assert any("nobody seems to have meant" in message for message in events["message"])
    assert set(events["member_id"]) == {f"mem-{n:04d}" for n in range(11)}
    everything = events.to_csv()
    for text in (*NAMES, SENTENCE):
        assert text not in everything
