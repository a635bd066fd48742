"""What arrives in addresses and forms: no NUL reaches a query, and no number that no row can have."""

import pytest

from portal.web.incoming import CleanRequest

NUL = "%00"


def test_an_address_and_a_form_are_read_without_nul():
    request = CleanRequest.from_values(
        "/?q=a%00b&q=c&%00page=2", method="POST", data={"name": "x\0y", "plain": "Zoë\r\n"}
    )
    assert request.args.getlist("q") == ["ab", "c"]
    assert request.args["page"] == "2"
    assert request.form.to_dict() == {"name": "xy", "plain": "Zoë\r\n"}
    assert request.values["name"] == "xy"


def test_a_form_without_anything_is_empty():
    request = CleanRequest.from_values("/", method="POST")
    assert not request.form
    assert not request.args
    assert not request.files


@pytest.mark.parametrize("field", ["q", "state", "sort", "page"])
def test_a_search_for_nul_is_a_search_without_it(person, sign_in, field):
    client = sign_in(person("instructor"))
    assert client.get(f"/authoring/learning-paths?{field}=a{NUL}b").status_code == 200
    assert client.get(f"/learning-paths?{field}=a{NUL}b").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        f"/learning-paths/a{NUL}b",
        f"/certificates/a{NUL}b",
        f"/badges/assertions/a{NUL}b",
        f"/badges/classes/a{NUL}b/v1.json",
        f"/pictures/a{NUL}b/256",
        f"/pictures/a/{'9' * 40}",
        "/backpack/displayer/9007199254740992/groups.json",
        f"/backpack/displayer/{'9' * 40}/groups.json",
        "/backpack/displayer/1/group/9223372036854775808.json",
    ],
)
def test_what_no_row_can_be_called_leads_nowhere(client, address):
    assert client.get(address).status_code == 404


def test_the_largest_number_of_a_row_is_still_looked_up(client):
    with client.application.test_request_context():
        adapter = client.application.url_map.bind("portal.example")
        assert adapter.match("/backpack/displayer/9007199254740991/groups.json")[1] == {"number": 2**53 - 1}
