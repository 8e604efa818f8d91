"""A bus that no subscriber can hurt."""
import threading
from dataclasses import FrozenInstanceError

import pytest
from dspy_toolkit.core.events import Bus, FirstToken, RequestStarted, SubscriberFailed


def test_subscribers_hear_in_the_order_they_came_and_only_of_what_they_asked_for():
    bus, heard = Bus(), []
    bus.subscribe(lambda e: heard.append("all"))
    bus.subscribe(lambda e: heard.append("first tokens"), FirstToken)
    bus.publish(RequestStarted("r", "m"))
    bus.publish(FirstToken("r", "m", 0.1))
    assert heard == ["all", "all", "first tokens"]


def test_unsubscribing_twice_takes_away_one_subscription():
    bus, heard = Bus(), []
    leave = bus.subscribe(heard.append)
    bus.subscribe(heard.append)
    leave()
    leave()
    bus.publish(RequestStarted("r", "m"))
    assert len(heard) == 1


def test_a_failure_is_an_event_and_the_others_are_still_told():
    bus, heard, failures = Bus(), [], []
    bus.subscribe(lambda e: {}["x"], RequestStarted)
    bus.subscribe(heard.append, RequestStarted)
    bus.subscribe(failures.append, SubscriberFailed)
    event = RequestStarted("r", "m")
    bus.publish(event)
    assert heard == [event]
    assert [(f.event, f.error) for f in failures] == [(event, "KeyError: 'x'")]


def test_a_subscriber_that_fails_on_failures_too_starts_no_chain(caplog):
    bus, calls = Bus(), []

    def broken(event):
        calls.append(type(event))
        raise RuntimeError("always")

    bus.subscribe(broken)
    bus.subscribe(broken)
    bus.publish(RequestStarted("r", "m"))
    # each is told of the event, and of the other's and its own failure: but never of a failure about a failure
    assert calls.count(RequestStarted) == 2 and calls.count(SubscriberFailed) <= 4
    assert "failed on" in caplog.text


def test_a_failure_nobody_listens_for_is_logged_once(caplog):
    bus = Bus()
    bus.subscribe(lambda e: 1 / 0, RequestStarted)
    for _ in range(3):
        bus.publish(RequestStarted("r", "m"))
    assert len(caplog.records) == 1


def test_an_interrupt_is_not_swallowed():
    bus = Bus()

    def stop(event): raise KeyboardInterrupt

    bus.subscribe(stop)
    with pytest.raises(KeyboardInterrupt):
        bus.publish(RequestStarted("r", "m"))


def test_subscribing_from_many_threads_loses_nobody():
    bus, heard = Bus(), []
    threads = [threading.Thread(target=lambda: [bus.subscribe(heard.append) for _ in range(50)]) for _ in range(8)]
    for t in threads: t.start()
    for t in threads: t.join()
    bus.publish(RequestStarted("r", "m"))
    assert len(heard) == 400


def test_a_subscriber_may_unsubscribe_while_it_is_told():
    bus, heard = Bus(), []

    def once(event):
        heard.append(event)
        leave()

    leave = bus.subscribe(once)
    bus.publish(RequestStarted("r", "m"))
    bus.publish(RequestStarted("r", "m"))
    assert len(heard) == 1


def test_recording_ends_with_its_block():
    bus = Bus()
    with bus.record(FirstToken) as seen:
        bus.publish(FirstToken("r", "m", 0.1))
    bus.publish(FirstToken("r", "m", 0.2))
    assert seen == [FirstToken("r", "m", 0.1)]


def test_an_event_cannot_be_changed_and_equals_one_that_says_the_same():
    event = FirstToken("r", "m", 0.1)
    assert event == FirstToken("r", "m", 0.1, at=0.0)
    with pytest.raises(FrozenInstanceError): event.seconds = 1
