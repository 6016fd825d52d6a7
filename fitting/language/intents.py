"""One list of intents for corpora that each have their own."""

from __future__ import annotations

_SAME = {
    "addtoplaylist": ("music", "add_to_playlist"),
    "playmusic": ("music", "play_music"),
    "getweather": ("weather", "weather_query"),
    "weather/find": ("weather", "weather_query"),
    "bookrestaurant": ("food", "book_restaurant"),
    "ratebook": ("media", "rate_book"),
    "searchcreativework": ("media", "search_work"),
    "searchscreeningevent": ("media", "search_screening"),
    "hassgetweather": ("weather", "weather_query"),
}


def intent_class(domain: str, intent: str) -> str:
    """The class ``domain/intent`` under which a source's intent is learned.

    Examples
    --------
    >>> intent_class("weather", "GetWeather"), intent_class("calendar", "reminder/set_reminder")
    ('weather/weather_query', 'calendar/calendar_set')
    """
    name = intent.lower()
    if name in _SAME:
        return "/".join(_SAME[name])
    if name.startswith("hass"):
        return f"{domain}/{_home_intent(name, domain)}"
    if "/" in name:  # xSID: alarm/set_alarm, reminder/show_reminders
        verb = name.split("/")[1].split("_")[0]
        action = {"set": "set", "cancel": "remove", "show": "query"}.get(verb, "change")
        return f"{domain}/{domain}_{action}"
    return f"{domain}/{name}"


def _home_intent(name: str, domain: str) -> str:
    if domain in ("music", "volume", "lists", "datetime", "timer", "weather", "general"):
        return {"music": "play_music"}.get(domain, f"{domain}_command")
    if "turnon" in name or "open" in name:
        return "iot_turn_on"
    if "turnoff" in name or "close" in name:
        return "iot_turn_off"
    if "get" in name or "query" in name:
        return "iot_query"
    return "iot_set"
