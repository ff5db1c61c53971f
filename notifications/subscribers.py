"""From an event to delivery rows (settings.EVENT_SUBSCRIBERS)."""

from tracking.models import Event


def on_event(event: Event) -> None:
    """One Delivery a (rule, event, channel) for every enabled rule of the project that the event fires."""
