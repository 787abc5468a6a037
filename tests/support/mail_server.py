"""A real SMTP server for the tests, and a second opinion on what a mail program reads.

mail_server.py serve FILE [CERTIFICATE KEY]   prints its port; appends each message it takes to FILE as a line of JSON
mail_server.py read EML                       prints the message in that file as JSON
"""
import asyncio
import email
import email.policy
import json
import logging
import socket
import ssl
import sys

from aiosmtpd.smtp import SMTP


def describe(content):
    message = email.message_from_bytes(content, policy=email.policy.SMTP)
    text = message.get_body(preferencelist=("plain",))
    html = message.get_body(preferencelist=("html",))
    return {
        "type": message.get_content_type(),
        "headers": {name.lower(): str(value) for name, value in message.items()},
        "text": text.get_content().replace("\r\n", "\n") if text else None,
        "html": html.get_content().replace("\r\n", "\n") if html else None,
        "defects": [str(defect) for defect in message.defects],
        "longest_line": max((len(line) for line in content.split(b"\r\n")), default=0),
        "bare_line_ends": content.replace(b"\r\n", b"").count(b"\n"),
    }


class Recorder:
    def __init__(self, path):
        self.path = path
        self.peers = set()

    async def handle_DATA(self, server, session, envelope):
        self.peers.add(session.peer)
        record = describe(envelope.content)
        record.update({"mail_from": envelope.mail_from, "rcpt_tos": envelope.rcpt_tos, "connections": len(self.peers)})
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        return "250 OK"


async def serve(path, certificate):
    listener = socket.create_server(("127.0.0.1", 0))
    options = {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        options = {"tls_context": context, "require_starttls": True}
    handler = Recorder(path)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="localhost", **options), sock=listener)
    print(listener.getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # a refused handshake is what a test wants
    if sys.argv[1] == "read":
        with open(sys.argv[2], "rb") as eml:
            print(json.dumps(describe(eml.read())))
    else:
        asyncio.run(serve(sys.argv[2], sys.argv[3:]))
