"""What certificates hear of the learning paths."""

from __future__ import annotations

from portal.core.db import commit
from portal.learning import services
from portal.learning.certificate_paths import PathsOfCertificates


def test_certificates_hear_whose_path_it_is_and_where_it_stands(app, make_path, person):
    owner, stranger, admin, learner = person("instructor"), person("instructor"), person("administrator"), person()
    path = make_path(owner)
    services.join(path, learner)
    commit()
    provider = PathsOfCertificates()
    for who, expected in ((owner, True), (admin, True), (stranger, False), (learner, False)):
        assert provider.instructs(who, path.public_id) is expected
    assert not provider.instructs(owner, "nothing")
    with app.test_request_context():
        assert provider.url_of(path.public_id) == f"/learning-paths/{path.public_id}"
        assert provider.url_of("nothing") is None
