from django.http import QueryDict

from portal.web.sorting import headings


def test_a_first_click_sorts_as_the_column_says_and_the_next_turns_it_around():
    query = QueryDict("q=north&page=3")
    first = headings(query, "name", ("name", "-updated"))
    assert first["name"].direction == "ascending"
    assert first["name"].url == "?q=north&sort=-name"
    assert first["updated"].direction == "none"
    assert first["updated"].url == "?q=north&sort=-updated"
    assert headings(query, "-updated", ("-updated",))["updated"].direction == "descending"
    assert headings(query, "-updated", ("-updated",))["updated"].url == "?q=north&sort=updated"
