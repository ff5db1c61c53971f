"""Addresses of channels (a team's), rules and deliveries (a project's)."""

from django.urls import path

from notifications.views import channels, deliveries, rules

CHANNELS = "<str:team>/-/channels"
CHANNEL = f"{CHANNELS}/<int:pk>"
RULES = "<str:team>/<str:project>/rules"
RULE = f"{RULES}/<int:pk>"
DELIVERIES = "<str:team>/<str:project>/deliveries"
DELIVERY = f"{DELIVERIES}/<int:pk>"

urlpatterns = [
    path(CHANNELS, channels.channel_list, name="channels"),
    path(f"{CHANNELS}/new", channels.new_channel, name="new-channel"),
    path(CHANNEL, channels.channel, name="channel"),
    path(f"{CHANNEL}/messages", channels.channel_messages, name="channel-messages"),
    path(f"{CHANNEL}/test", channels.test_channel, name="test-channel"),
    path(f"{CHANNEL}/switch", channels.switch_channel, name="switch-channel"),
    path(f"{CHANNEL}/delete", channels.delete_channel, name="delete-channel"),
    path(RULES, rules.rule_list, name="rules"),
    path(f"{RULES}/new", rules.new_rule, name="new-rule"),
    path(RULE, rules.rule, name="rule"),
    path(f"{RULE}/messages", rules.rule_messages, name="rule-messages"),
    path(f"{RULE}/test", rules.test_rule, name="test-rule"),
    path(f"{RULE}/switch", rules.switch_rule, name="switch-rule"),
    path(f"{RULE}/delete", rules.delete_rule, name="delete-rule"),
    path(DELIVERIES, deliveries.delivery_list, name="deliveries"),
    path(DELIVERY, deliveries.delivery, name="delivery"),
    path(f"{DELIVERY}/chart.png", deliveries.delivery_chart, name="delivery-chart"),
    path(f"{DELIVERY}/retry", deliveries.retry_delivery, name="retry-delivery"),
]
