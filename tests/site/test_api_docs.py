"""One description of every area's API, and the page that shows it."""

from types import SimpleNamespace

import pytest
from django.test import Client

from moongate.site import api_docs


def area(components, paths=None):
    """An API that describes itself as one of an area would."""
    description = {"paths": paths or {}, "components": components}
    return SimpleNamespace(description="words", get_openapi_schema=lambda: description)


def references(node):
    """Every component that a document refers to."""
    if isinstance(node, list):
        return {ref for part in node for ref in references(part)}
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*(references(part) for part in node.values()), set())


def test_the_description_holds_every_areas_own_and_every_reference_leads_somewhere(db):
    whole = Client().get("/api/openapi.json").json()
    assert whole["info"]["title"] == "Moongate"
    for name in api_docs.apis():
        own = Client().get(f"/api/{name}/openapi.json").json()
        assert {place: set(ways) for place, ways in own["paths"].items()} == {
            place: set(ways) for place, ways in whole["paths"].items() if f"/api/{name}/" in place
        }
    assert {"social", "race"} <= set(api_docs.apis())
    for ref in references(whole):
        kind, name = ref.removeprefix("#/components/").split("/")
        assert name in whole["components"][kind], ref
    names = [way["operationId"] for ways in whole["paths"].values() for way in ways.values()]
    assert len(names) == len(set(names))


def test_the_same_name_for_two_shapes_gets_the_areas_before_it():
    paths = {
        "/api/two/x": {
            "get": {
                "tags": ["x"],
                "security": [{"Token": ["read"]}],
                "responses": {"200": {"schema": {"$ref": "#/components/schemas/Out"}}},
            }
        }
    }
    whole = api_docs.describe(
        {
            "one": area({"schemas": {"Out": {"type": "string"}, "Same": {"type": "object"}}}),
            "two": area(
                {
                    "schemas": {"Out": {"type": "integer"}, "Same": {"type": "object"}},
                    "securitySchemes": {"Token": {"type": "http"}},
                },
                paths,
            ),
            "three": area({"securitySchemes": {"Token": {"type": "apiKey"}}}),
        }
    )
    assert whole["components"]["schemas"] == {
        "Out": {"type": "string"},
        "Same": {"type": "object"},
        "TwoOut": {"type": "integer"},
    }
    assert set(whole["components"]["securitySchemes"]) == {"Token", "ThreeToken"}
    found = whole["paths"]["/api/two/x"]["get"]
    assert found["responses"]["200"]["schema"]["$ref"] == "#/components/schemas/TwoOut"
    assert (found["tags"], found["security"]) == (["two: x"], [{"Token": ["read"]}])


@pytest.mark.parametrize(("language", "title"), [("en", "For programs"), ("zh-hans", "给程序用")])
def test_the_page_speaks_both_languages_and_loads_only_from_here(db, language, title):
    answer = Client().get("/api/docs", headers={"Accept-Language": language})
    page = answer.content.decode()
    assert f"<h1>{title}</h1>" in page
    assert '"url": "/api/openapi.json"' in page
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert "https://" not in page
    assert Client().get("/static/ninja/swagger-ui-bundle.js").status_code == 200


@pytest.mark.parametrize("old", ["/api/docs/", "/api/social/docs", "/api/race/docs"])
def test_old_addresses_lead_to_the_one_page(db, old):
    answer = Client().get(old)
    assert (answer.status_code, answer.headers["Location"]) == (301, "/api/docs")


def test_what_is_no_address_of_the_api_is_told_as_json(db):
    answer = Client().get("/api/nothing")
    assert (answer.status_code, set(answer.json())) == (404, {"reason", "mend"})
