"""Calendars as other programs read them: RFC 5545, read by its rules."""


def events(content):
    """Return the events of a calendar, each as a mapping, by the rules of RFC 5545."""
    assert content.endswith(b"\r\n")
    raw = content.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in raw)
    assert not any(b"\n" in line for line in raw)
    lines = content.decode().replace("\r\n ", "").split("\r\n")[:-1]
    found, open_ones = [], []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            open_ones.append((value, {}))
        elif name == "END":
            kind, fields = open_ones.pop()
            assert kind == value
            found += [fields] if kind == "VEVENT" else []
        else:
            open_ones[-1][1][name] = value
    assert open_ones == []
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Interbeat//Weeks//EN"]
    return found
