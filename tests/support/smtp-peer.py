#!/usr/bin/python3
"""smtp-peer.py [--certificate FILE] [--password WORD] [--refuse ADDRESS]: a mail server.

aiosmtpd, which is nobody's of ours, and Python's own reader of e-mails. Prints the port, then a
line of JSON for each letter that it took. With a certificate (its key beside it) it wants
STARTTLS before anything else; with a password, user `loa` signed in; --refuse answers 550 to a
recipient, 451 to all with the address `later@example.vn`.
"""
import argparse
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Taker:
    def __init__(self, refused):
        self.refused = refused

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == self.refused:
            return "550 5.1.1 no such mailbox"
        if address == "later@example.vn":
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        lines = envelope.content.split(b"\r\n")
        print(json.dumps({
            "from": envelope.mail_from, "to": envelope.rcpt_tos,
            "headers": [name for name, _ in letter.items()],
            "subject": letter["subject"], "id": letter["message-id"], "To": letter["to"],
            "date": letter["date"].datetime.isoformat(), "body": letter.get_content(),
            "defects": [str(one) for one in letter.defects],
            "longest": max(len(line) for line in lines), "tls": session.ssl is not None,
            "signed_in": bool(session.authenticated),
        }, ensure_ascii=False), flush=True)
        return "250 taken"


def judge(password):
    def authenticate(server, session, envelope, mechanism, data):
        ok = data.login == b"loa" and data.password == password.encode()
        return AuthResult(success=ok, handled=False)
    return authenticate


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--certificate")
    options.add_argument("--password")
    options.add_argument("--refuse")
    of = options.parse_args()
    context = None
    if of.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(of.certificate, of.certificate[:-len("pem")] + "key")

    def factory():
        return SMTP(Taker(of.refuse), tls_context=context, require_starttls=context is not None,
                    authenticator=judge(of.password) if of.password else None,
                    auth_required=of.password is not None, enable_SMTPUTF8=False)

    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(0)
