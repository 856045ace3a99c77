"""api.py - the district's HTTP API as a test calls it: one kept connection, answers as they are."""
import configparser
import http.client
import json
import ssl

from rig import Failed


class Api:
    """With the session that loactl keeps for a person."""

    def __init__(self, person):
        kept = configparser.ConfigParser(interpolation=None)
        kept.read(person.session)
        section = kept[kept.sections()[0]]
        self.token = {"Authorization": f"Bearer {section['token']}"}
        context = ssl.create_default_context(cafile=person.district.authority)
        self.line = http.client.HTTPSConnection(
            "127.0.0.1", person.district.ports["people"], context=context, timeout=120)

    def ask(self, method, path, body=None, media="application/json"):
        """(status, text); @body: bytes, or pieces of bytes that go out in chunks."""
        headers = {**self.token, **({} if media is None else {"Content-Type": media})}
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.line.close()  # the next one begins on a new connection
            raise

    def call(self, method, path, body=None):
        """What it answers, as JSON; a refusal is an error."""
        status, text = self.ask(method, path, json.dumps(body).encode() if body else None)
        if not 200 <= status < 300:
            raise Failed(f"{method} {path}: {status} {text}")
        return json.loads(text)
