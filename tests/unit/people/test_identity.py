"""Who a person is: names as written, the sealed form there and back, changes field by field."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from referral.people.identity import ERASED, Identity, from_fields

AMINA = Identity(
    number_type="nhs",
    number="9990000018",
    title="Ms",
    given_name="Amina",
    family_name="Begum",
    date_of_birth=date(1952, 3, 4),
    postcode="G51 3AB",
    reach_by=("letter", "phone"),
)


def test_names_are_written_as_on_the_screens() -> None:
    assert (AMINA.name, AMINA.short, AMINA.area) == ("Ms Amina Begum", "Ms A. Begum", "G51")
    assert (ERASED.name, ERASED.short, ERASED.area) == ("", "", "")


def test_a_change_touches_only_what_is_given() -> None:
    changed = AMINA.changed({"phone": "0141 496 0000", "reach_by": ["phone"]})
    assert changed.phone == "0141 496 0000"
    assert changed.reach_by == ("phone",)
    assert changed.name == AMINA.name
    assert changed.number == AMINA.number


@given(
    st.builds(
        Identity,
        number_type=st.just("nhs"),
        number=st.just("9990000018"),
        given_name=st.text(max_size=20),
        family_name=st.text(max_size=20),
        date_of_birth=st.none() | st.dates(),
        interpreter=st.booleans(),
        reach_by=st.lists(st.sampled_from(["phone", "text"]), unique=True).map(tuple),
    )
)
def test_the_sealed_form_opens_to_the_same(identity: Identity) -> None:
    assert from_fields(identity.sealed_form()) == identity
