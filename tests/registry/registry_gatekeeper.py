"A server that speaks enough of PostgreSQL to ask for a password, and to refuse."
import socket
import threading


class Gatekeeper:
    "With it, the port of such a server."
    def __init__(self, code, message): self.said = f'SFATAL\0VFATAL\0C{code}\0M{message}\0\0'.encode()

    def __enter__(self):
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self.socket.getsockname()[1]

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()

    def serve(self):
        while True:
            try: client, _ = self.socket.accept()
            except OSError: return
            with client:
                while (length := int.from_bytes(client.recv(4), 'big')) == 8:  # may it be encrypted? no
                    client.recv(4)
                    client.sendall(b'N')
                client.recv(length - 4)
                client.sendall(b'R' + (8).to_bytes(4, 'big') + (3).to_bytes(4, 'big'))  # the password, please
                client.recv(1000)
                client.sendall(b'E' + (len(self.said) + 4).to_bytes(4, 'big') + self.said)
