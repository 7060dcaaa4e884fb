import base64
import json
import shutil
import subprocess
import urllib.error
import urllib.request

import pytest

PURCHASE = {
    "purchase_country": "SE",
    "purchase_currency": "SEK",
    "locale": "sv-SE",
    "order_amount": 129900,
    "order_lines": [{"name": "Winter boots", "quantity": 1, "unit_price": 129900, "total_amount": 129900}],
}


class Klarna:
    """Calls Klarna's APIs, as your shop does, and the control API at the same address."""

    def __init__(self, url, username="shop", password="secret"):
        self.url = url
        self.authorization = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()

    def call(self, method, path, body=None):
        headers = {"Authorization": self.authorization, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as response:
                return json.loads(response.read() or "null")
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.loads(error.read())["error_code"]) from None


@pytest.fixture(scope="session")
def started():
    command = [shutil.which("npx"), "mock-klarna", "--port", "0", "--json", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()  # the ready line; nothing comes when it cannot start
    assert line, "mock-klarna did not start"
    yield Klarna(json.loads(line)["ready"])
    process.terminate()
    process.wait()


@pytest.fixture
def klarna(started):
    started.call("POST", "/sandbox/v1/reset")
    return started


def test_a_purchase_that_the_shopper_pays_later(klarna):
    session = klarna.call("POST", "/payments/v1/sessions", PURCHASE)["session_id"]
    choice = {"payment_option": "pay_later"}
    token = klarna.call("POST", f"/sandbox/v1/sessions/{session}/authorize", choice)["authorization_token"]
    order = klarna.call("POST", f"/payments/v1/authorizations/{token}/order", PURCHASE)
    assert order["fraud_status"] == "ACCEPTED"


def test_klarna_rejects_the_order(klarna):
    klarna.call("PUT", "/sandbox/v1/scenario", {"name": "declines/order-rejected"})
    session = klarna.call("POST", "/payments/v1/sessions", PURCHASE)["session_id"]
    token = klarna.call("POST", f"/sandbox/v1/sessions/{session}/authorize", {})["authorization_token"]
    with pytest.raises(RuntimeError, match="REJECTED"):
        klarna.call("POST", f"/payments/v1/authorizations/{token}/order", PURCHASE)
