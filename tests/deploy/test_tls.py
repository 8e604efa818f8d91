"A server with a certificate speaks TLS to those who trust it, and nothing else to anybody."
import contextlib
import datetime
import ipaddress
import shutil
import socket
import ssl
import subprocess
import urllib.error
import urllib.request

import dspy
import httpx
import pytest

from dspy_toolkit.commands.serve import serve
from dspy_toolkit.core import session
from dspy_toolkit.registry.store import Registry


def make_certificate(folder):
    "A certificate for this computer, that nobody has signed but itself."
    certificate, key = folder/'certificate.pem', folder/'key.pem'
    try: from cryptography import x509
    except ImportError:
        if not shutil.which('openssl'): pytest.skip('neither cryptography nor openssl is here')
        names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', *names, '-keyout', key, '-out', certificate], check=True, capture_output=True)
        return certificate, key
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    private, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, 'localhost')])
    names = x509.SubjectAlternativeName([x509.DNSName('localhost'), x509.IPAddress(ipaddress.ip_address('127.0.0.1'))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key()).serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=1)).add_extension(names, False).sign(private, hashes.SHA256())
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return certificate, key


@pytest.fixture(scope='module')
def here(tmp_path_factory):
    "A server in a child, and how a client trusts it."
    folder, patch = tmp_path_factory.mktemp('tls'), pytest.MonkeyPatch()
    patch.setenv('DSPY_TOOLKIT_HOME', str(folder))
    session.reset()
    with contextlib.closing(Registry(f'sqlite:///{(folder/"registry.db").as_posix()}')) as store: store.save(dspy.Signature('email -> team', 'Route it.'), 'Triage')
    certificate, key = make_certificate(folder)
    view = serve(['Triage@1'], lm='mlx/tiny', certificate=str(certificate), key=str(key), drain=2.0)
    yield view, ssl.create_default_context(cafile=certificate)
    assert view.child.stop()
    patch.undo()
    session.reset()


def test_who_trusts_the_certificate_is_answered(here):
    view, trust = here
    assert view.address.startswith('https://127.0.0.1:')
    for name in ('127.0.0.1', 'localhost'):
        with httpx.Client(base_url=view.address.replace('127.0.0.1', name), verify=trust, headers={'Authorization': f'Bearer {view.token}'}, timeout=30) as client:
            assert client.get('/readyz').json() == {'ready': True, 'programs': {'Triage': True}}
            assert client.post('/v1/Triage', json=dict(email='hi')).headers['x-version'] == 'Triage@1'
            assert client.post('/v1/Triage', content=b'{"email": "' + b'a' * 8_000_000 + b'"}', headers={'Content-Type': 'application/json'}).status_code == 413


def test_who_does_not_trust_it_sends_nothing(here):
    view, _ = here
    with pytest.raises(httpx.ConnectError, match='CERTIFICATE_VERIFY_FAILED'): httpx.get(f'{view.address}/livez')
    with pytest.raises(urllib.error.URLError, match='CERTIFICATE_VERIFY_FAILED'): urllib.request.urlopen(f'{view.address}/livez', timeout=10)


def test_a_client_of_another_name_or_an_old_version_is_refused(here):
    view, trust = here
    port = int(view.address.rpartition(':')[2])
    with socket.create_connection(('127.0.0.1', port), 10) as connection:
        with pytest.raises(ssl.SSLCertVerificationError, match='mismatch'): trust.wrap_socket(connection, server_hostname='example.org')
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with socket.create_connection(('127.0.0.1', port), 10) as connection, pytest.raises(ssl.SSLError): old.wrap_socket(connection)


@pytest.mark.parametrize('said', [b'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n', b'\x16\x03\x01\x00\x05hello', b'x' * 100_000], ids=['http', 'no hello', 'noise'])
def test_who_speaks_no_tls_is_let_go_at_once_and_told_nothing(here, said):
    view, trust = here
    with socket.create_connection(('127.0.0.1', int(view.address.rpartition(':')[2])), 10) as connection:
        try:
            connection.sendall(said)
            answer = b''.join(iter(lambda: connection.recv(65_536), b''))
        except ConnectionError: answer = b''  # while it was still sent
    assert answer[:1] in (b'', b'\x15') and b'alive' not in answer  # closed, or an alert of TLS before
    assert httpx.get(f'{view.address}/livez', verify=trust).json() == {'alive': True}
