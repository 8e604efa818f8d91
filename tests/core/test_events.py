"""A bus that no subscriber can hurt."""
import copy
import inspect
import pickle
import sys
import threading
from dataclasses import MISSING, FrozenInstanceError, asdict, dataclass, fields, replace

import pytest
from dspy_toolkit.core.events import Bus, Event, FirstToken, RequestStarted, SubscriberFailed, quicken
from dspy_toolkit.monitoring import alerts
from dspy_toolkit.resilience import breaker, chaos, fallback, retry


def event_classes():
    modules = [sys.modules["dspy_toolkit.core.events"], alerts, breaker, chaos, fallback, retry]
    found = {each for module in modules for each in vars(module).values() if isinstance(each, type) and issubclass(each, Event)}
    return sorted(found - {Event}, key=lambda each: each.__name__)


def make(kind):
    "An event of a class, with a value of its own in each field that has no default."
    return kind(**{each.name: each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING})


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


@pytest.mark.parametrize("kind", event_classes(), ids=lambda kind: kind.__name__)
def test_an_event_is_one_object_to_the_garbage_collector(kind):
    assert not hasattr(make(kind), "__dict__")


@pytest.mark.parametrize("kind", event_classes(), ids=lambda kind: kind.__name__)
def test_an_event_is_copied_changed_and_sent_like_any_dataclass(kind):
    event = make(kind)
    for twin in (copy.copy(event), copy.deepcopy(event), pickle.loads(pickle.dumps(event)), replace(event), kind(**asdict(event))):
        assert (type(twin), twin, asdict(twin), hash(twin)) == (kind, event, asdict(event), hash(event))
    name = fields(kind)[-1].name
    assert getattr(replace(event, **{name: "other"}), name) == "other"
    with pytest.raises(FrozenInstanceError): setattr(event, name, "other")


def test_a_quick_init_has_the_arguments_and_the_defaults_of_the_slow_one():
    def make_class():
        @dataclass(frozen=True, slots=True)
        class Seen(Event):
            request_id: str
            name: str = "here"
            by: tuple = ()

        return Seen

    slow, quick = make_class(), quicken(make_class())
    assert inspect.signature(quick) == inspect.signature(slow)
    for arguments in (dict(request_id="r"), dict(request_id="r", name="there", by=(1,), at=2.0)):
        assert asdict(quick(**arguments)) | dict(at=0) == asdict(slow(**arguments)) | dict(at=0)
    with pytest.raises(TypeError, match="request_id"): quick()


def test_a_class_of_a_person_may_do_without_slots():
    @dataclass(frozen=True)
    class Moved(Event):
        name: str

    assert make(Moved) == make(Moved) and make(Moved).name == "name"
