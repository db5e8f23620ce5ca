"""What somebody types into the box for a place, on both engines."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.places import lookup, queries
from referral.places.models import UnitPostcode
from referral.places.queries import Point, Resolved
from referral.places.services import load_outward_codes

CODES = [
    ("YO18", 54.25870, -0.76717, "Pickering", "North Yorkshire"),
    ("YO1", 53.95857, -1.08090, "", "York"),
    ("YO10", 53.95031, -1.05822, "Heslington", "York"),
    ("CB11", 51.99938, 0.21443, "Newport", "Essex"),
    ("PO30", 50.69085, -1.31330, "Newport", "Isle of Wight"),
    ("PO32", 50.75091, -1.27982, "Newport", "Isle of Wight"),
    ("EH1", 55.95243, -3.18840, "Old Town", "City of Edinburgh"),
    ("IM4", 54.17000, -4.50000, "Douglas, Braddan", "Isle of Man"),
    ("DN7", 53.57000, -1.00000, "Hatfield", "Doncaster"),
]


@pytest.fixture
def gazetteer(database: Database) -> Database:
    with transaction(SYSTEM):
        load_outward_codes(
            dict(zip(("code", "latitude", "longitude", "town", "region"), row, strict=True))
            for row in CODES
        )
        session().add(UnitPostcode(code="YO187JX", latitude=54.245, longitude=-0.778))
    return database


def resolve(text: str) -> Resolved | None:
    with reading(SYSTEM):
        return queries.resolve(text)


@pytest.mark.parametrize("text", ["YO18 7JX", "yo187jx", " Yo18-7jx "])
def test_a_postcode_we_hold_is_found_exactly(gazetteer: Database, text: str) -> None:
    assert resolve(text) == Resolved(Point(54.245, -0.778), "YO18 7JX", "postcode")


def test_a_postcode_we_do_not_hold_stands_in_the_middle_of_its_outward_code(
    gazetteer: Database,
) -> None:
    assert resolve("YO18 8AA") == Resolved(Point(54.2587, -0.76717), "YO18", "outcode")
    assert resolve("SW1A 1AA") is None


@pytest.mark.parametrize("text", ["YO18", "yo18 ", "YO18 8", "yo18 8a"])
def test_an_outward_code_is_found(gazetteer: Database, text: str) -> None:
    found = resolve(text)
    assert found is not None
    assert (found.label, found.kind) == ("YO18", "outcode")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("pickering", "Pickering, North Yorkshire"),
        ("Pick", "Pickering, North Yorkshire"),
        ("York", "York"),
        ("edinburgh", "City of Edinburgh"),
        ("Newport", "Newport, Isle of Wight"),
        ("newport, essex", "Newport, Essex"),
        ("Douglas, Braddan", "Douglas, Braddan, Isle of Man"),
        ("Pickering, North Yorkshire", "Pickering, North Yorkshire"),
        ("Hatfield", "Hatfield, Doncaster"),
    ],
)
def test_a_place_is_found_by_its_name(gazetteer: Database, text: str, label: str) -> None:
    found = resolve(text)
    assert found is not None
    assert (found.label, found.kind) == (label, "place")


def test_several_outward_codes_of_one_town_are_met_in_their_middle(gazetteer: Database) -> None:
    found = resolve("Newport")
    assert found is not None
    assert found.point.latitude == pytest.approx((50.69085 + 50.75091) / 2)
    assert found.point.longitude == pytest.approx((-1.3133 - 1.27982) / 2)


@pytest.mark.parametrize(
    "text",
    ["", " ", "ZZ99 3VZ", "zz99", "ZZ99 3", "%", "_", "%%%", "Pi", "nowhere", "Newport, Kent", "7",
     "\x00", "\ud800", "Y" * 5000, "'; DROP TABLE outward_code; --", "🙂", ",", ",York", "1234567"],
)  # fmt: skip
def test_anything_absurd_is_no_place(gazetteer: Database, text: str) -> None:
    assert resolve(text) is None


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=130))
def test_whatever_is_typed_is_never_an_error(gazetteer: Database, text: str) -> None:
    with reading(SYSTEM):
        queries.resolve(text)


def test_it_can_be_told_how_much_of_the_map_we_hold(gazetteer: Database) -> None:
    with reading(SYSTEM):
        assert queries.known() == queries.Known(outcodes=len(CODES), postcodes=1)


class Service:
    """A postcodes.io-compatible service on this machine; ``asked`` is every path, in order."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, tuple[int, object]] = {}
        self.location = ""
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append(self.path)
                code, body = service.answers.get(self.path, (404, {"status": 404}))
                sent = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(code)
                if code == 302:
                    self.send_header("Location", service.location)
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, *_args: object) -> None:
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    with lookup.using(made.url):
        yield made
    made.server.shutdown()
    made.server.server_close()


def at(latitude: object, longitude: object) -> tuple[int, object]:
    return 200, {"status": 200, "result": {"latitude": latitude, "longitude": longitude}}


def test_a_service_of_our_own_is_asked_for_what_we_do_not_hold_and_only_once(
    gazetteer: Database, service: Service
) -> None:
    service.answers = {"/postcodes/YO18%208AA": at(54.3, -0.7), "/outcodes/SW1A": at(51.5, -0.13)}
    for _again in range(3):
        assert resolve("yo188aa") == Resolved(Point(54.3, -0.7), "YO18 8AA", "postcode")
        assert resolve("SW1A") == Resolved(Point(51.5, -0.13), "SW1A", "outcode")
        assert resolve("SW1A 1AA") == Resolved(Point(51.5, -0.13), "SW1A", "outcode")
    resolve("YO18 7JX")  # in our own table
    resolve("Pickering")
    resolve("YO18")
    assert service.asked == ["/postcodes/YO18%208AA", "/outcodes/SW1A", "/postcodes/SW1A%201AA"]


def test_only_postcodes_of_valid_form_are_ever_asked(gazetteer: Database, service: Service) -> None:
    for text in ("../admin", "YO18 8AA/../x", "YO18?x=1", "http://elsewhere", "ZZ99 3VZ", "x\r\nY"):
        assert resolve(text) is None
    assert service.asked == []


@pytest.mark.parametrize(
    "answer",
    [(500, {}), (302, {}), (200, b"<html>"), (200, b"\xff\xfe"), (200, []), at(None, None),
     at("54", "1"), at(1e9, 0), at(float("nan"), 0), (200, {"result": None})],
)  # fmt: skip
def test_whatever_the_service_answers_the_outward_code_is_good_enough(
    gazetteer: Database, service: Service, answer: tuple[int, object]
) -> None:
    service.answers = {"/postcodes/YO18%208AA": answer}
    service.location = f"{service.url}/elsewhere"
    found = resolve("YO18 8AA")
    assert found is not None
    assert found.label == "YO18"
    assert "/elsewhere" not in service.asked


def test_a_service_that_failed_is_left_in_peace_for_a_while(
    gazetteer: Database, service: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    service.answers = {"/postcodes/YO18%208AA": (503, {})}
    for _again in range(3):
        resolve("YO18 8AA")
        resolve("YO18 8AB")
    assert service.asked == ["/postcodes/YO18%208AA"]
    told = "".join(capfd.readouterr())
    assert "8AA" not in told
    assert "8aa" not in told
