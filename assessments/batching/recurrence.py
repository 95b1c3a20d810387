"""When something that comes back every so many months comes back. Plain data."""

import calendar
import datetime


def months_after(day: datetime.date, months: int, day_of_month: int = 0) -> datetime.date:
    """This will return the day so many months later: on `day_of_month` (0: the day's own), or on the last day of a month
    that is shorter."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    wanted = day_of_month or day.day
    return datetime.date(year, month, min(wanted, calendar.monthrange(year, month)[1]))


def next_after(today: datetime.date, last: datetime.date, every_months: int, day_of_month: int) -> datetime.date:
    """This will return the first day after today on which it comes back, counted from the last one: what was missed in
    between is not made up for."""
    times, upcoming = 1, months_after(last, every_months, day_of_month)
    while upcoming <= today:
        times += 1
        upcoming = months_after(last, every_months * times, day_of_month)
    return upcoming
