"""Programmes and plans as texts that a clinic and a person edit, and the page for the phone."""

from pipelines.programmes.code import BadLog, PhoneLog, Practised, as_told, log_of_code, read_log
from pipelines.programmes.files import (
    plan_of_text,
    programme_of_text,
    read_plan,
    read_programme,
    written,
)
from pipelines.programmes.page import phone_page
from pipelines.programmes.plan import (
    Activity,
    Appointment,
    BadPlan,
    Contact,
    Day,
    Guide,
    Kind,
    Often,
    Plan,
    Programme,
    Step,
    Week,
    checked,
    first_day,
)
from pipelines.programmes.plan_words import (
    guide_text,
    kind_text,
    often_text,
    plan_lines,
    week_lines,
)
from pipelines.programmes.shipping import SHIPPED, plan_of, shipped
from pipelines.programmes.weeks import Due, Planned, due, due_now

__all__ = [
    "SHIPPED",
    "Activity",
    "Appointment",
    "BadLog",
    "BadPlan",
    "Contact",
    "Day",
    "Due",
    "Guide",
    "Kind",
    "Often",
    "PhoneLog",
    "Plan",
    "Planned",
    "Practised",
    "Programme",
    "Step",
    "Week",
    "as_told",
    "checked",
    "due",
    "due_now",
    "first_day",
    "guide_text",
    "kind_text",
    "log_of_code",
    "often_text",
    "phone_page",
    "plan_lines",
    "plan_of",
    "plan_of_text",
    "programme_of_text",
    "read_log",
    "read_plan",
    "read_programme",
    "shipped",
    "week_lines",
    "written",
]
